import Domain
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle

/// The listening server as one service among the others.
package struct ServerService: Service {
    private let desk: Desk
    private let requestTimeout: TimeAmount
    private let onListening: @Sendable (_ host: String, _ port: Int) async -> Void

    /// - Parameter onListening: called once, when connections are taken.
    package init(desk: Desk, onListening: @escaping @Sendable (_ host: String, _ port: Int) async -> Void) {
        self.init(desk: desk, requestTimeout: ServerLimits.requestTimeout, onListening: onListening)
    }

    init(
        desk: Desk, requestTimeout: TimeAmount,
        onListening: @escaping @Sendable (_ host: String, _ port: Int) async -> Void
    ) {
        self.desk = desk
        self.requestTimeout = requestTimeout
        self.onListening = onListening
    }

    package func run() async throws {
        var quiet = Logger(label: "http") { _ in SwiftLogNoOpLogHandler() }
        quiet.logLevel = .critical
        let settings = desk.settings
        let timeout = requestTimeout
        let logger = desk.logger
        let said = onListening
        let application = Application(
            responder: Self.responder(desk),
            server: .http1(
                configuration: .init(
                    additionalChannelHandlers: [ConnectionGuard(requestTimeout: timeout)],
                    idleTimeout: ServerLimits.idleTimeout,
                    httpDecoderConfiguration: .init(
                        maxHeaderFieldSize: ServerLimits.maxHeaderBytes, maxHeaderListSize: ServerLimits.maxHeaderBytes,
                        maxHeaderFieldCount: ServerLimits.maxHeaderFields))),
            configuration: ApplicationConfiguration(
                address: .hostname(settings.host, port: settings.port), serverName: "ballast",
                availableConnectionsDelegate: ConnectionLimit.delegate(quiet)),
            onServerRunning: { channel in
                // A channel that is closed already takes no connection.
                try? await channel.eventLoop.submit {
                    try channel.pipeline.syncOperations.addHandler(AcceptErrors(logger: logger), position: .first)
                }.get()
                await said(settings.host, channel.localAddress?.port ?? settings.port)
            },
            logger: quiet)
        try await withGracefulShutdownHandler {
            do { try await application.run() } catch let error as IOError {
                throw ListenError(host: settings.host, port: settings.port, code: error.errnoCode)
            } catch is SocketAddressError.UnknownHost {
                throw ListenError(unresolved: settings.host, port: settings.port)
            }
        } onGracefulShutdown: {
            desk.shut()
        }
    }

    /// Everything that is answered, without a socket.
    static func responder(_ desk: Desk) -> RouterResponder<ServerContext> {
        let router = Router(context: ServerContext.self, options: .autoGenerateHeadEndpoints)
        let authorization = Authorization(settings: desk.settings, secrets: desk.secrets)
        let routes = Routes(router: router, authorization: authorization, book: OperationBook())
        router.add(
            middleware: EnvelopeMiddleware(book: routes.book, authorization: authorization, logger: desk.logger))
        HealthRoutes(desk: desk).add(to: routes)
        HookRoutes(desk: desk).add(to: routes)
        ReadRoutes(desk: desk).add(to: routes)
        RecordRoutes(desk: desk).add(to: routes)
        DecisionRoutes(desk: desk).add(to: routes)
        WorkRoutes(desk: desk).add(to: routes)
        FollowRoutes(desk: desk).add(to: routes)
        OpenAPIRoute().add(to: routes)
        return router.buildResponder()
    }
}
