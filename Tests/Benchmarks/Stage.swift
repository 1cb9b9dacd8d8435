import Domain
import Foundation
import Simulator
import Support

/// A repository with `count` manifests, a simulated platform with their bots, and a configuration.
struct Stage {
    let folder: String
    let count: Int
    let platform: SimulatedPlatform

    struct Limits {
        var requests = 60_000
        var concurrentRequests = 64
        var rollouts = 50
        /// Further settings of `reconcile`, each with a comma before it.
        var reconcile = ""

        var words: String {
            "rateLimit \(requests) per 1m, maxConcurrentRequests \(concurrentRequests), maxConcurrentRollouts \(rollouts)"
        }
    }

    static func bot(_ number: Int) -> String { "bot_\(number)" }

    var configuration: String { "\(folder)/ballast.yaml" }
    var remote: String { "\(folder)/bots.git" }

    /// Every bot serves `v_1` already.
    /// - Parameter more: further lines of the configuration.
    static func make(
        _ count: Int, in folder: String, platform: SimulatedPlatform, limits: Limits = Limits(), url: String? = nil,
        more: String = "logging: {level: error}"
    ) async throws -> Stage {
        let stage = Stage(folder: folder, count: count, platform: platform)
        platform.add((0..<count).map { SimulatedBot(id: bot($0), versionIds: ["v_0", "v_1", "v_2"]) })
        for number in 0..<count { platform.deployBehindGit(bot(number), version: "v_1") }
        platform.add(SimulatedKey(name: "ballast", secret: "key"))
        try "key".write(toFile: "\(folder)/key", atomically: true, encoding: .utf8)
        let configuration = """
            source: {url: "\(url ?? stage.remote)"}
            platforms:
              - name: default
                kind: v1
                url: "\(try platform.url)"
                apiKey: {file: key}
                rateLimit: {requests: \(limits.requests), per: 1m}
                maxConcurrentRequests: \(limits.concurrentRequests)
            reconcile: {maxConcurrentRollouts: \(limits.rollouts)\(limits.reconcile)}
            \(more)

            """
        try configuration.write(toFile: stage.configuration, atomically: true, encoding: .utf8)
        if !FileManager.default.fileExists(atPath: stage.remote) {
            try await stage.git(["init", "-q", "--bare", "-b", "main", "bots.git"], in: ".")
            try await stage.git(["clone", "-q", "bots.git", "clone"], in: ".")
            try await stage.git(["checkout", "-q", "-B", "main"])
        }
        return stage
    }

    func git(_ arguments: [String], in place: String = "clone") async throws {
        var environment: [String: String?] = ["GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null"]
        for role in ["AUTHOR", "COMMITTER"] {
            environment["GIT_\(role)_NAME"] = "Bench"
            environment["GIT_\(role)_EMAIL"] = "bench@example.com"
        }
        _ = try await checkProcess(
            "git", ["-C", "\(folder)/\(place)"] + arguments, environment: environment, timeout: .seconds(300))
    }

    func commit(version: String, bots: Range<Int>, message: String) async throws {
        for number in bots {
            let place = "\(folder)/clone/bots/\(number % 100)"
            try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
            let text = """
                apiVersion: ballast/v1
                kind: BotVersion
                metadata: {name: bot-\(number), labels: {team: t\(number % 10)}}
                spec:
                  botId: \(Self.bot(number))
                  environment: PRODUCTION
                  version: \(version)
                  verify:
                    - {message: I need help with my order, intent: order_support, minConfidence: 0.85}

                """
            try text.write(toFile: "\(place)/bot-\(number).yaml", atomically: true, encoding: .utf8)
        }
        try await git(["add", "-A"])
        try await git(["commit", "-q", "-m", message])
        try await git(["push", "-q", "origin", "main"])
    }

    func head() async throws -> String {
        try await checkProcess("git", ["-C", "\(folder)/clone", "rev-parse", "HEAD"]).standardOutput
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }

    func ballast(_ arguments: String...) throws -> Child {
        try Child.run(try Self.binary(), arguments + ["--config", configuration], in: folder)
    }

    static func binary() throws -> String { try BuiltProducts.ballast() }

    /// How many of the bots serve a version.
    func serving(_ version: String) -> Int {
        (0..<count).count { platform.servedVersion(of: Self.bot($0)) == version }
    }

    /// All that a pass may write: the state, the audit log, and every file of the copy, with size and time of change.
    func written() throws -> [String: String] {
        var found: [String: String] = [:]
        for name in FileManager.default.enumerator(atPath: folder)?.compactMap({ $0 as? String }) ?? []
        where name.hasPrefix("ballast.db") || name.hasPrefix("audit") {
            let facts = try FileManager.default.attributesOfItem(atPath: "\(folder)/\(name)")
            guard facts[.type] as? FileAttributeType == .typeRegular, !name.hasSuffix(".lock") else { continue }
            let time = (facts[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0
            found[name] = "\(facts[.size] ?? 0) bytes at \(time)"
        }
        return found
    }
}

func withFolder(_ body: (String) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("ballast-bench-\(UUID().uuidString)")
        .path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer {
        if ProcessInfo.processInfo.environment["KEEP"] == nil { try? FileManager.default.removeItem(atPath: folder) }
    }
    try await body(folder)
}
