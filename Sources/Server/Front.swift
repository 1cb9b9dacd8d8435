import HTTPTypes
import Hummingbird
import Synchronization

/// What stands between the socket and the present configuration's answers. A reload puts another desk in the place of the
/// old one while the socket stays open; what comes in between waits for it.
package final class Front: Sendable {
    /// Requests that wait for a desk; more are told to come again.
    static let maxWaitingRequests = 1_000

    typealias Answers = RouterResponder<ServerContext>

    private struct State {
        var answers: Answers?
        var waiting: [CheckedContinuation<Answers?, Never>] = []
        var isClosed = false
        var address: (host: String, port: Int)?
        var listeners: [CheckedContinuation<(host: String, port: Int)?, Never>] = []
    }

    private let state = Mutex(State())

    package init() {}

    /// From now on `desk` answers, to whoever waited first.
    package func open(_ desk: Desk) {
        let answers = ServerRoutes.answers(of: desk)
        let waiting = state.withLock { state in
            state.answers = answers
            defer { state.waiting = [] }
            return state.waiting
        }
        for request in waiting { request.resume(returning: answers) }
    }

    /// What comes now waits for the next `open`.
    package func pause() { state.withLock { $0.answers = nil } }

    /// What comes now, and what waited, is told that the server is shutting down.
    package func close() {
        let (waiting, listeners) = state.withLock { state in
            state.isClosed = true
            defer { (state.waiting, state.listeners) = ([], []) }
            return (state.waiting, state.listeners)
        }
        for request in waiting { request.resume(returning: nil) }
        for listener in listeners { listener.resume(returning: nil) }
    }

    /// The address once connections are taken; nil: that never happens.
    package func listening() async -> (host: String, port: Int)? {
        await withCheckedContinuation { continuation in
            let known: (host: String, port: Int)?? = state.withLock { state in
                if state.isClosed { return .some(nil) }
                if let address = state.address { return address }
                state.listeners.append(continuation)
                return nil
            }
            if let known { continuation.resume(returning: known) }
        }
    }

    func listens(host: String, port: Int) {
        let listeners = state.withLock { state in
            state.address = (host, port)
            defer { state.listeners = [] }
            return state.listeners
        }
        for listener in listeners { listener.resume(returning: (host, port)) }
    }

    /// nil: none will come any more, or too many wait already.
    func answers() async -> Answers? {
        await withCheckedContinuation { continuation in
            let known: Answers?? = state.withLock { state in
                if let answers = state.answers { return answers }
                if state.isClosed || state.waiting.count >= Self.maxWaitingRequests { return .some(nil) }
                state.waiting.append(continuation)
                return nil
            }
            if let known { continuation.resume(returning: known) }
        }
    }
}

/// Hands every request to the desk of the moment.
struct FrontResponder: HTTPResponder {
    let front: Front

    func respond(to request: Request, context: ServerContext) async throws -> Response {
        guard let answers = await front.answers() else {
            return try HTTPProblem(.serviceUnavailable, "the server is shutting down", headers: Desk.retryAfter)
                .response(requestID: context.requestID)
        }
        return try await answers.respond(to: request, context: context)
    }
}
