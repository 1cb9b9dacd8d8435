import Domain
import Foundation
import Simulator
import Support

/// A repository with its remote, a simulated platform and a sink, and a configuration that knows them.
struct Stage {
    let folder: TemporaryFolder
    let git: GitFixture
    let platform: SimulatedPlatform
    let sink: SimulatedSink
    let ballast: BallastRun

    static let secret = "whsec_" + Data("a secret for tests of thirty-two".utf8).base64EncodedString()
    static let bot = "bot_12345"

    /// - Parameter more: lines that are added to the configuration.
    static func run(
        _ more: String = "", versions: [SimulatedVersion] = [.init(id: "v_1"), .bad("v_2"), .init(id: "v_3")],
        _ body: (Stage) async throws -> Void
    ) async throws {
        let setup = SimulatorSetup(
            bots: [SimulatedBot(id: bot, versions: versions)], keys: [SimulatedKey(name: "ballast", secret: "key-1")],
            sinkSecrets: [secret])
        try await withTemporaryFolder { folder in
            try await runSimulator(setup) { platform, sink in
                let git = try await GitFixture.create(in: folder)
                try await git.commit(["README.md": "bots"], message: "begin")
                try await git.cloneBare(to: folder.path("bots.git"))
                try folder.write("key-1\n", to: "key")
                try folder.write(secret, to: "hook")
                try folder.write(try configuration(platform, sink) + more, to: "ballast.yaml")
                try await body(
                    Stage(
                        folder: folder, git: git, platform: platform, sink: sink,
                        ballast: BallastRun(folder: folder.path)))
            }
        }
    }

    private static func configuration(_ platform: SimulatedPlatform, _ sink: SimulatedSink) throws -> String {
        """
        source: {url: bots.git, path: bots}
        platforms:
          - {name: default, kind: v1, url: "\(try platform.url)", apiKey: {file: key}}
        notifications:
          - {name: pipeline, kind: webhook, url: "\(try sink.url)", secret: {file: hook}, allowPrivate: true}

        """
    }

    /// The same, where Ballast is run with these variables besides.
    func with(_ variables: [String: String]) -> Stage {
        var ballast = ballast
        ballast.environment.merge(variables) { _, own in own }
        return Stage(folder: folder, git: git, platform: platform, sink: sink, ballast: ballast)
    }

    /// Commits the manifest with that version and pushes it.
    @discardableResult
    func push(_ version: String, message: String? = nil) async throws -> String {
        let commit = try await git.commit(
            ["bots/order-support.yaml": Sample.manifest(version: version)], message: message ?? "say \(version)")
        try await git.push()
        return commit
    }

    var served: String? { platform.servedVersion(of: Stage.bot) }

    func bot() async throws -> [String: Any] {
        (try await ballast.json("status")["bots"] as? [[String: Any]])?.first ?? [:]
    }
}
