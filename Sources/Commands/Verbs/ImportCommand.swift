import ArgumentParser
import Domain
import Exchange
import Foundation
import Live
import Platforms
import Wire

struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Writes manifests for the bots of a platform from what is deployed now.",
        discussion: """
            One file a bot; what is there already is left as it is, and so are bots that a manifest in the folder names. Set \
            `reconcile.mode: alert` first to take over a fleet without touching it.

            Example:
              ballast import --environment PRODUCTION --environment STAGING
            """)

    @Argument(help: "The folder (default: `source.path` below the working folder).", completion: .directory)
    var folder: String?

    @Option(help: ArgumentHelp("The platform (default: the only one, or `default`).", valueName: "name"))
    var platform: String?

    @Option(name: .customLong("environment"), help: "An environment of the platform. May be repeated.")
    var environments: [String] = ["PRODUCTION"]

    @OptionGroup var output: OutputOption
    @OptionGroup var configuration: ConfigurationOption

    func run() async throws {
        let surroundings = Surroundings.current()
        let loaded = try await configuration.load()
        let secrets = SecretFiles(environment: surroundings.environment)
        try await loaded.requireSecrets(secrets, surroundings)
        let settings = try chosen(loaded.configuration.platforms)
        let path = folder ?? (loaded.configuration.source.path.isEmpty ? "." : loaded.configuration.source.path)
        let deployed = try await ProgressLine.showing("looking at platform \(settings.name)", on: surroundings.console)
        {
            try await DeployedBots.list(settings, environments: environments, secrets: secrets, line: $0)
        }
        let writer = ImportWriter(folder: surroundings.absolute(path), configuration: loaded.configuration)
        let shape = try await writer.write(deployed, surroundings)
        try Printer(console: surroundings.console, format: output.format).print(shape) { _ in
            var table = Table(header: [])
            table.rows =
                shape.written.map { [.init("wrote"), .init($0)] } + shape.kept.map { [.init("kept"), .init($0)] }
            return table.text(colors: false)
        }
        let count = deployed.count
        surroundings.console.note(
            """
            ballast: \(count) bot\(count == 1 ? "" : "s") deployed on platform \(settings.name), \(shape.written.count) \
            written; look at them, add `verify`, and commit
            """)
    }

    private func chosen(_ platforms: [PlatformSettings]) throws -> PlatformSettings {
        let name = platform ?? (platforms.count == 1 ? platforms[0].name : "default")
        guard let settings = platforms.first(where: { $0.name == name }) else {
            let list = platforms.map(\.name).joined(separator: ", ")
            throw CommandFailure(.usage, "no platform is called \(name)", remedy: "Configured: \(list).")
        }
        return settings
    }
}

/// What a platform serves now, from the feed of its deployments.
enum DeployedBots {
    struct Bot: Hashable, Sendable {
        var key: BotKey
        var version: String
    }

    static let maxPages = 10_000
    static let maxTries = 5
    private static let maxWait = Span.minutes(10)

    static func list(
        _ settings: PlatformSettings, environments: [String], secrets: any Secrets, line: ProgressLine
    ) async throws -> [Bot] {
        let connections = Connections()
        let clock = SystemClock(continuing: nil)
        let clocks = Clocks(
            wall: { clock.now().wall }, elapsed: { Span(milliseconds: clock.now().tick.milliseconds) })
        let result: Result<[Bot], any Error>
        do {
            let platform = try PlatformFactory.make(
                settings, secrets: secrets, connections: connections, clocks: clocks)
            var found: [Bot] = []
            for environment in environments {
                line.set("reading the deployments of \(environment)")
                found += try await list(platform, settings, environment)
            }
            result = .success(found)
        } catch {
            result = .failure(error)
        }
        await connections.shutdown()
        return try result.get()
    }

    /// One request after the other, each as far from the one before as the rate limit asks for.
    private static func list(
        _ platform: any Platform, _ settings: PlatformSettings, _ environment: String
    ) async throws -> [Bot] {
        let pause = Duration.milliseconds(
            settings.rateLimit.per.milliseconds / Int64(max(1, settings.rateLimit.requests)))
        var newest: [String: JobInfo] = [:]
        var page: Int? = 1
        var firsts: Set<String> = []
        while let number = page, number <= maxPages {
            let (jobs, info) = try await jobs(platform, settings, environment, number)
            // A server that ignores the page would answer the first one for ever.
            if let first = info.first, !firsts.insert(first).inserted { break }
            for job in jobs where job.state == .completed {
                let known = newest[job.botId].map { $0.completedAt ?? $0.createdAt }
                if let known, known >= job.completedAt ?? job.createdAt { continue }
                newest[job.botId] = job
            }
            page = info.next
            if page != nil { try await Task.sleep(for: pause) }
        }
        return newest.values.sorted { $0.botId < $1.botId }.map {
            Bot(
                key: BotKey(platform: settings.name, botId: $0.botId, environment: environment),
                version: $0.targetVersion)
        }
    }

    private static func jobs(
        _ platform: any Platform, _ settings: PlatformSettings, _ environment: String, _ page: Int
    ) async throws -> ([JobInfo], PageInfo) {
        let request = PlatformRequest.jobs(botId: nil, environment: environment, page: page)
        var renew = false
        var failure = PlatformFailure(.unclear, "no answer")
        for attempt in 0..<maxTries {
            switch await platform.perform(request, renewCredentials: renew).result {
            case .success(.jobs(let jobs, let info)): return (jobs, info)
            case .success: failure = PlatformFailure(.unclear, "an answer of another kind")
            case .failure(let one): failure = one
            }
            switch failure.kind {
            case .unauthorized where !renew: renew = true
            case .rateLimited, .unclear, .lost, .notSent:
                let wait = min(failure.retryAfter ?? .seconds(1 << Int64(attempt)), maxWait)
                if attempt + 1 < maxTries { try await Task.sleep(for: .milliseconds(wait.milliseconds)) }
            default: throw unusable(settings, failure)
            }
        }
        throw unusable(settings, failure)
    }

    private static func unusable(_ settings: PlatformSettings, _ failure: PlatformFailure) -> CommandFailure {
        CommandFailure(
            .unusable, "platform \(settings.name) could not be read: \(failure.message)",
            remedy: "`ballast doctor` looks closer.")
    }
}
