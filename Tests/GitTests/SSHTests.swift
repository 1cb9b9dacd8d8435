import Foundation
import Git
import Testing

/// OpenSSH's server on loopback with throw-away keys; skipped where sshd is not installed.
@Suite(.enabled(if: SSHServer.isAvailable)) struct SSHTests {
    private func look(
        _ fixture: Fixture, _ ssh: SSHServer, key: String? = nil, knownHosts: String, address: String? = nil
    ) async throws -> Result<ObjectID, GitError> {
        try await fixture.withRepository(
            remote: address ?? ssh.address(fixture.remote), folder: fixture.scratch("c-\(UUID().uuidString)"),
            credential: .ssh(privateKey: key ?? ssh.userKey, knownHosts: knownHosts)
        ) { repository in
            do {
                return .success(try await repository.look(branch: "main"))
            } catch let error as GitError {
                return .failure(error)
            }
        }
    }

    @Test func `a host with a port, plain, hashed, by pattern and in a list`() async throws {
        let fixture = try await Fixture()
        let head = try await fixture.commit(["a": "1"])
        let ssh = try await SSHServer(for: fixture)
        let key = ssh.hostKeyLine
        let other = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJxgdGPCpqlOF1WLtoS0gD1KW3/JfTLWXbbVwhvLYxaG"
        for hosts in [
            "\(ssh.host) \(key)\n", try await ssh.hashedKnownHosts(),
            "# note\nelsewhere \(other)\n[127.0.0.*]:* \(key)\n",
            "elsewhere,\(ssh.host) \(key) comment\n", "127.0.0.1 \(key)\n",
        ] {
            let result = try await look(fixture, ssh, knownHosts: hosts)
            #expect(result == .success(head), "\(hosts)")
        }
    }

    @Test func `an unknown, wrong, excluded or revoked host key is refused`() async throws {
        let fixture = try await Fixture()
        try await fixture.commit(["a": "1"])
        let ssh = try await SSHServer(for: fixture)
        let key = ssh.hostKeyLine
        let other = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJxgdGPCpqlOF1WLtoS0gD1KW3/JfTLWXbbVwhvLYxaG"
        for hosts in [
            "", "elsewhere \(key)\n", "\(ssh.host) \(other)\n", "[127.0.0.*]:*,!\(ssh.host) \(key)\n",
            "\(ssh.host) \(key)\n@revoked * \(key)\n@revoked \(ssh.host) \(key)\n",
            "@cert-authority \(ssh.host) \(key)\n",
        ] {
            let result = try await look(fixture, ssh, knownHosts: hosts)
            guard case .failure(let error) = result else { return #expect(Bool(false), "accepted: \(hosts)") }
            #expect(error.code == .hostKey, "\(hosts): \(error)")
        }
    }

    @Test func `a key that the server does not know, or that is none, is refused`() async throws {
        let fixture = try await Fixture()
        try await fixture.commit(["a": "1"])
        let ssh = try await SSHServer(for: fixture)
        _ = try await Tool.run(
            "/usr/bin/ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", fixture.scratch("stranger")])
        let stranger = try String(contentsOfFile: fixture.scratch("stranger"), encoding: .utf8)
        for key in [stranger, "no key at all"] {
            let result = try await look(fixture, ssh, key: key, knownHosts: "\(ssh.host) \(ssh.hostKeyLine)\n")
            guard case .failure(let error) = result else { return #expect(Bool(false), "accepted") }
            #expect(error.code == .authentication, "\(error)")
            #expect(!error.description.contains("no key at all"))
        }
    }

    @Test func `fetch and push over ssh`() async throws {
        let fixture = try await Fixture()
        let first = try await fixture.commit(["a": "1"])
        let ssh = try await SSHServer(for: fixture)
        try await fixture.withRepository(
            remote: ssh.address(fixture.remote),
            credential: .ssh(privateKey: ssh.userKey, knownHosts: "\(ssh.host) \(ssh.hostKeyLine)\n")
        ) { repository in
            _ = try await repository.fetch(branch: "main")
            let ours = try await repository.writeCommit(
                payload: repository.payload(
                    of: CommitDraft(
                        parent: first, files: ["a": Array("2".utf8)], author: fixture.writer, committer: fixture.writer,
                        message: "ours")))
            let pushed = try await repository.push(ours, to: "refs/heads/main", expecting: first)
            #expect(pushed == .done)
        }
    }
}
