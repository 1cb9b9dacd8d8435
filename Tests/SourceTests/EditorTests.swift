import Domain
import Foundation
import Git
import Source
import Support
import Testing

/// The commit of a rollback: one value, nothing else, and what becomes of it at the remote.
struct EditorTests {
    private func request(_ name: String, _ target: RollbackRequest.Target = .lastVersionChange) -> RollbackRequest {
        RollbackRequest(
            name: name, target: target, author: GitPerson(name: "Carol", email: "carol@example.com"),
            at: Timestamp(milliseconds: 1_795_350_000_000), offsetMinutes: 60, reason: "it greets in Latin",
            branchSuffix: "7f3a")
    }

    private func rollback(_ bench: SourceBench, _ request: RollbackRequest, key: SSHSigningKey? = nil) async throws
        -> RollbackOutcome
    {
        try await GitManifestEditor(access: bench.access, decoder: bench.decoder, signingKey: key).rollback(request)
            .get()
    }

    @Test
    func `the last change of version is undone, in one line`() async throws {
        try await SourceBench.run { bench in
            let file = { (version: String) in
                documents(
                    "# ours\n" + manifest("a", version: "\(version)   # pinned").replacing("\n", with: "\r\n"),
                    manifest("b"))
            }
            try await bench.commit(["all.yaml": file("v_1")], "Base")
            let bad = try await bench.commit(["all.yaml": file("'v_2'")], "Bad")
            try await bench.commit(["x.txt": "x"], "Something else")
            guard case .pushed(let made) = try await rollback(bench, request("a")) else {
                Issue.record("not pushed")
                return
            }
            #expect(made.from == "v_2" && made.to == "v_1" && made.path == "all.yaml" && made.reverts == bad)
            try await bench.fixture.git("fetch", "--quiet", "origin", "main")
            let diff = try await bench.fixture.git("diff", "--numstat", "HEAD", "FETCH_HEAD")
            #expect(diff == "1\t1\tall.yaml")
            let shown = try await bench.fixture.git(
                "log", "-1", "--format=%H %an <%ae> %cn %ad%n%B", "--date=iso", "FETCH_HEAD")
            #expect(shown.hasPrefix("\(made.id.hex) Carol <carol@example.com> Carol 2026-11-22 13:20:00 +0100\n"))
            #expect(shown.contains("Roll back a from v_2 to v_1"))
            #expect(shown.contains(bad.hex) && shown.contains("it greets in Latin"))
        }
    }

    @Test
    func `a version that failed here is gone back to only where a person names it`() async throws {
        try await SourceBench.run { bench in
            try await bench.commit(["a.yaml": manifest("a", version: "v_bad")], "Bad")
            try await bench.commit(["a.yaml": manifest("a", version: "v_2")], "Better")
            var asked = request("a")
            asked.failedHere = ["v_bad"]
            let failure = await #expect(throws: SourceFailure.self) { try await rollback(bench, asked) }
            #expect(failure?.code == .refused && failure?.message.contains("--to") == true)
            asked.target = .version("v_bad")
            guard case .pushed(let made) = try await rollback(bench, asked) else {
                Issue.record("not pushed")
                return
            }
            #expect(made.to == "v_bad")
        }
    }

    @Test(
        .enabled(if: GitDaemon.isAvailable, "needs python3"),
        arguments: ["a..b", "a...b", "-x", "x.lock", "a.", "0.-"])
    func `the branch of a refused push is a legal one for every legal name`(_ name: String) async throws {
        try await SourceBench.run { bench in
            try await bench.commit(["a.yaml": manifest(name)], "Base")
            try await bench.commit(["a.yaml": manifest(name, version: "v_2")], "Bad")
            try await bench.refusing("refs/heads/main", "main is protected") { bench in
                guard case .refused(_, let branch, _, _) = try await rollback(bench, request(name)) else {
                    Issue.record("not refused")
                    return
                }
                #expect(branch.hasPrefix("ballast/rollback-") && branch.hasSuffix("-7f3a"))
                #expect(try await bench.fixture.git("check-ref-format", "--branch", branch) == branch)
            }
        }
    }

    @Test
    func `a whole undoing is written, and read, as a revert`() async throws {
        try await SourceBench.run { bench in
            try await bench.commit(["a.yaml": manifest("a")], "Base")
            let bad = try await bench.commit(["a.yaml": manifest("a", version: "v_2")], "Bad")
            _ = try await rollback(bench, request("a"))
            let reading = try await bench.read(since: bad)
            #expect(reading.document("a")?.version == "v_1")
            #expect(reading.document("a")?.provenance.reverts == bad)
        }
    }

    @Test
    func `other changes since stay, and it is no revert then`() async throws {
        try await SourceBench.run { bench in
            try await bench.commit(["a.yaml": manifest("a")], "Base")
            let bad = try await bench.commit(["a.yaml": manifest("a", version: "v_2")], "Bad")
            try await bench.commit(["a.yaml": manifest("a", version: "v_2", extra: "  selfHeal: false")], "Watch it")
            guard case .pushed(let made) = try await rollback(bench, request("a")) else {
                Issue.record("not pushed")
                return
            }
            #expect(made.to == "v_1" && made.reverts == bad)
            let document = try await bench.read(since: bad).document("a")
            guard case .manifest(let manifest, _, _) = document?.outcome else {
                Issue.record("no manifest")
                return
            }
            #expect(manifest.spec.version == "v_1" && !manifest.spec.selfHeal)
            #expect(document?.provenance.reverts == nil)
            #expect(document?.provenance.message.contains("undoes the change of version in commit \(bad.hex)") == true)
        }
    }

    @Test
    func `a version can be named, and may be there already`() async throws {
        try await SourceBench.run { bench in
            try await bench.commit(["a.yaml": manifest("a")], "Base")
            guard case .pushed(let made) = try await rollback(bench, request("a", .version("1.10"))) else {
                Issue.record("not pushed")
                return
            }
            #expect(made.to == "1.10" && made.reverts == nil)
            #expect(try await bench.read().document("a")?.version == "1.10")
            #expect(try await rollback(bench, request("a", .version("1.10"))) == .unchanged(version: "1.10"))
        }
    }

    @Test
    func `what cannot be rolled back says why`() async throws {
        try await SourceBench.run { bench in
            try await bench.commit(
                ["a.yaml": manifest("a"), "b.yaml": manifest("b"), "c.yaml": manifest("b")], "Base")
            let editor = GitManifestEditor(access: bench.access, decoder: bench.decoder)
            let absent = await editor.rollback(request("nobody")).failure
            #expect(absent?.code == .notFound && absent?.message.contains("no good manifest named nobody") == true)
            let never = await editor.rollback(request("a")).failure
            #expect(never?.code == .notFound && never?.message.contains("since it was added") == true)
            let twice = await editor.rollback(request("b", .version("v_2"))).failure
            #expect(twice?.code == .refused && twice?.message.contains("b.yaml, c.yaml") == true)
            let bad = await editor.rollback(request("a", .version("bad\u{202E}"))).failure
            #expect(bad?.code == .refused)
        }
    }

    @Test
    func `a version that moved with its file is found`() async throws {
        try await SourceBench.run { bench in
            try await bench.commit(["a.yaml": manifest("a")], "Base")
            let bad = try await bench.commit(
                ["a.yaml": nil, "team/a.yaml": manifest("a", version: "v_2")], "Move and bump")
            guard case .pushed(let made) = try await rollback(bench, request("a")) else {
                Issue.record("not pushed")
                return
            }
            #expect(made.path == "team/a.yaml" && made.to == "v_1" && made.reverts == bad)
        }
    }

    @Test(.enabled(if: GitDaemon.isAvailable, "needs python3"))
    func `a protected branch gets a branch beside it`() async throws {
        try await SourceBench.run { bench in
            try await bench.commit(["a.yaml": manifest("a")], "Base")
            let head = try await bench.commit(["a.yaml": manifest("a", version: "v_2")], "Bad")
            try await bench.refusing("refs/heads/main", "main is protected") { bench in
                guard
                    case .refused(let made, let branch, let answer, let link) = try await rollback(bench, request("a"))
                else {
                    Issue.record("not refused")
                    return
                }
                #expect(branch == "ballast/rollback-a-7f3a" && answer.contains("hook declined") && link == nil)
                let remote = bench.folder.path("remote.git")
                let pushed = try await checkProcess("git", ["-C", remote, "rev-parse", branch, "main"])
                #expect(pushed.standardOutput == "\(made.id.hex)\n\(head.hex)\n")
            }
        }
    }

    @Test(.enabled(if: GitDaemon.isAvailable, "needs python3"))
    func `a remote that takes nothing is a refusal`() async throws {
        try await SourceBench.run { bench in
            try await bench.commit(["a.yaml": manifest("a")], "Base")
            try await bench.refusing("*", "read only") { bench in
                let editor = GitManifestEditor(access: bench.access, decoder: bench.decoder)
                let failure = await editor.rollback(request("a", .version("v_2"))).failure
                #expect(failure?.code == .refused && failure?.mayPass == false)
            }
        }
    }

    @Test(.enabled(if: BuiltProducts.hasProgram("ssh-keygen"), "needs ssh-keygen"))
    func `with a key the commit is signed`() async throws {
        try await SourceBench.run { bench in
            try await checkProcess(
                "ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", bench.folder.path("key")])
            try await bench.commit(["a.yaml": manifest("a")], "Base")
            let key = try SSHSigningKey(file: bench.folder.bytes("key"))
            guard case .pushed(let made) = try await rollback(bench, request("a", .version("v_0")), key: key) else {
                Issue.record("not pushed")
                return
            }
            try await bench.fixture.git("fetch", "--quiet", "origin", "main")
            let signers = try bench.folder.write("carol \(key.publicLine)\n", to: "signers")
            try await bench.fixture.git("config", "gpg.ssh.allowedSignersFile", signers)
            try await bench.fixture.git("verify-commit", made.id.hex)
        }
    }
}
