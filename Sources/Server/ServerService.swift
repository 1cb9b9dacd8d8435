import Domain
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle

/// The listening server as one service among the others.
package struct ServerService: Service {
    private let desk: Desk
    private let dashboard: any DashboardRecords
    private let onListening: @Sendable (_ host: String, _ port: Int) async -> Void

    /// - Parameter onListening: called once, when connections are taken.
    package init(
        desk: Desk, dashboard: any DashboardRecords,
        onListening: @escaping @Sendable (_ host: String, _ port: Int) async -> Void
    ) {
        self.desk = desk
        self.dashboard = dashboard
        self.onListening = onListening
    }

    package func run() async throws {
        let router = Router(context: ServerContext.self)
        router.add(middleware: EnvelopeMiddleware(logger: desk.logger))
        HealthRoutes(desk: desk).add(to: router)
        HookRoutes(desk: desk).add(to: router)
        let authorization = Authorization(settings: desk.settings, secrets: desk.secrets, clock: desk.clock)
        ReadRoutes(desk: desk, authorization: authorization).add(to: router)
        DecisionRoutes(desk: desk, authorization: authorization).add(to: router)
        try DashboardRoutes(desk: desk, records: dashboard, authorization: authorization).add(to: router)
        var quiet = Logger(label: "http") { _ in SwiftLogNoOpLogHandler() }
        quiet.logLevel = .critical
        let settings = desk.settings
        let said = onListening
        let application = Application(
            router: router,
            server: .http1(configuration: .init(idleTimeout: ServerLimits.idleTimeout)),
            configuration: ApplicationConfiguration(
                address: .hostname(settings.host, port: settings.port), serverName: "ballast"),
            onServerRunning: { channel in await said(settings.host, channel.localAddress?.port ?? settings.port) },
            logger: quiet)
        try await withGracefulShutdownHandler {
            do { try await application.run() } catch let error as IOError {
                throw ListenError(host: settings.host, port: settings.port, reason: "\(error)")
            }
        } onGracefulShutdown: {
            desk.shut()
        }
    }
}

/// The port is taken, or the host is none of this machine's.
package struct ListenError: Error, CustomStringConvertible {
    package var host: String
    package var port: Int
    package var reason: String

    package var description: String { "cannot listen on \(host):\(port): \(reason)" }
}
