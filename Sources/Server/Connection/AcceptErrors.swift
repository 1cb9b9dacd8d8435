import Logging
import NIOCore

/// Where no file descriptor is left for a connection, the next one waits a little. Without this such an error ends the
/// server.
final class AcceptErrors: ChannelDuplexHandler {
    typealias InboundIn = Channel
    typealias OutboundIn = Never

    private let logger: Logger
    private var isPaused = false

    init(logger: Logger) { self.logger = logger }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard !isPaused else { return }
        isPaused = true
        logger.warning("a connection could not be taken", metadata: ["cause": "\(error)"])
        context.eventLoop.assumeIsolated().scheduleTask(in: ServerLimits.acceptPause) {
            self.isPaused = false
            context.read()
        }
    }

    func read(context: ChannelHandlerContext) {
        if !isPaused { context.read() }
    }
}
