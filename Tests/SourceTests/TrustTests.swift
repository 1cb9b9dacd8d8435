import Domain
import Source
import Support
import Testing

/// Verdicts on every new commit, not the head alone.
@Suite(.enabled(if: BuiltProducts.hasProgram("ssh-keygen"), "needs ssh-keygen"))
struct TrustTests {
    private static func listAlice(_ settings: inout SourceSettings, _ folder: TemporaryFolder) async throws {
        try await checkProcess("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", folder.path("key")])
        settings.trust.allowedSigners = try folder.write("alice " + folder.read("key.pub"), to: "signers")
    }

    @Test
    func `each new commit has its verdict, and so has each origin`() async throws {
        try await SourceBench.run(configure: Self.listAlice) { bench in
            let first = try await bench.commit(["a.yaml": manifest("a"), "b.yaml": manifest("b")], "Unsigned")
            try await bench.fixture.git("config", "gpg.format", "ssh")
            try await bench.fixture.git("config", "user.signingKey", bench.folder.path("key"))
            try await signed(["a.yaml": manifest("a", version: "v_2")], "Signed", bench)
            try await bench.commit(["x.txt": "x"], "Unsigned again")
            try await signed(["y.txt": "y"], "Signed head", bench)
            try await bench.publish()
            let reading = try await bench.read(since: first)
            #expect(reading.commits.map(\.signature.isGood) == [true, false, true])
            #expect(reading.commits[1].signature == .unsigned)
            guard case .good("alice", _) = reading.document("a")?.provenance.signature else {
                Issue.record("the origin has no good signature")
                return
            }
            let all = try await bench.read()
            #expect(all.commits.map(\.signature.isGood) == [true])
            #expect(all.document("b")?.provenance.signature == .unsigned)
        }
    }

    @Test
    func `without lists a signature is not judged`() async throws {
        try await SourceBench.run { bench in
            try await checkProcess(
                "ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", bench.folder.path("key")])
            try await bench.fixture.git("config", "gpg.format", "ssh")
            try await bench.fixture.git("config", "user.signingKey", bench.folder.path("key"))
            try await signed(["a.yaml": manifest("a")], "Signed", bench)
            try await bench.publish()
            #expect(try await bench.read().commits.map(\.signature) == [.unchecked])
        }
    }

    @Test
    func `a list that cannot be used names its file and line`() async throws {
        try await withTemporaryFolder { folder in
            var trust = SourceSettings.Trust()
            trust.allowedSigners = try folder.write("# fine\nnot fine\n", to: "signers")
            let failure = await #expect(throws: SourceFailure.self) { try await TrustedKeys(trust) }
            #expect(failure?.code == .misconfigured)
            #expect(failure?.message.contains("signers:2: ") == true)
            trust.allowedSigners = folder.path("absent")
            let absent = await #expect(throws: SourceFailure.self) { try await TrustedKeys(trust) }
            #expect(absent?.message.contains("absent cannot be read") == true)
        }
    }

    private func signed(_ files: [String: String], _ message: String, _ bench: SourceBench) async throws {
        for (name, text) in files { try bench.folder.write(text, to: "repository/\(name)") }
        try await bench.fixture.git("add", "--all")
        try await bench.fixture.git(["-c", "commit.gpgSign=true", "commit", "--quiet", "-S", "-m", message])
        bench.fixture.clock += 60
    }
}
