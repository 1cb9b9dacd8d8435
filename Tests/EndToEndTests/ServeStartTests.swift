import Foundation
import Simulator
import Support
import Testing

@Suite("A server that cannot start", .timeLimit(.minutes(3)))
struct ServeStartTests {
    /// Ends with that status, says so, and has done nothing.
    private func refuses(
        _ stage: Stage, with status: Int32, saying words: String..., environment: [String: String] = [:],
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        try await stage.push("v_1")
        var ballast = stage.ballast
        ballast.environment = environment
        let output = try await ballast("serve")
        #expect(output.exitCode == status, "\(output)", sourceLocation: sourceLocation)
        for word in words {
            #expect(output.standardError.contains(word), "\(word): \(output)", sourceLocation: sourceLocation)
        }
        #expect(stage.platform.counters.count(.createDeployment) == 0, sourceLocation: sourceLocation)
    }

    @Test("two platforms of one name")
    func names() async throws {
        try await Stage.run { stage in
            let text = try stage.folder.read("ballast.yaml")
            let line = try #require(text.split(separator: "\n").first { $0.contains("name: default") })
            try stage.folder.write(text.replacing(line, with: "\(line)\n\(line)"), to: "ballast.yaml")
            try await refuses(stage, with: 78, saying: "ballast.yaml:4:", "default")
        }
    }

    @Test("a secret that cannot be read")
    func secret() async throws {
        try await Stage.run("server: {hooks: {github: {secret: {file: nowhere}}}}\n") { stage in
            try await refuses(stage, with: 78, saying: "ballast.yaml:", "nowhere does not exist")
        }
    }

    @Test("a port that is in use: the state is free again and the platform was left alone")
    func port() async throws {
        try await Stage.run { stage in
            let port = try #require(URL(string: try stage.platform.url)?.port)
            try await refuses(
                stage, with: 2, saying: "cannot listen on 127.0.0.1:\(port)", "server.port",
                environment: ["BALLAST_SERVER_PORT": "\(port)"])
            #expect(stage.platform.counters.count(.listDeployments) == 0)
            let doctor = BallastRun(folder: stage.folder.path, environment: ["BALLAST_SERVER_PORT": "\(port)"])
            let found = try await doctor("doctor")
            #expect(found.exitCode == 1, "\(found)")
            #expect(found.standardOutput.contains("FAIL  listening"), "\(found)")
            #expect(try await stage.ballast("reconcile").exitCode == 0)
        }
    }

    @Test("a host that is not this machine's", arguments: ["203.0.113.7", "nosuch.invalid"])
    func host(name: String) async throws {
        let server = "server: {host: \(name), port: 0, tokens: [{name: ops, role: operate, token: {file: key}}]}\n"
        try await Stage.run(server) { stage in
            try await refuses(stage, with: 78, saying: "cannot listen on \(name)", "server.host")
        }
    }

    @Test("a state that another process owns")
    func owned() async throws {
        try await Served.run { served in
            let second = try await served.stage.ballast("serve")
            #expect(second.exitCode == 2, "\(second)")
            #expect(second.standardError.contains("process \(served.pid)"), "\(second)")
            #expect(second.standardError.contains("`serve`"), "\(second)")
            // The first one is none the worse for it.
            #expect(try await served.ballast("status").exitCode == 0)
        }
    }

    @Test("a state that is none")
    func unreadable() async throws {
        try await Stage.run("server: {port: 0}\n") { stage in
            try stage.folder.write(String(repeating: "no database ", count: 100), to: "ballast.db")
            try await refuses(stage, with: 2, saying: "ballast.db", "was left as it is")
            #expect(try stage.folder.read("ballast.db").hasPrefix("no database"))
        }
    }
}
