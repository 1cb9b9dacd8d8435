import Foundation
import Support
import Testing

/// A running `ballast serve` for a stage, on a port that the system chose, and a caller in a folder without configuration.
struct Served {
    let stage: Stage
    let url: String
    let pid: Int32
    /// With role admin, named `chief`.
    let ballast: BallastRun

    static let configuration = """
        server:
          port: 0
          tokens:
            - {name: chief, role: admin, token: {file: chief-token}}
            - {name: ops, role: operate, token: {file: ops-token}}
            - {name: looker, role: read, token: {file: looker-token}}

        """

    /// - Parameter more: lines that are added to the configuration.
    /// - Returns: with what the server ended.
    static func run(_ more: String = "", _ body: (Served) async throws -> Void) async throws {
        try await Stage.run(configuration + more) { stage in
            for name in ["chief", "ops", "looker"] {
                try stage.folder.write("the token of \(name)\n", to: "\(name)-token")
            }
            try await stage.push("v_1")
            let exitCode = try await start(stage, log: "serve.log", body)
            let log = try stage.folder.read("serve.log")
            #expect(exitCode == 0, "\(log)")
        }
    }

    static func start(
        _ stage: Stage, log: String, _ body: (Served) async throws -> Void
    ) async throws -> Int32? {
        let path = stage.folder.path(log)
        return try await withProcess(
            try BuiltProducts.ballast(), ["serve"], environment: stage.ballast.variables, in: stage.folder.path,
            logPath: path
        ) { process in
            let port = try await eventually("the server listens") { Self.port(in: try stage.folder.read(log)) }
            // It listens before it makes or opens the state, which a verb that reads it would not find yet.
            try await eventually("the state is open") { try await stage.ballast("status").exitCode == 0 }
            let elsewhere = try stage.folder.makeFolder("elsewhere")
            let url = "http://127.0.0.1:\(port)"
            let variables = ["BALLAST_SERVER": url, "BALLAST_TOKEN_FILE": stage.folder.path("chief-token")]
            try await body(
                Served(
                    stage: stage, url: url, pid: process.pid,
                    ballast: BallastRun(folder: elsewhere, environment: variables)))
        }.exitCode
    }

    /// What the line `listening` says.
    private static func port(in log: String) -> String? {
        for line in log.split(separator: "\n") where line.contains(" listening ") {
            guard let start = line.firstRange(of: "port=\"")?.upperBound else { continue }
            return String(line[start...].prefix { $0 != "\"" })
        }
        return nil
    }

    /// The caller with another token, or with none.
    func ballast(token: String?) -> BallastRun {
        var other = ballast
        other.environment["BALLAST_TOKEN_FILE"] = .some(token.map { stage.folder.path("\($0)-token") })
        return other
    }

    /// Until every bot is in sync, every event is delivered and every note is pushed.
    func settle() async throws {
        try await eventually("all is quiet") {
            let pending =
                try await stage.ballast.json("notifications", "list", "--status", "pending")["items"] as? [Any]
            let verdict = try await stage.ballast.json("audit", "verify")
            return try await stage.bot()["state"] as? String == "in-sync" && pending?.isEmpty == true
                && (verdict["pendingNotes"] as? [Any])?.isEmpty == true
        }
    }
}
