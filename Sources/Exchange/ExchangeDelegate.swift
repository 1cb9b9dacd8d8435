import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import Synchronization

/// Collects one answer, and notes what was sent and when. The library's own accumulator knows neither.
final class ExchangeDelegate: HTTPClientResponseDelegate {
    typealias Response = HTTPAnswer

    private struct State {
        var startedAt: NIODeadline?
        var sent = false
        var head: HTTPResponseHead?
        var body: [UInt8] = []
        var isCut = false
    }

    /// The limit is reached: no more is read, and what was read is the answer.
    private struct EnoughRead: Error {}

    private let maxAnswerBytes: Int
    /// A request with a body counts as sent when its body begins to leave.
    private let hasBody: Bool
    private let state = Mutex(State())

    init(maxAnswerBytes: Int, hasBody: Bool) {
        self.maxAnswerBytes = maxAnswerBytes
        self.hasBody = hasBody
    }

    /// Called before the first byte of the body is handed to a connection.
    func bodyBegins() {
        state.withLock {
            $0.sent = true
            $0.startedAt = $0.startedAt ?? .now()
        }
    }

    func didSendRequestHead(task: HTTPClient.Task<HTTPAnswer>, _ head: HTTPRequestHead) {
        state.withLock {
            $0.startedAt = .now()
            if !hasBody { $0.sent = true }
        }
    }

    func didReceiveHead(task: HTTPClient.Task<HTTPAnswer>, _ head: HTTPResponseHead) -> EventLoopFuture<Void> {
        state.withLock { $0.head = head }
        return task.eventLoop.makeSucceededVoidFuture()
    }

    func didReceiveBodyPart(task: HTTPClient.Task<HTTPAnswer>, _ buffer: ByteBuffer) -> EventLoopFuture<Void> {
        let enough = state.withLock { state in
            let room = maxAnswerBytes - state.body.count
            state.body.append(contentsOf: buffer.readableBytesView.prefix(room))
            state.isCut = buffer.readableBytes > room
            return state.isCut
        }
        return enough ? task.eventLoop.makeFailedFuture(EnoughRead()) : task.eventLoop.makeSucceededVoidFuture()
    }

    func didFinishRequest(task: HTTPClient.Task<HTTPAnswer>) throws -> HTTPAnswer {
        guard let answer = state.withLock({ ExchangeDelegate.answer($0) }) else {
            throw HTTPClientError.remoteConnectionClosed
        }
        return answer
    }

    /// The outcome of a task that failed: an answer after all, where only its length was too much.
    func outcome(of error: any Error) -> Result<HTTPAnswer, TransportFailure> {
        state.withLock { state in
            if error is EnoughRead, let answer = ExchangeDelegate.answer(state) { return .success(answer) }
            let latency = ExchangeDelegate.milliseconds(since: state.startedAt)
            return .failure(TransportFailure(error, sent: state.sent, latencyMilliseconds: latency))
        }
    }

    private static func answer(_ state: State) -> HTTPAnswer? {
        guard let head = state.head else { return nil }
        return HTTPAnswer(
            status: Int(head.status.code), headers: head.headers.map { ($0.name, $0.value) }, body: state.body,
            isCut: state.isCut, latencyMilliseconds: milliseconds(since: state.startedAt))
    }

    private static func milliseconds(since start: NIODeadline?) -> Double {
        start.map { Double((NIODeadline.now() - $0).nanoseconds) / 1_000_000 } ?? 0
    }
}
