import Hummingbird
import Logging
import NIOCore
import Synchronization

/// The connection beside the usual context, because faults are played on it.
struct LoopbackContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }
}

/// Thrown by an answer that was begun and is not to be ended; the server closes the connection.
struct ConnectionDropped: Error {}

/// An HTTP/1.1 server on 127.0.0.1 that can be started, stopped and started again on the port that it had.
final class LoopbackServer: Sendable {
    typealias Respond = @Sendable (Request, LoopbackContext) async throws -> Response

    private struct Running {
        let port: Int
        let task: Task<Void, Never>
    }

    private let running = Mutex<Running?>(nil)

    /// `nil` while stopped.
    var port: Int? { running.withLock { $0?.port } }

    /// - Parameter port: 0 lets the system choose.
    /// - Returns: The port that listens.
    func start(port: Int, respond: @escaping Respond) async throws -> Int {
        guard self.port == nil else { throw SimulatorError(.alreadyRunning, "the server is already running") }
        let (ports, continuation) = AsyncThrowingStream.makeStream(of: Int.self)
        var logger = Logger(label: "simulator")
        logger.logLevel = .critical
        let application = Application(
            responder: CallbackResponder(callback: respond),
            configuration: ApplicationConfiguration(
                address: .hostname("127.0.0.1", port: port), backlog: SimulatorLimits.maxPendingConnections),
            onServerRunning: { channel in continuation.yield(channel.localAddress?.port ?? 0) }, logger: logger)
        let task = Task {
            do {
                try await application.run()
                continuation.finish()
            } catch {
                continuation.finish(throwing: error)
            }
        }
        do {
            for try await bound in ports {
                running.withLock { $0 = Running(port: bound, task: task) }
                return bound
            }
        } catch {
            throw SimulatorError(.cannotListen, "cannot listen on 127.0.0.1:\(port): \(error)", cause: error)
        }
        throw SimulatorError(.cannotListen, "cannot listen on 127.0.0.1:\(port)")
    }

    /// Closes every connection, hanging answers included, and returns when the port is free.
    func shutdown() async {
        let stopped = running.withLock { running in
            defer { running = nil }
            return running
        }
        stopped?.task.cancel()
        await stopped?.task.value
    }
}
