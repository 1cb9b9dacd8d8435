import Foundation
import Git
import Testing

/// Real servers on loopback. Those that need Python, which a machine may lack, are skipped there by name.
@Suite struct RemoteTests {
    /// Look, fetch, push to the branch, push a stale commit: the same on every transport.
    private func exercise(
        _ fixture: Fixture, _ address: String, _ credential: GitCredential? = nil, caFile: String? = nil
    ) async throws {
        let first = try await fixture.commit(["a": "1"], "first")
        try await fixture.withRepository(remote: address, caFile: caFile, credential: credential) { repository in
            let seen = try await repository.look(branch: "main")
            #expect(seen == first)
            let fetched = try await repository.fetch(branch: "main")
            #expect(fetched.head == first)
            let draft = CommitDraft(
                parent: first, files: ["a": Array("2".utf8)], author: fixture.writer, committer: fixture.writer,
                message: "ours")
            let ours = try await repository.writeCommit(payload: repository.payload(of: draft))
            let pushed = try await repository.push(ours, to: "refs/heads/main", expecting: first)
            #expect(pushed == .done)
            let there = try await fixture.id("main", in: fixture.remote)
            #expect(there == ours)
            let again = try await repository.push(ours, to: "refs/heads/main", expecting: first)
            #expect(again == .done, "a repeated push is no error")
            let stale = try await repository.writeCommit(
                payload: repository.payload(
                    of: CommitDraft(
                        parent: first, files: ["a": Array("3".utf8)], author: fixture.writer, committer: fixture.writer,
                        message: "stale")))
            let lost = try await repository.push(stale, to: "refs/heads/main", expecting: first)
            #expect(lost == .moved)
            let forced = try await repository.push(stale, to: "refs/heads/main", expecting: ours)
            #expect(forced == .moved, "a push is never forced")
            let branch = try await repository.push(stale, to: "refs/heads/proposal", expecting: nil)
            #expect(branch == .done)
            let taken = try await repository.push(ours, to: "refs/heads/proposal", expecting: nil)
            #expect(taken == .moved)
            let still = try await fixture.id("main", in: fixture.remote)
            #expect(still == ours)
            let fsck = try await Tool.git(["fsck", "--full", "--strict"], in: fixture.remote)
            #expect(!fsck.errors.contains("error") && !fsck.errors.contains("missing"))
        }
    }

    @Test func `a plain path`() async throws {
        let fixture = try await Fixture()
        try await exercise(fixture, fixture.remote)
    }

    @Test func `a file address`() async throws {
        let fixture = try await Fixture()
        try await exercise(fixture, "file://\(fixture.remote)")
    }

    @Test(.enabled(if: Server.isAvailable)) func `git daemon`() async throws {
        let fixture = try await Fixture()
        let server = try Server.daemon(for: fixture)
        try await exercise(fixture, "git://127.0.0.1:\(server.port)/remote.git")
    }

    @Test(.enabled(if: Server.isAvailable)) func `http with Basic authentication`() async throws {
        let fixture = try await Fixture()
        let server = try Server(["http", fixture.scratch.path, "git", "s3cret"], in: fixture.scratch)
        try await exercise(
            fixture, "http://127.0.0.1:\(server.port)/remote.git", .token(username: "git", token: "s3cret"))
    }

    @Test(.enabled(if: Server.isAvailable)) func `a refused or missing token is said, not retried for ever`()
        async throws
    {
        let fixture = try await Fixture()
        try await fixture.commit(["a": "1"])
        let server = try Server(
            ["http", fixture.scratch.path, "git", "right", fixture.scratch("log")], in: fixture.scratch)
        let address = "http://127.0.0.1:\(server.port)/remote.git"
        for credential in [GitCredential.token(username: "git", token: "wr0ng-canary"), nil] {
            try await fixture.withRepository(
                remote: address, folder: fixture.scratch("c\(credential == nil)"), credential: credential
            ) { repository in
                let error = await #expect(throws: GitError.self) { _ = try await repository.look(branch: "main") }
                #expect(error?.code == .authentication)
                #expect(error?.description.contains("canary") == false)
            }
        }
        let requests = try String(contentsOfFile: fixture.scratch("log"), encoding: .utf8).split(separator: "\n")
        #expect(requests.count <= 4)
    }

    @Test(.enabled(if: Server.isAvailable && Tool.exists("/usr/bin/openssl")))
    func `https with a certificate authority of our own`() async throws {
        let fixture = try await Fixture()
        let (key, certificate) = (fixture.scratch("tls.key"), fixture.scratch("tls.pem"))
        let made = try await Tool.run(
            "/usr/bin/openssl",
            [
                "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext",
                "subjectAltName=DNS:localhost", "-keyout", key, "-out", certificate,
            ])
        #expect(made.status == 0)
        let server = try Server(
            ["http", fixture.scratch.path, "git", "s3cret", fixture.scratch("log"), certificate, key],
            in: fixture.scratch)
        let address = "https://localhost:\(server.port)/remote.git"
        let token = GitCredential.token(username: "git", token: "s3cret")
        try await exercise(fixture, address, token, caFile: certificate)
        try await fixture.withRepository(remote: address, folder: fixture.scratch("c2"), credential: token) {
            repository in
            let thrown = await code { _ = try await repository.look(branch: "main") }
            #expect(thrown == .hostKey, "the certificate is not one of the system's")
        }
    }

    @Test(.enabled(if: Server.isAvailable)) func `a redirect to another server is not followed`() async throws {
        let fixture = try await Fixture()
        try await fixture.commit(["a": "1"])
        let log = fixture.scratch("log")
        let thief = try Server(["http", fixture.scratch.path, "git", "s3cret", log], in: fixture.scratch)
        let server = try Server(["http", fixture.scratch.path, "git", "s3cret"], in: fixture.scratch)
        try await fixture.withRepository(
            remote: "http://127.0.0.1:\(server.port)/redirect-\(thief.port)/remote.git",
            credential: .token(username: "git", token: "s3cret")
        ) { repository in
            let thrown = await code { _ = try await repository.look(branch: "main") }
            #expect(thrown == .protocolError)
        }
        #expect(!FileManager.default.fileExists(atPath: log), "it was never asked")
    }

    @Test(.enabled(if: Server.isAvailable)) func `http where there is no repository`() async throws {
        let fixture = try await Fixture()
        let server = try Server(["http", fixture.scratch.path, "git", ""], in: fixture.scratch)
        try await fixture.withRepository(remote: "http://127.0.0.1:\(server.port)/nothing.git") { repository in
            let thrown = await code { _ = try await repository.look(branch: "main") }
            #expect(thrown == .noSuchRepository)
        }
        // A folder that is there, and no repository.
        try await fixture.withRepository(remote: fixture.scratch.path, folder: fixture.scratch("c3")) { repository in
            let thrown = await code { _ = try await repository.look(branch: "main") }
            #expect(thrown == .noSuchRepository)
        }
    }

    @Test func `what a remote may lack`() async throws {
        let fixture = try await Fixture()
        try await fixture.withRepository { repository in
            let empty = await code { _ = try await repository.look(branch: "main") }
            #expect(empty == .emptyRepository)
            try await fixture.commit(["a": "1"])
            let error = await #expect(throws: GitError.self) { _ = try await repository.fetch(branch: "production") }
            #expect(error?.code == .noSuchBranch)
            #expect(error?.message.contains("it has main") == true)
            let notes = try await repository.fetchNotes("refs/notes/ballast")
            #expect(notes == nil)
        }
        try await fixture.withRepository(remote: fixture.scratch("nowhere"), folder: fixture.scratch("c2")) {
            repository in
            let thrown = await code { _ = try await repository.look(branch: "main") }
            #expect(thrown == .noSuchRepository)
        }
    }

    @Test(arguments: ["", "file://"]) func `a shallow remote is refused`(scheme: String) async throws {
        let fixture = try await Fixture()
        try await fixture.commit(["a": "1"])
        try await fixture.commit(["a": "2"])
        let shallow = fixture.scratch("shallow.git")
        try await Tool.git(
            ["clone", "-q", "--bare", "--depth", "1", "file://\(fixture.remote)", shallow], in: fixture.scratch.path)
        try await fixture.withRepository(remote: scheme + shallow) { repository in
            let thrown = await code { _ = try await repository.fetch(branch: "main") }
            #expect(thrown == .shallowRemote)
        }
    }

    @Test(.enabled(if: Server.isAvailable)) func `a shallow remote behind a server is refused`() async throws {
        let fixture = try await Fixture()
        try await fixture.commit(["a": "1"])
        try await fixture.commit(["a": "2"])
        try await Tool.git(
            ["clone", "-q", "--bare", "--depth", "1", "file://\(fixture.remote)", fixture.scratch("shallow.git")],
            in: fixture.scratch.path)
        let server = try Server.daemon(for: fixture)
        try await fixture.withRepository(remote: "git://127.0.0.1:\(server.port)/shallow.git", limits: .quick) {
            repository in
            let thrown = await code { _ = try await repository.fetch(branch: "main") }
            #expect(thrown == .shallowRemote)
        }
    }

    @Test func `a rewritten branch is fetched, and seen as no descendant`() async throws {
        let fixture = try await Fixture()
        try await fixture.commit(["a": "1"])
        let old = try await fixture.commit(["a": "2"])
        try await fixture.withRepository { repository in
            _ = try await repository.fetch(branch: "main")
            try await Tool.git(["commit", "-q", "--amend", "-m", "other"], in: fixture.work)
            try await Tool.git(["push", "-q", "-f", "origin", "HEAD:main"], in: fixture.work)
            let new = try await repository.fetch(branch: "main", known: old).head
            let descends = try await repository.isDescendant(new, of: old)
            #expect(!descends)
        }
    }

    @Test(.enabled(if: Server.isAvailable)) func `the remote's own words come with a refusal`() async throws {
        let fixture = try await Fixture()
        let first = try await fixture.commit(["a": "1"])
        try fixture.scratch.write(
            "#!/bin/sh\necho 'main is protected: ask the owners' >&2\nexit 1\n", to: "remote.git/hooks/pre-receive")
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o755], ofItemAtPath: fixture.scratch("remote.git/hooks/pre-receive"))
        let server = try Server.daemon(for: fixture)
        try await fixture.withRepository(remote: "git://127.0.0.1:\(server.port)/remote.git") { repository in
            _ = try await repository.fetch(branch: "main")
            let ours = try await repository.writeCommit(
                payload: repository.payload(
                    of: CommitDraft(
                        parent: first, files: ["a": Array("2".utf8)], author: fixture.writer, committer: fixture.writer,
                        message: "ours")))
            guard case .rejected(let words) = try await repository.push(ours, to: "refs/heads/main", expecting: first)
            else {
                return #expect(Bool(false), "the push was not refused")
            }
            #expect(words.contains("main is protected: ask the owners"))
        }
    }

    @Test(arguments: ["pre-receive", "update"])
    func `a hook that guards the branches of a path is not passed by`(hook: String) async throws {
        let fixture = try await Fixture()
        let first = try await fixture.commit(["a": "1"])
        try fixture.scratch.write("#!/bin/sh\nexit 1\n", to: "remote.git/hooks/\(hook)")
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o755], ofItemAtPath: fixture.scratch("remote.git/hooks/\(hook)"))
        try await fixture.withRepository { repository in
            _ = try await repository.fetch(branch: "main")
            let ours = try await repository.writeCommit(
                payload: repository.payload(
                    of: CommitDraft(
                        parent: first, files: ["a": Array("2".utf8)], author: fixture.writer, committer: fixture.writer,
                        message: "ours")))
            guard case .rejected(let words) = try await repository.push(ours, to: "refs/heads/main", expecting: first)
            else { return #expect(Bool(false), "it was moved") }
            #expect(words.contains(hook))
            let notes = try await repository.push(ours, to: "refs/notes/ballast", expecting: nil)
            #expect(notes == .done)
        }
    }

    @Test func `a branch that is checked out is not moved under somebody's feet`() async throws {
        let fixture = try await Fixture()
        let first = try await fixture.commit(["a": "1"])
        try await fixture.withRepository(remote: fixture.work) { repository in
            _ = try await repository.fetch(branch: "main")
            let ours = try await repository.writeCommit(
                payload: repository.payload(
                    of: CommitDraft(
                        parent: first, files: ["a": Array("2".utf8)], author: fixture.writer, committer: fixture.writer,
                        message: "ours")))
            let direct = try await repository.push(ours, to: "refs/heads/main", expecting: first)
            guard case .rejected = direct else { return #expect(Bool(false), "it was moved") }
            let notes = try await repository.push(ours, to: "refs/notes/ballast", expecting: nil)
            #expect(notes == .done)
        }
    }
}
