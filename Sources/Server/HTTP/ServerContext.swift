import Domain
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// What is known of one request while it is answered.
struct ServerContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// Ours, for logs, answers and what a look led to.
    let requestID: String
    /// Of the peer, which may be a proxy.
    let peerAddress: String?

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        peerAddress = source.channel.remoteAddress?.ipAddress
        requestID = UUID().uuidString.lowercased()
    }
}

enum ServerLimits {
    static let maxHookBodyBytes = 3 << 20
    static let maxAPIBodyBytes = 64 << 10
    static let maxHeaderBytes = 64 << 10
    /// For the whole of a request, however slowly it comes.
    static let requestTimeout = Duration.seconds(30)
    static let idleTimeout = TimeAmount.seconds(60)
    static let maxPageItems = 200
    static let pageItems = 50
    static let retryAfterSeconds = 5
    static let eventStreamCommentInterval = Duration.seconds(15)
    static let eventStreamPollInterval = Duration.milliseconds(250)
    static let maxReasonCharacters = 500
}

/// Every answer has a request id and is told to no other site; every failure is a problem document.
struct EnvelopeMiddleware: RouterMiddleware {
    let logger: Logger

    func handle(
        _ request: Request, context: ServerContext,
        next: @concurrent (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
        var response: Response
        do {
            try checkHeaders(request)
            response = try await next(request, context)
        } catch let problem as HTTPProblem {
            response = try problem.response(requestID: context.requestID)
        } catch let error as HTTPError {
            let detail = error.body ?? (error.status == .notFound ? "there is nothing at this path" : "")
            response = try HTTPProblem(error.status, detail).response(requestID: context.requestID)
        } catch {
            logger.error(
                "request failed",
                metadata: ["request": "\(context.requestID)", "path": "\(request.uri.path)", "cause": "\(error)"])
            response = try HTTPProblem(.internalServerError, "the server failed; its log says more")
                .response(requestID: context.requestID)
        }
        response.headers[.requestID] = context.requestID
        response.headers[.xContentTypeOptions] = "nosniff"
        response.headers[.referrerPolicy] = "no-referrer"
        return response
    }

    private func checkHeaders(_ request: Request) throws {
        let bytes = request.headers.reduce(0) { $0 + $1.name.rawName.utf8.count + $1.value.utf8.count + 4 }
        guard bytes <= ServerLimits.maxHeaderBytes else {
            throw HTTPProblem(
                .requestHeaderFieldsTooLarge, "at most \(ServerLimits.maxHeaderBytes) bytes of headers are taken")
        }
    }
}

extension HTTPField.Name {
    static let referrerPolicy = HTTPField.Name("Referrer-Policy") ?? .eTag
}

extension Request {
    /// The whole body, counted before it is kept.
    func whole(upTo limit: Int) async throws -> ByteBuffer {
        if let text = headers[.contentLength], let length = Int(text), length > limit { throw Self.tooLarge(limit) }
        let body = body
        return try await withThrowingTaskGroup(of: ByteBuffer?.self) { group in
            group.addTask {
                do { return try await body.collect(upTo: limit) } catch is NIOTooManyBytesError {
                    throw Self.tooLarge(limit)
                }
            }
            group.addTask {
                try await Task.sleep(for: ServerLimits.requestTimeout)
                return nil
            }
            defer { group.cancelAll() }
            guard let first = try await group.next(), let whole = first else {
                throw HTTPProblem(.requestTimeout, "the request did not arrive within 30 s")
            }
            return whole
        }
    }

    private static func tooLarge(_ limit: Int) -> HTTPProblem {
        HTTPProblem(.contentTooLarge, "the body is larger than \(limit) bytes", headers: [.connection: "close"])
    }
}
