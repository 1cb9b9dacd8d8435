import Domain
import Foundation
import Simulator
import Support

/// A remote with manifests, a platform, a sink, and a folder in which Ballast runs.
final class World {
    static let secret = "whsec_" + Data("a secret for torments, 32 bytes!".utf8).base64EncodedString()
    /// Of the server's administrator.
    static let token = "the-token-of-torments-32-bytes-long"
    /// Names of versions: the bad one fails every verification, and the first is what every manifest falls back to.
    static let good = ["v_1", "v_2", "v_3", "v_4"]
    static let bad = "v_bad"
    static var fallback: String { good[0] }
    static let environment = "PRODUCTION"

    let folder: TemporaryFolder
    let git: GitFixture
    let platform: SimulatedPlatform
    let sink: SimulatedSink
    let count: Int
    /// What the manifests on the branch say.
    private(set) var desired: [String]
    /// Everything that anybody asked of a bot.
    private(set) var commits = 0

    private init(
        _ folder: TemporaryFolder, _ git: GitFixture, _ platform: SimulatedPlatform, _ sink: SimulatedSink, count: Int
    ) {
        self.folder = folder
        self.git = git
        self.platform = platform
        self.sink = sink
        self.count = count
        desired = Array(repeating: Self.good[0], count: count)
    }

    /// - Parameter keepsPromises: the platform refuses what is repeated; without, what a client sends twice is done twice.
    static func run<Result>(
        bots count: Int, keepsPromises: Bool, more: String = "", _ body: (World) async throws -> Result
    ) async throws -> Result {
        var options = SimulatorOptions()
        options.queuedFor = .milliseconds(20)
        options.runningFor = .milliseconds(60)
        options.latency = .milliseconds(2)
        options.honoursIdempotencyKey = keepsPromises
        options.refusesWhileDeploying = keepsPromises
        let bots = (0..<count).map { number in
            SimulatedBot(
                id: bot(number), versions: good.map { SimulatedVersion(id: $0) } + [SimulatedVersion.bad(bad)])
        }
        let setup = SimulatorSetup(
            options: options, bots: bots, keys: [SimulatedKey(name: "ballast", secret: "key-1")], sinkSecrets: [secret])
        return try await withTemporaryFolder { folder in
            try await runSimulator(setup) { platform, sink in
                let git = try await GitFixture.create(in: folder)
                let world = World(folder, git, platform, sink, count: count)
                try await git.commit(["README.md": "bots"], message: "begin")
                try await git.cloneBare(to: folder.path("bots.git"))
                try folder.write("key-1\n", to: "key")
                try folder.write(secret, to: "hook")
                try folder.write(token + "\n", to: "token")
                try folder.write(try world.configuration(more), to: "ballast.yaml")
                for number in 0..<count { try folder.write(world.manifest(number), to: world.path(number)) }
                try await world.commit("all bots")
                // What a kill left behind, such as a tracer that is stopped, would stay for good.
                defer { Leftovers.end(in: folder.path) }
                return try await body(world)
            }
        }
    }

    private func configuration(_ more: String) throws -> String {
        """
        source: {url: bots.git, path: bots, interval: 1s}
        platforms:
          - {name: default, kind: v1, url: "\(try platform.url)", apiKey: {file: key}, timeout: 2s, rateLimit: {requests: 100000, per: 1m}}
        policy: {defaults: {guards: {cooldown: 0s}}}
        reconcile: {interval: 5s, maxBotsPerCommit: 1000, haltAfterFailures: {failures: 1000, within: 1m}}
        server: {port: 0, tokens: [{name: ops, role: admin, token: {file: token}}]}
        notifications:
          - {name: pipeline, kind: webhook, url: "\(try sink.url)", secret: {file: hook}, allowPrivate: true}
        \(more)
        """
    }

    static func bot(_ number: Int) -> String { "bot_\(number)" }
    static func name(_ number: Int) -> String { "bot-\(number)" }
    private func path(_ number: Int) -> String { "repository/bots/\(Self.name(number)).yaml" }

    private func manifest(_ number: Int) -> String {
        """
        apiVersion: ballast/v1
        kind: BotVersion
        metadata: {name: \(Self.name(number))}
        spec:
          botId: \(Self.bot(number))
          environment: \(Self.environment)
          version: \(desired[number])
          fallbackVersion: \(Self.fallback)
          verify:
            - {message: I need help with my order, intent: order_support, minConfidence: 0.85}

        """
    }

    /// One process for all of git's commands, since there are many of them.
    private func commit(_ message: String) async throws {
        try await shell("git add -A && git commit -q --allow-empty -m '\(message)' && git push -q origin HEAD:main")
        commits += 1
    }

    private func shell(_ script: String) async throws {
        var variables = GitFixture.environment
        for role in ["AUTHOR", "COMMITTER"] {
            variables["GIT_\(role)_NAME"] = .some("Alice")
            variables["GIT_\(role)_EMAIL"] = .some("alice@example.com")
        }
        try await checkProcess("sh", ["-ec", script], environment: variables, in: git.path)
    }

    /// The branch asks for other versions of some bots.
    func change(_ bots: [Int], to versions: [String]) async throws {
        for (bot, version) in zip(bots, versions) {
            desired[bot] = version
            try folder.write(manifest(bot), to: path(bot))
        }
        try await commit(zip(bots, versions).map { "\(Self.name($0)): \($1)" }.joined(separator: ", "))
    }

    /// What the team on call does: the last commit is taken back, but for the one that brought the manifests.
    func revertLast() async throws {
        guard commits > 1 else { return }
        // In two steps, since `git revert` alone refuses to take back a commit that changed nothing.
        try await shell(
            "git revert --no-commit HEAD && git commit -q --allow-empty --no-edit && git push -q origin HEAD:main")
        commits += 1
        for bot in desired.indices {
            let text = try folder.read(path(bot))
            if let version = (Self.good + [Self.bad]).first(where: { text.contains("\n  version: \($0)\n") }) {
                desired[bot] = version
            }
        }
    }

    /// What must serve once all is quiet.
    func expected(_ bot: Int) -> String { desired[bot] == Self.bad ? Self.fallback : desired[bot] }

    func served(_ bot: Int) -> String? { platform.servedVersion(of: Self.bot(bot), in: Self.environment) }

    var isAsWanted: Bool { (0..<count).allSatisfy { served($0) == expected($0) } }

    /// Nothing of this machine's configuration.
    var variables: [String: String?] {
        var variables = GitFixture.environment
        for name in ProcessInfo.processInfo.environment.keys where name.hasPrefix("BALLAST_") {
            variables[name] = .some(nil)
        }
        variables["GIT_AUTHOR_NAME"] = "Carol"
        variables["GIT_AUTHOR_EMAIL"] = "carol@example.com"
        return variables
    }

    func ballast(_ arguments: String..., under wrapper: [String] = [], timeout: Duration = .seconds(90)) async throws
        -> ProcessOutput
    {
        let words = wrapper + [try BuiltProducts.ballast()] + arguments
        return try await runProcess(
            words[0], Array(words.dropFirst()), environment: variables, in: folder.path, timeout: timeout)
    }
}
