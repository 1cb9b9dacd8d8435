import Domain
import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization

/// How many bytes of bodies are kept at one time, over all connections.
final class BodyBudget: Sendable {
    private let bytes = Mutex(0)
    let limit: Int

    init(limit: Int = ServerLimits.maxBodyBytesInFlight) { self.limit = limit }

    fileprivate func take(_ count: Int) -> Bool {
        bytes.withLock { bytes in
            guard bytes + count <= limit else { return false }
            bytes += count
            return true
        }
    }

    fileprivate func giveBack(_ count: Int) { bytes.withLock { $0 -= count } }
}

extension Request {
    /// Reads the whole body, counted before it is kept.
    /// - Throws: 413, and 503 where too much is being read already.
    func withBody<Value>(
        upTo limit: Int, _ budget: BodyBudget, _ use: (ByteBuffer) async throws -> Value
    ) async throws -> Value {
        if let text = headers[.contentLength], let length = Int(text), length > limit { throw Self.tooLarge(limit) }
        var kept = ByteBuffer()
        var taken = 0
        defer { budget.giveBack(taken) }
        for try await var part in body {
            guard taken + part.readableBytes <= limit else { throw Self.tooLarge(limit) }
            guard budget.take(part.readableBytes) else {
                var headers = Desk.retryAfter
                headers[.connection] = "close"
                throw HTTPProblem(.serviceUnavailable, "too much is being read at this moment", headers: headers)
            }
            taken += part.readableBytes
            kept.writeBuffer(&part)
        }
        return try await use(kept)
    }

    /// `application/json`, whatever parameters it has.
    /// - Throws: 415.
    func requireJSON() throws {
        let media = headers[.contentType]?.split(separator: ";").first.map { $0.trimmingSpaces().lowercased() }
        guard media == "application/json" else {
            throw HTTPProblem(.unsupportedMediaType, "send application/json", headers: [.accept: "application/json"])
        }
    }

    private static func tooLarge(_ limit: Int) -> HTTPProblem {
        HTTPProblem(.contentTooLarge, "the body is larger than \(limit) bytes", headers: [.connection: "close"])
    }
}

extension StringProtocol {
    func trimmingSpaces() -> String {
        var text = self[...]
        while let last = text.last, last == " " || last == "\t" { text = text.dropLast() }
        return String(text.drop { $0 == " " || $0 == "\t" })
    }
}
