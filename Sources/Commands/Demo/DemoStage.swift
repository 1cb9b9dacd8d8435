import Documents
import Domain
import Foundation
import Live
import Reconciler
import Simulator

/// Where the demo plays: a bare repository, a person's clone of it, a simulated platform and a sink.
struct DemoStage {
    static let bot = "bot_12345"
    static let key = "demo-key"
    static let hookSecret = "whsec_" + Data("the demo's webhook secret, 32 by".utf8).base64EncodedString()

    static var setup: SimulatorSetup {
        let versions = [
            SimulatedVersion(id: "v_1"), SimulatedVersion.bad("v_2"), SimulatedVersion(id: "v_3"),
        ]
        var options = SimulatorOptions()
        options.queuedFor = .milliseconds(50)
        options.runningFor = .milliseconds(150)
        return SimulatorSetup(
            options: options, bots: [SimulatedBot(id: bot, versions: versions)],
            keys: [SimulatedKey(name: "ballast", secret: key)], sinkSecrets: [hookSecret])
    }

    let folder: String
    let platform: SimulatedPlatform
    let sink: SimulatedSink
    let console: Console
    let configuration: Configuration

    init(folder: String, platform: SimulatedPlatform, sink: SimulatedSink, console: Console) throws {
        self.folder = folder
        self.platform = platform
        self.sink = sink
        self.console = console
        let text = """
            source: {url: \(folder)/bots.git}
            platforms:
              - {name: default, kind: v1, url: "\(try platform.url)", apiKey: {file: platform-key}}
            policy: {defaults: {guards: {cooldown: 0s}}}
            notifications:
              - {name: pipeline, kind: webhook, url: "\(try sink.url)", secret: {file: hook-secret}, allowPrivate: true}
            audit: {file: audit.jsonl}

            """
        try Self.key.write(toFile: "\(folder)/platform-key", atomically: true, encoding: .utf8)
        try Self.hookSecret.write(toFile: "\(folder)/hook-secret", atomically: true, encoding: .utf8)
        try text.write(toFile: "\(folder)/ballast.yaml", atomically: true, encoding: .utf8)
        configuration = try ConfigurationLoader.load(
            bytes: Array(text.utf8), path: "\(folder)/ballast.yaml", environment: [:], zones: SystemTimeZones()
        ).get()
    }

    /// Runs the person's git in a folder below the demo's. Blocks.
    /// - Throws: `CommandFailure` with what git said.
    @discardableResult
    func git(_ arguments: [String], in place: String = "clone") async throws -> String {
        let folder = folder
        return try await offPool {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments = ["git"] + arguments
            process.currentDirectoryURL = URL(fileURLWithPath: "\(folder)/\(place)")
            var environment = ProcessInfo.processInfo.environment
            environment["GIT_CONFIG_GLOBAL"] = "/dev/null"
            environment["GIT_CONFIG_SYSTEM"] = "/dev/null"
            for role in ["AUTHOR", "COMMITTER"] {
                environment["GIT_\(role)_NAME"] = "Ada"
                environment["GIT_\(role)_EMAIL"] = "ada@example.com"
            }
            process.environment = environment
            let output = Pipe()
            process.standardOutput = output
            process.standardError = output
            process.standardInput = FileHandle.nullDevice
            do {
                try process.run()
            } catch {
                throw CommandFailure(
                    .usage, "git cannot be started: \(error)", remedy: "Install git: the demo shows its work with it.")
            }
            let data = try output.fileHandleForReading.readToEnd() ?? Data()
            process.waitUntilExit()
            let text = String(decoding: data, as: UTF8.self)
            guard process.terminationStatus == 0 else {
                throw CommandFailure(.usage, "git \(arguments.joined(separator: " ")): \(text)", remedy: "")
            }
            return text
        }
    }

    func makeRepository() async throws {
        try await git(["init", "-q", "--bare", "-b", "main", "bots.git"], in: ".")
        try await git(["clone", "-q", "bots.git", "clone"], in: ".")
        try await git(["checkout", "-q", "-B", "main"])
        try FileManager.default.createDirectory(atPath: "\(folder)/clone/bots", withIntermediateDirectories: true)
    }

    func commit(version: String, _ message: String) async throws {
        let manifest = """
            apiVersion: ballast/v1
            kind: BotVersion
            metadata:
              name: order-support
              labels: {team: orders}
            spec:
              botId: \(Self.bot)
              environment: PRODUCTION
              version: \(version)
              verify:
                - message: I need help with my order
                  intent: order_support
                  minConfidence: 0.85

            """
        try manifest.write(toFile: "\(folder)/clone/bots/order-support.yaml", atomically: true, encoding: .utf8)
        try await git(["add", "."])
        try await git(["commit", "-q", "-m", message])
        try await git(["push", "-q", "origin", "main"])
    }

    /// One `ballast reconcile`, in this process.
    func reconcile() async throws -> RunReport {
        let session = try await Assembly.open(
            configuration: configuration, purpose: .act, verb: "demo", selector: nil, logs: false)
        do {
            let report = try await session.reconcile(wait: .minutes(1)) { _ in }
            await session.close()
            return report
        } catch {
            await session.close()
            throw error
        }
    }
}
