import Foundation
import Git
import Support
import Testing

/// OpenPGP signatures by the real gpg, judged through gpgv.
@Suite(
    .enabled(
        if: BuiltProducts.hasProgram("gpg") && BuiltProducts.hasProgram("gpgv") && BuiltProducts.hasProgram("gpgconf"),
        "needs gpg, gpgv and gpgconf"), .serialized)
struct SignaturesOpenPGPTests {
    /// A key ring of its own, whose agent is ended afterwards.
    private struct Ring {
        let folder: TemporaryFolder
        let home: String
        let fixture: GitFixture

        func gpg(_ arguments: [String], input: String = "") async throws -> String {
            try await checkProcess(
                "gpg",
                ["--homedir", home, "--batch", "--yes", "--pinentry-mode", "loopback", "--passphrase", ""] + arguments,
                input: input
            ).standardOutput
        }

        func makeKey(_ name: String, expires: String = "never", algorithm: String = "ed25519") async throws -> String {
            _ = try await gpg(["--quick-generate-key", "\(name) <\(name)@example.com>", algorithm, "sign", expires])
            return try await fingerprint(name)
        }

        func fingerprint(_ name: String) async throws -> String {
            let listing = try await gpg(["--with-colons", "--list-keys", "=\(name) <\(name)@example.com>"])
            let line = try #require(listing.split(separator: "\n").first { $0.hasPrefix("fpr:") })
            return String(line.split(separator: ":", omittingEmptySubsequences: false)[9])
        }

        func export(_ names: String...) async throws -> [UInt8] {
            Array(try await gpg(["--armor", "--export"] + names).utf8)
        }

        func signedCommit(by key: String) async throws -> [UInt8] {
            var variables = GitFixture.environment
            variables["GNUPGHOME"] = home
            for who in ["AUTHOR", "COMMITTER"] {
                variables["GIT_\(who)_NAME"] = "Alice"
                variables["GIT_\(who)_EMAIL"] = "alice@example.com"
            }
            try await checkProcess(
                "git", ["commit", "--quiet", "--allow-empty", "-S\(key)", "-m", "Change"], environment: variables,
                in: fixture.path)
            return try await SignatureOracle.raw("HEAD", in: fixture)
        }

        /// A gpgv that sees neither revocation nor expiry.
        func lenientVerifier() throws -> String {
            let script = try folder.write(
                "#!/bin/sh\ngpgv \"$@\" | sed -e 's/REVKEYSIG/GOODSIG/' -e 's/EXPKEYSIG/GOODSIG/'\n", to: "lenient-gpgv"
            )
            try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: script)
            return script
        }

        func gitAccepts() async throws -> Bool {
            try await SignatureOracle.verifies("HEAD", in: fixture, environment: ["GNUPGHOME": home])
        }
    }

    private func withRing(_ body: (Ring) async throws -> Void) async throws {
        try await withTemporaryFolder { folder in
            let home = try folder.makeFolder("g")
            try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: home)
            let ring = Ring(folder: folder, home: home, fixture: try await GitFixture.create(in: folder))
            do {
                try await body(ring)
            } catch {
                try await checkProcess("gpgconf", ["--homedir", home, "--kill", "all"])
                throw error
            }
            try await checkProcess("gpgconf", ["--homedir", home, "--kill", "all"])
        }
    }

    private func verifier(_ keys: [UInt8], gpgv: String = "gpgv") throws -> CommitVerifier {
        CommitVerifier(allowedSigners: nil, gpgKeys: try PGPKeyring(file: keys), gpgv: gpgv)
    }

    @Test
    func `a listed key is good, a stranger unknown, a changed commit bad`() async throws {
        try await withRing { ring in
            let alice = try await ring.makeKey("alice")
            _ = try await ring.makeKey("mallory")
            let raw = try await ring.signedCommit(by: "alice@example.com")
            #expect(try await ring.gitAccepts())
            let both = try await ring.export("alice@example.com", "mallory@example.com")
            let verdict = try await verifier(both).verify(raw)
            #expect(verdict == .good(signer: "alice <alice@example.com>", keyFingerprint: alice))
            let stranger = try await verifier(ring.export("mallory@example.com")).verify(raw)
            #expect(stranger == .unknownKey(alice))
            let changed = try await verifier(both).verify(replacing("Change", with: "Chance", in: raw))
            #expect(changed == .bad("gpgv says BADSIG"))
            #expect(
                await CommitVerifier(allowedSigners: nil, gpgKeys: nil).verify(raw)
                    == .unsupported("an OpenPGP signature, and no gpgKeys are configured"))
            let without = try await verifier(both, gpgv: "gpgv-that-is-not-there").verify(raw)
            #expect(without == .unsupported("gpgv is not installed"))
        }
    }

    @Test
    func `two blocks and an RSA key with a signing subkey are read`() async throws {
        try await withRing { ring in
            _ = try await ring.makeKey("mallory")
            let alice = try await ring.makeKey("alice", algorithm: "rsa2048")
            _ = try await ring.gpg(["--quick-add-key", alice, "ed25519", "sign", "1d"])
            let raw = try await ring.signedCommit(by: "alice@example.com")
            let blocks = try await ring.export("mallory@example.com") + ring.export("alice@example.com")
            let verdict = try await verifier(blocks).verify(raw)
            #expect(verdict == .good(signer: "alice <alice@example.com>", keyFingerprint: alice))
        }
    }

    /// Older versions of gpgv accept all of these: such a one stands beside the real one here.
    @Test
    func `a revoked key does not count`() async throws {
        try await withRing { ring in
            let alice = try await ring.makeKey("alice")
            let raw = try await ring.signedCommit(by: "alice@example.com")
            let fresh = try await ring.export("alice@example.com")
            #expect(try await verifier(fresh).verify(raw).isGood)
            let certificate = try String(
                contentsOfFile: ring.home + "/openpgp-revocs.d/\(alice).rev", encoding: .utf8
            ).replacingOccurrences(of: ":-----BEGIN", with: "-----BEGIN")
            _ = try await ring.gpg(["--import"], input: certificate)
            #expect(try await ring.gitAccepts() == false)
            let keys = try await ring.export("alice@example.com")
            #expect(try await verifier(keys).verify(raw) == .bad("gpgv says REVKEYSIG"))
            let lenient = try await verifier(keys, gpgv: ring.lenientVerifier()).verify(raw)
            #expect(lenient == .bad("the key \(alice) is revoked"))
        }
    }

    @Test
    func `a key whose end was taken away counts`() async throws {
        try await withRing { ring in
            let bob = try await ring.makeKey("bob", expires: "1d")
            let byBob = try await ring.signedCommit(by: "bob@example.com")
            #expect(try await verifier(ring.export("bob@example.com")).verify(byBob).isGood)
            _ = try await ring.gpg(["--faked-system-time", "20990101T000000!", "--quick-set-expire", bob, "seconds=0"])
            let later = try await verifier(ring.export("bob@example.com")).verify(byBob)
            #expect(later.isGood, "a key without an end")
        }
    }

    @Test
    func `an end before the commit is noticed`() async throws {
        try await withRing { ring in
            _ = try await ring.gpg([
                "--faked-system-time", "20200101T000000!", "--quick-generate-key", "carol <carol@example.com>",
                "ed25519",
                "sign", "seconds=86400",
            ])
            let carol = try await ring.fingerprint("carol")
            // gpg refuses to sign with it now: its own clock is set back for the signature.
            let script = try ring.folder.write(
                "#!/bin/sh\nexec gpg --homedir \(ring.home) --faked-system-time 20200101T010000! \"$@\"\n",
                to: "gpg-then")
            try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: script)
            try await ring.fixture.git("config", "gpg.program", script)
            let raw = try await ring.signedCommit(by: "carol@example.com")
            let keys = try await ring.export("carol@example.com")
            #expect(try await verifier(keys).verify(raw) == .bad("gpgv says EXPKEYSIG"))
            let lenient = try await verifier(keys, gpgv: ring.lenientVerifier()).verify(raw)
            #expect(lenient == .bad("the key \(carol) was no longer valid when the commit was made"))
        }
    }

    @Test
    func `no change of a signed commit is good`() async throws {
        try await withRing { ring in
            _ = try await ring.makeKey("alice")
            let raw = try await ring.signedCommit(by: "alice@example.com")
            let verifier = try await verifier(ring.export("alice@example.com"))
            for index in stride(from: 0, to: raw.count, by: 17) {
                var changed = raw
                changed[index] ^= 1
                let before = String(decoding: raw, as: UTF8.self).split(separator: "gpgsig", maxSplits: 1)
                let isInHeader = index > (before.first?.utf8.count ?? 0)
                #expect(await !verifier.verify(changed).isGood || isInHeader, "byte \(index)")
                #expect(await verifier.verify(Array(raw[..<index])).isGood == false, "cut at \(index)")
            }
        }
    }

    @Test
    func `damaged, secret and empty key files say what is wrong`() async throws {
        try await withRing { ring in
            _ = try await ring.makeKey("alice")
            let good = try await ring.export("alice@example.com")
            let secret = try await ring.gpg(["--armor", "--export-secret-keys", "alice@example.com"])
            let lines = String(decoding: good, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
            var wrong = lines
            wrong[3] = "A" + (lines[3].hasPrefix("A") ? "B" : lines[3].prefix(1)) + lines[3].dropFirst(2)
            for (file, words) in [
                (Array(secret.utf8), "not a PGP PUBLIC KEY BLOCK"), ([], "no whole OpenPGP key block"),
                (Array(good.dropLast(10)), "no whole OpenPGP key block"),
                (Array(wrong.joined(separator: "\n").utf8), "check sum does not fit"), ([0x99, 1], "damaged"),
            ] {
                let problem = #expect(throws: KeyListProblem.self) { try PGPKeyring(file: file) }
                #expect(problem?.message.contains(words) == true, "\(problem?.message ?? "") instead of \(words)")
            }
            for index in good.indices {
                var changed = good
                changed[index] ^= 8
                _ = try? PGPKeyring(file: changed)
                _ = try? PGPKeyring(file: Array(good[..<index]))
            }
        }
    }
}
