import Domain
import Logging
import Server
import ServiceLifecycle

/// The daemon from its start to its end: the socket, which stays, and one run after the other behind it.
struct ServeProcess: Sendable {
    let loaded: LoadedConfiguration
    let load: @Sendable () async throws -> LoadedConfiguration
    let manager: ServiceManager
    /// Called once, when connections are taken.
    var listens: @Sendable (_ host: String, _ port: Int) -> Void = { _, _ in }

    /// Of the 10 s in which a server ends, what the services may take; the rest is for the process.
    static let shutdownLimit = Duration.seconds(9)

    /// Goes on until the task is cancelled.
    /// - Throws: `ListenError` before anything else was touched, and all that opening and running can say.
    func run() async throws {
        let front = Front()
        let runs = RunsService(
            first: loaded, front: front, memory: ServerMemory(), hangUps: HangUps(), manager: manager, load: load,
            listens: listens)
        let settings = loaded.configuration.server
        let logger = LogOutput.logger(loaded.configuration.logging, isBesideProgress: false)
        let group = ServeGroup([
            ServerService(front: front, host: settings.host, port: settings.port, logger: logger), runs,
        ])
        try await withTaskCancellationHandler {
            // Not cancelled with this task: what is in hand is parked first.
            try await Task { try await group.run() }.value
        } onCancel: {
            Task { await group.stop() }
        }
    }
}

/// Services that end together: told to stop, or when one of them returns. May be told before it began.
actor ServeGroup {
    private let group: ServiceGroup
    private var isStopped = false
    private var isRunning = false

    init(_ services: [any Service]) {
        let quiet = Logger(label: "services") { _ in SwiftLogNoOpLogHandler() }
        var settings = ServiceGroupConfiguration(
            services: services.map {
                .init(
                    service: ShortlyNamed(service: $0), successTerminationBehavior: .gracefullyShutdownGroup,
                    failureTerminationBehavior: .gracefullyShutdownGroup)
            }, logger: quiet)
        settings.maximumGracefulShutdownDuration = ServeProcess.shutdownLimit
        group = ServiceGroup(configuration: settings)
    }

    func run() async throws {
        guard !isStopped else { return }
        isRunning = true
        try await group.run()
    }

    func stop() async {
        isStopped = true
        if isRunning { await group.triggerGracefulShutdown() }
    }
}

/// Every service's description is made when a group starts: without this it would be everything that the service holds,
/// the whole fleet included.
private struct ShortlyNamed: Service, CustomStringConvertible {
    let service: any Service

    var description: String { "\(type(of: service))" }

    func run() async throws { try await service.run() }
}
