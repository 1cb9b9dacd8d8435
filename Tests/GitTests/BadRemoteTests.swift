import Foundation
import Git
import Testing

/// Servers that misbehave: a clear error within the time allowed, and the next request works again.
@Suite(.enabled(if: Server.isAvailable)) struct BadRemoteTests {
    private func failure(
        _ arguments: [String], scheme: String, fixture: Fixture, credential: GitCredential? = nil
    ) async throws -> (code: GitError.Code?, seconds: Double) {
        let server = try Server(arguments, in: fixture.scratch)
        let start = ContinuousClock.now
        let thrown = try await fixture.withRepository(
            remote: "\(scheme)://127.0.0.1:\(server.port)/remote.git", limits: .quick, credential: credential
        ) { repository in
            await code { _ = try await repository.fetch(branch: "main") }
        }
        let time = ContinuousClock.now - start
        return (thrown, Double(time.components.seconds) + Double(time.components.attoseconds) / 1e18)
    }

    @Test(arguments: ["git", "http", "https"]) func `a remote that never answers is left in time`(scheme: String)
        async throws
    {
        let fixture = try await Fixture()
        let result = try await failure(["silent"], scheme: scheme, fixture: fixture)
        #expect(result.code == .timedOut)
        #expect(result.seconds < 30)
    }

    @Test func `an ssh server that never answers is left in time`() async throws {
        let fixture = try await Fixture()
        let server = try Server(["silent"], in: fixture.scratch)
        let hosts = "127.0.0.1 ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJxgdGPCpqlOF1WLtoS0gD1KW3/JfTLWXbbVwhvLYxaG\n"
        try await fixture.withRepository(
            remote: "ssh://git@127.0.0.1:\(server.port)/remote.git", limits: .quick,
            credential: .ssh(privateKey: "none", knownHosts: hosts)
        ) { repository in
            let thrown = await code { _ = try await repository.look(branch: "main") }
            #expect(thrown == .timedOut)
        }
    }

    @Test func `a remote that drips is left in time`() async throws {
        let fixture = try await Fixture()
        let result = try await failure(["drip"], scheme: "http", fixture: fixture)
        #expect(result.code == .timedOut)
        #expect(result.seconds < 30)
    }

    @Test(arguments: ["git", "http"]) func `garbage is said to be garbage`(scheme: String) async throws {
        let fixture = try await Fixture()
        let result = try await failure(["garbage"], scheme: scheme, fixture: fixture)
        #expect(result.code == .protocolError || result.code == .unreachable)
        #expect(result.seconds < 30)
    }

    @Test(arguments: [0, 3, 60, 400, 5_000]) func `a remote that hangs up half-way`(afterBytes count: Int) async throws
    {
        let fixture = try await Fixture()
        try await fixture.commit(["large": (0..<60_000).map { "\($0 &* 2_654_435_761 % 1_000_003)" }.joined()])
        let result = try await failure(
            ["drop", "\(count)"] + Server.daemonCommand(fixture), scheme: "git", fixture: fixture)
        #expect([.unreachable, .protocolError, .timedOut].contains(result.code), "\(String(describing: result.code))")
        #expect(result.seconds < 30)
    }

    @Test func `nobody listens`() async throws {
        let fixture = try await Fixture()
        // A port that was free a moment ago.
        let port = try Server(["silent"], in: fixture.scratch).port
        try await fixture.withRepository(remote: "git://127.0.0.1:\(port)/remote.git", limits: .quick) { repository in
            let thrown = await code { _ = try await repository.look(branch: "main") }
            #expect(thrown == .unreachable)
        }
    }

    @Test func `after a remote that hung, the next one is served`() async throws {
        let fixture = try await Fixture()
        let head = try await fixture.commit(["a": "1"])
        let server = try Server(["silent"], in: fixture.scratch)
        try await fixture.withRepository(remote: "git://127.0.0.1:\(server.port)/remote.git", limits: .quick) {
            repository in
            for _ in 0..<2 {
                let thrown = await code { _ = try await repository.fetch(branch: "main") }
                #expect(thrown == .timedOut)
            }
            // The worker of the copy is another process and knows nothing of it.
            let nothing = try await repository.ref("refs/heads/main")
            #expect(nothing == nil)
        }
        try await fixture.withRepository { repository in
            let fetched = try await repository.fetch(branch: "main")
            #expect(fetched.head == head)
        }
    }
}
