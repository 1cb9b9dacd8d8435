import Commands
import Domain
import Foundation
import Live
import Logging
import NIOCore
import Notifications
import Reconciler
import ServiceLifecycle
import Store
import Support
import Synchronization

@testable import Server

/// The real server on a port of its own, over the real reconciler and a real state, with the world in memory.
struct ServerStage: Sendable {
    let world: World
    let secrets: StageSecrets
    let desk: Desk
    let store: SQLiteStore
    let port: Int
    let log: LogLines
    let stop: @Sendable () async -> Void

    static let source = "ssh://git@git.example/team/bots.git"
    static let tokens = ["read": "token-read", "operate": "token-operate", "admin": "token-admin"]

    /// Every provider's secret is `hook-PROVIDER`; Azure's user is `ballast`.
    static func settings(hasTokens: Bool = true) -> ServerSettings {
        var settings = ServerSettings()
        settings.port = 0
        for provider in ServerSettings.Provider.allCases {
            settings.hooks[provider] = ServerSettings.Hook(
                secrets: [.environment(name: "hook-\(provider.rawValue)")],
                username: provider == .azure ? "ballast" : nil)
        }
        guard hasTokens else { return settings }
        settings.tokens = ServerSettings.Role.allCases.map { role in
            ServerSettings.Token(
                name: "\(role.rawValue)er", role: role, secrets: [.environment(name: "token-\(role.rawValue)")])
        }
        return settings
    }

    static func secrets() -> StageSecrets {
        var values: [String: String] = [:]
        for name in ServerSettings.Provider.allCases.map(\.rawValue) { values["hook-\(name)"] = "secret of \(name)" }
        for (role, token) in tokens { values["token-\(role)"] = token }
        return StageSecrets(values)
    }

    static func run(
        settings: ServerSettings = settings(), requestTimeout: TimeAmount = .seconds(30),
        works: DeskWorks = .refusing, commentInterval: Duration = .seconds(15),
        configure: (inout Configuration) -> Void = { _ in },
        prepare: (World) -> Void = { _ in },
        _ body: @escaping @Sendable (ServerStage) async throws -> Void
    ) async throws {
        let world = World()
        prepare(world)
        var configuration = Configuration(
            source: SourceSettings(url: source),
            platforms: [PlatformSettings(name: "default", url: "https://p.example", credential: .apiKey([]))],
            audit: AuditSettings(file: "/audit.jsonl"), state: "/ballast.db")
        configuration.source.interval = .hours(1)
        configuration.reconcile.interval = .hours(1)
        configuration.notifications = [SinkSettings(name: "pipeline", url: .literal("https://sink.example"))]
        configure(&configuration)
        try await withTemporaryFolder { folder in
            let store = try await SQLiteStore.open(
                path: folder.path("ballast.db"), verb: "test", newID: { UUID().uuidString.lowercased() })
            let result: Result<Void, any Error>
            do {
                result = .success(
                    try await run(
                        world, configuration, settings, requestTimeout, works, commentInterval, store, folder, body))
            } catch { result = .failure(error) }
            try await store.close()
            try result.get()
        }
    }

    private static func run(
        _ world: World, _ configuration: Configuration, _ settings: ServerSettings, _ requestTimeout: TimeAmount,
        _ works: DeskWorks, _ commentInterval: Duration, _ store: SQLiteStore, _ folder: TemporaryFolder,
        _ body: @escaping @Sendable (ServerStage) async throws -> Void
    ) async throws {
        let clock = SystemClock(continuing: nil)
        let digests = SHA256Digests()
        var engineSettings = EngineSettings(configuration, readingDigest: "1")
        engineSettings.intervals = LookRhythm.Intervals(
            look: configuration.source.interval, pass: configuration.reconcile.interval)
        engineSettings.capabilities["default"] = PlatformCapabilities()
        let tools = EngineTools(sha256: { digests.sha256(Array($0.utf8)) }, zones: NoZones())
        let engine = Engine(
            try await store.load(), settings: engineSettings, tools: tools, seed: 7, now: clock.now())
        let ports = ReconcilerPorts(
            source: WorldSource(world: world), notes: NoNotes(),
            platforms: ["default": WorldPlatform(world: world, clock: clock)],
            sinks: ["pipeline": WorldSink(world: world)], journal: StageJournal(store: store), clock: clock)
        let secrets = secrets()
        let log = LogLines()
        let memory = ServerMemory()
        var desk = Desk(
            settings: settings, reconciler: Reconciler(engine: engine, ports: ports, logger: nil),
            records: StoreRecords(
                reader: try await StateReader.open(path: folder.path("ballast.db")), audit: configuration.audit),
            intake: HookIntake(
                settings: settings,
                repository: WatchedRepository(url: configuration.source.url, aliases: settings.aliases, branch: "main"),
                secrets: secrets, memory: memory),
            secrets: secrets, clock: clock, works: works,
            body: { String(decoding: WebhookBody.render($0), as: UTF8.self) }, memory: memory, logger: log.logger)
        desk.commentInterval = commentInterval
        let front = Front()
        let server = ServerService(
            front: front, host: settings.host, port: 0, requestTimeout: requestTimeout, logger: log.logger)
        front.open(desk)
        var group = ServiceGroupConfiguration(
            services: [server], logger: Logger(label: "services") { _ in SwiftLogNoOpLogHandler() })
        group.maximumGracefulShutdownDuration = .seconds(9)
        let services = ServiceGroup(configuration: group)
        try await withThrowingTaskGroup { [desk] tasks in
            tasks.addTask { try await services.run() }
            tasks.addTask {
                try await desk.reconciler.serve { progress in
                    if case .event(let event) = progress { desk.stored(event) }
                }
            }
            guard let (_, port) = await front.listening() else { throw CancellationError() }
            let stage = ServerStage(
                world: world, secrets: secrets, desk: desk, store: store, port: port, log: log,
                stop: {
                    desk.shut()
                    await services.triggerGracefulShutdown()
                })
            let result: Result<Void, any Error>
            do { result = .success(try await body(stage)) } catch { result = .failure(error) }
            world.letLooksGo()
            desk.shut()
            await services.triggerGracefulShutdown()
            desk.reconciler.stop()
            try await tasks.waitForAll()
            try result.get()
        }
    }

    /// Until the engine has looked, observed and judged.
    func settled() async throws {
        try await eventually("the engine is quiet") {
            await desk.reconciler.look { $0.passCount > 0 && $0.isQuiet }
        }
    }
}

extension DeskWorks {
    /// Where a test uses none.
    static let refusing = DeskWorks(
        rollback: { _ in throw SourceFailure(.unreachable, "no repository here") },
        plan: { _ in throw SourceFailure(.unreachable, "no repository here") })
}

/// Everything that was logged, as text.
final class LogLines: Sendable {
    private let lines = Mutex<[String]>([])

    var all: [String] { lines.withLock { $0 } }

    var logger: Logger {
        var logger = Logger(label: "test") { _ in Handler(lines: self) }
        logger.logLevel = .debug
        return logger
    }

    private struct Handler: LogHandler {
        let lines: LogLines
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.debug

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let fields = (event.metadata ?? [:]).map { "\($0.key)=\($0.value)" }.sorted().joined(separator: " ")
            lines.lines.withLock { lines in
                // A flood is not what a test looks for.
                if lines.count < 100_000 { lines.append("\(event.level) \(event.message) \(fields)") }
            }
        }
    }
}
