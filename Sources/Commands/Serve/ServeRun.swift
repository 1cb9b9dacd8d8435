import Domain
import Live
import Logging
import Notifications
import Reconciler
import Server
import ServiceLifecycle
import Store
import Synchronization

/// One configuration's life in a server: everything is opened, runs as a group of services, and is closed again.
struct ServeRun: Sendable {
    let loaded: LoadedConfiguration
    let front: Front
    let memory: ServerMemory
    let hangUps: HangUps
    let manager: ServiceManager
    let load: @Sendable () async throws -> LoadedConfiguration

    /// Nothing was begun; what was open before can be opened again.
    struct OpeningFailure: Error {
        let cause: any Error
    }

    /// - Returns: the configuration to go on with; nil where the server was told to stop.
    func run() async throws -> LoadedConfiguration? {
        let configuration = loaded.configuration
        let session: Session
        do {
            session = try await Assembly.open(
                configuration: configuration, purpose: .act, verb: OwnedState.serveVerb, selector: nil,
                intervals: LookRhythm.Intervals(
                    look: configuration.source.interval, pass: configuration.reconcile.interval))
        } catch {
            throw OpeningFailure(cause: error)
        }
        let result: Result<LoadedConfiguration?, any Error>
        do { result = .success(try await run(session)) } catch { result = .failure(error) }
        await session.close()
        return try result.get()
    }

    private func run(_ session: Session) async throws -> LoadedConfiguration? {
        let logger = LogOutput.logger(session.configuration.logging, isBesideProgress: false)
        let board = TrailBoard()
        let desk = try await desk(session, board, logger)
        let next = Mutex<LoadedConfiguration?>(nil)
        let reload = ReloadService(signals: hangUps, manager: manager, logger: logger, load: load) { loaded in
            next.withLock { $0 = loaded }
            // Requests wait for the next desk; streams of events end and come again with the last id that they saw.
            front.pause()
        }
        let group = ServeGroup([
            LoopService(session: session, desk: desk), TidyService(session: session),
            TrailService(session: session, board: board), WatchdogService(session: session, manager: manager), reload,
        ])
        front.open(desk)
        manager.tell(.ready)
        try await withGracefulShutdownHandler {
            try await group.run()
        } onGracefulShutdown: {
            desk.shut()
            manager.tell(.stopping)
            Task { await group.stop() }
        }
        desk.shut()
        return next.withLock { $0 }
    }

    private func desk(_ session: Session, _ board: TrailBoard, _ logger: Logger) async throws -> Desk {
        let configuration = session.configuration
        let reader = try await StateReader.open(path: configuration.state)
        let repository = WatchedRepository(
            url: configuration.source.url, aliases: configuration.server.aliases, branch: configuration.source.branch)
        var desk = Desk(
            settings: configuration.server, reconciler: session.reconciler,
            records: StoreRecords(reader: reader, audit: configuration.audit),
            intake: HookIntake(
                settings: configuration.server, repository: repository, secrets: session.secrets, memory: memory),
            secrets: session.secrets, clock: session.ports.clock, works: ServeWorks.of(session),
            body: { String(decoding: WebhookBody.render($0), as: UTF8.self) }, memory: memory, logger: logger)
        desk.dashboard = DashboardStore(
            reader: reader, trail: board, figures: DeliveryWatch(reader: reader))
        return desk
    }
}
