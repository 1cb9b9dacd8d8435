import Foundation
import HTTPTypes
import Hummingbird
import Wire

/// RFC 9457: why a request was not answered as asked.
struct HTTPProblem: Error {
    var status: HTTPResponse.Status
    var detail: String
    var headers: HTTPFields

    init(_ status: HTTPResponse.Status, _ detail: String, headers: HTTPFields = [:]) {
        self.status = status
        self.detail = detail
        self.headers = headers
    }

    func response(requestID: String) throws -> Response {
        var fields = fields
        fields[.requestID] = requestID
        return Response(
            status: status, headers: fields, body: ResponseBody(byteBuffer: try document(requestID: requestID)))
    }

    func document(requestID: String) throws -> ByteBuffer {
        try JSONText.buffer(
            ProblemShape(title: status.reasonPhrase, status: status.code, detail: detail, requestId: requestID))
    }

    var fields: HTTPFields {
        var fields = headers
        fields[.contentType] = "application/problem+json"
        fields[.cacheControl] = "no-store"
        return fields
    }
}

enum JSONText {
    static func buffer(_ value: some Encodable) throws -> ByteBuffer {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return ByteBuffer(bytes: try encoder.encode(value))
    }

    static func response(_ value: some Encodable, status: HTTPResponse.Status = .ok) throws -> Response {
        response(try buffer(value), status: status)
    }

    /// Of bytes that are JSON already.
    static func response(_ bytes: ByteBuffer, status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status, headers: [.contentType: "application/json", .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: bytes))
    }
}
