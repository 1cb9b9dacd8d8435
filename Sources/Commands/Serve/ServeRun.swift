import Domain
import Live
import Logging
import Notifications
import Reconciler
import Server
import ServiceLifecycle
import Store
import Synchronization

/// One configuration's life as a server: everything is opened, runs as a group of services, and is closed again.
struct ServeRun {
    let loaded: LoadedConfiguration
    let surroundings: Surroundings
    let hangUps: HangUps
    let manager: ServiceManager
    let load: @Sendable () async throws -> LoadedConfiguration

    /// Of the 10 s in which a server ends, what the services may take; the rest is for closing the state.
    static let shutdownLimit = Duration.seconds(9)

    /// - Returns: the configuration to go on with; nil where the server was told to stop.
    func run() async throws -> LoadedConfiguration? {
        let configuration = loaded.configuration
        let session = try await Assembly.open(
            configuration: configuration, purpose: .act, verb: "serve", selector: nil,
            intervals: LookRhythm.Intervals(
                look: configuration.source.interval, pass: configuration.reconcile.interval))
        let result: Result<LoadedConfiguration?, any Error>
        do { result = .success(try await run(session)) } catch { result = .failure(error) }
        await session.close()
        return try result.get()
    }

    private func run(_ session: Session) async throws -> LoadedConfiguration? {
        let logger = LogOutput.logger(session.configuration.logging, isBesideProgress: false)
        let trail = TrailWatch(configuration: session.configuration, clock: session.ports.clock, logger: logger)
        let records = StoreRecords(
            reader: try await StateReader.open(path: session.configuration.state), trail: trail)
        let desk = desk(session, records, logger)
        let next = Mutex<LoadedConfiguration?>(nil)
        let stop = GroupStop()
        let manager = manager
        let services: [any Service] = [
            LoopService(session: session, metrics: desk.metrics), TidyService(session: session), trail,
            WatchdogService(session: session, manager: manager),
            ReloadService(signals: hangUps, manager: manager, logger: logger, load: load) { loaded in
                next.withLock { $0 = loaded }
                await stop.trigger()
            },
            ServerService(desk: desk, dashboard: records) { host, port in
                logger.info("listening", metadata: ["host": "\(host)", "port": "\(port)"])
                manager.tell(.ready)
            },
        ]
        var settings = ServiceGroupConfiguration(
            services: services,
            logger: Logger(label: "services") { _ in
                SwiftLogNoOpLogHandler()
            })
        settings.maximumGracefulShutdownDuration = Self.shutdownLimit
        let group = ServiceGroup(configuration: settings)
        await stop.begin { await group.triggerGracefulShutdown() }
        try await withTaskCancellationHandler {
            try await Task { try await group.run() }.value
        } onCancel: {
            Task { await stop.trigger() }
        }
        return next.withLock { $0 }
    }

    private func desk(_ session: Session, _ records: StoreRecords, _ logger: Logger) -> Desk {
        let configuration = session.configuration
        let repository = WatchedRepository(
            url: configuration.source.url, aliases: configuration.server.aliases, branch: configuration.source.branch)
        return Desk(
            settings: configuration.server, reconciler: session.reconciler,
            records: records,
            intake: HookIntake(settings: configuration.server, repository: repository, secrets: session.secrets),
            secrets: session.secrets, clock: session.ports.clock,
            body: { String(decoding: WebhookBody.render($0), as: UTF8.self) }, logger: logger)
    }
}

/// Ends the group once, whoever asks first, also where that is before it began.
actor GroupStop {
    private var isTriggered = false
    private var end: (@Sendable () async -> Void)?

    func begin(_ end: @escaping @Sendable () async -> Void) async {
        self.end = end
        if isTriggered { await end() }
    }

    func trigger() async {
        isTriggered = true
        await end?()
    }
}
