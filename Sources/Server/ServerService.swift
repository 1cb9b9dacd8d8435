import Domain
import Hummingbird
package import Logging
import NIOCore
import ServiceLifecycle

/// The listening socket, for the life of the process.
package struct ServerService: Service {
    private let front: Front
    private let host: String
    private let port: Int
    private let requestTimeout: TimeAmount
    private let logger: Logger

    package init(front: Front, host: String, port: Int, logger: Logger) {
        self.init(front: front, host: host, port: port, requestTimeout: ServerLimits.requestTimeout, logger: logger)
    }

    init(front: Front, host: String, port: Int, requestTimeout: TimeAmount, logger: Logger) {
        self.front = front
        self.host = host
        self.port = port
        self.requestTimeout = requestTimeout
        self.logger = logger
    }

    /// - Throws: `ListenError` where the address cannot be had.
    package func run() async throws {
        var quiet = Logger(label: "http") { _ in SwiftLogNoOpLogHandler() }
        quiet.logLevel = .critical
        let (front, host, port, logger) = (front, host, port, logger)
        let application = Application(
            responder: FrontResponder(front: front),
            server: .http1(
                configuration: .init(
                    additionalChannelHandlers: [ConnectionGuard(requestTimeout: requestTimeout)],
                    idleTimeout: ServerLimits.idleTimeout,
                    httpDecoderConfiguration: .init(
                        maxHeaderFieldSize: ServerLimits.maxHeaderBytes, maxHeaderListSize: ServerLimits.maxHeaderBytes,
                        maxHeaderFieldCount: ServerLimits.maxHeaderFields))),
            configuration: ApplicationConfiguration(
                address: .hostname(host, port: port), serverName: "ballast",
                availableConnectionsDelegate: ConnectionLimit.delegate(quiet)),
            onServerRunning: { channel in
                // A channel that is closed already takes no connection.
                try? await channel.eventLoop.submit {
                    try channel.pipeline.syncOperations.addHandler(AcceptErrors(logger: logger), position: .first)
                }.get()
                front.listens(host: host, port: channel.localAddress?.port ?? port)
            },
            logger: quiet)
        defer { front.close() }
        do { try await application.run() } catch let error as IOError {
            throw ListenError(host: host, port: port, code: error.errnoCode)
        } catch is SocketAddressError.UnknownHost {
            throw ListenError(unresolved: host, port: port)
        }
    }
}
