import Foundation
import Git
import Support
import Testing

/// Our judgement of SSH signatures against git's and ssh-keygen's own.
@Suite(.enabled(if: BuiltProducts.hasProgram("ssh-keygen"), "needs ssh-keygen"))
struct SignaturesSSHTests {
    @Test(arguments: [("ed25519", nil), ("ecdsa", "256"), ("ecdsa", "384"), ("ecdsa", "521")])
    func `a signature by a listed key is good, as git says`(type: String, bits: String?) async throws {
        try await withTemporaryFolder { folder in
            let signed = try await SSHSigned(in: folder)
            let key = try await signed.makeKey("key", type: type, bits: bits)
            let raw = try await signed.signedCommit(with: "key", message: "Übung\n\nmit mehr")
            let signers = "# people\n\nalice@example.com,ops \(key) a comment\n"
            #expect(try await signed.gitAccepts("HEAD", allowedSigners: signers))
            guard case .good(let signer, let fingerprint) = try await CommitVerifier(signers: signers).verify(raw)
            else {
                Issue.record("not good")
                return
            }
            #expect(signer == "alice@example.com,ops")
            let listed = try await checkProcess("ssh-keygen", ["-l", "-f", folder.path("key.pub")])
            #expect(listed.standardOutput.contains(fingerprint))
        }
    }

    @Test
    func `a listed RSA key gets a clear no`() async throws {
        try await withTemporaryFolder { folder in
            let signed = try await SSHSigned(in: folder)
            let key = try await signed.makeKey("key", type: "rsa", bits: "2048")
            let raw = try await signed.signedCommit(with: "key")
            let verdict = try await CommitVerifier(signers: "a \(key)").verify(raw)
            #expect(verdict == .unsupported("keys of type ssh-rsa are not supported"))
        }
    }

    @Test
    func `who is not listed is unknown, whatever else is listed`() async throws {
        try await withTemporaryFolder { folder in
            let signed = try await SSHSigned(in: folder)
            _ = try await signed.makeKey("stranger")
            let other = try await signed.makeKey("other")
            let raw = try await signed.signedCommit(with: "stranger")
            let signers = "*@example.com \(other)\n"
            #expect(try await signed.gitAccepts("HEAD", allowedSigners: signers) == false)
            guard case .unknownKey(let key) = try await CommitVerifier(signers: signers).verify(raw) else {
                Issue.record("not unknown")
                return
            }
            #expect(key.hasPrefix("SHA256:"))
            #expect(
                await CommitVerifier(allowedSigners: nil, gpgKeys: nil).verify(raw)
                    == .unsupported("an SSH signature, and no allowedSigners are configured"))
        }
    }

    /// The fixture's clock stands at 2026-11-22T10:00:00Z.
    @Test(arguments: [
        ("valid-after=\"20261122100000Z\"", true), ("valid-after=\"20261122100001Z\"", false),
        ("valid-before=\"20261122100000Z\"", true), ("valid-before=\"20261122095959Z\"", false),
        ("valid-after=\"20261122Z\",valid-before=\"20261123Z\"", true), ("valid-before=\"202611220959Z\"", false),
        ("namespaces=\"git\"", true), ("namespaces=\"file,g?t\"", true), ("namespaces=\"file\"", false),
        ("namespaces=\"*,!git\"", false), ("NAMESPACES=\"git\",valid-after=\"20200101Z\"", true),
        ("cert-authority", false),
    ])
    func `options count as they do for git`(option: String, isGood: Bool) async throws {
        try await withTemporaryFolder { folder in
            let signed = try await SSHSigned(in: folder)
            let key = try await signed.makeKey("key")
            let raw = try await signed.signedCommit(with: "key")
            let signers = "alice@example.com \(option) \(key)\n"
            #expect(try await signed.gitAccepts("HEAD", allowedSigners: signers) == isGood)
            #expect(try await CommitVerifier(signers: signers).verify(raw).isGood == isGood)
        }
    }

    @Test
    func `a later line may allow what an earlier one refuses`() async throws {
        try await withTemporaryFolder { folder in
            let signed = try await SSHSigned(in: folder)
            let key = try await signed.makeKey("key")
            let raw = try await signed.signedCommit(with: "key")
            let signers = "old valid-before=\"2020\(String("0101Z"))\" \(key)\nnew \(key)\n"
            guard case .good("new", _) = try await CommitVerifier(signers: signers).verify(raw) else {
                Issue.record("not good by the second line")
                return
            }
        }
    }

    @Test(arguments: ["sha256", "sha512"])
    func `both digests of ssh-keygen are read`(hash: String) async throws {
        try await withTemporaryFolder { folder in
            let signed = try await SSHSigned(in: folder)
            let key = try await signed.makeKey("key")
            let raw = try await handSigned(in: signed, key: "key", namespace: "git", hash: hash)
            #expect(try await CommitVerifier(signers: "a \(key)").verify(raw).isGood)
        }
    }

    @Test
    func `a signature for another purpose proves nothing`() async throws {
        try await withTemporaryFolder { folder in
            let signed = try await SSHSigned(in: folder)
            let key = try await signed.makeKey("key")
            let raw = try await handSigned(in: signed, key: "key", namespace: "file", hash: "sha512")
            let id = try await SignatureOracle.store(raw, in: signed.fixture, folder: folder)
            #expect(try await signed.gitAccepts(id, allowedSigners: "a \(key)\n") == false)
            let verdict = try await CommitVerifier(signers: "a \(key)").verify(raw)
            #expect(verdict == .bad("the signature was made for “file”, not for git"))
        }
    }

    @Test
    func `no change of a signed commit stays good, and none ends the process`() async throws {
        try await withTemporaryFolder { folder in
            let signed = try await SSHSigned(in: folder)
            let key = try await signed.makeKey("key")
            let raw = try await signed.signedCommit(with: "key")
            let verifier = try CommitVerifier(signers: "a \(key)")
            #expect(await verifier.verify(raw).isGood)
            let text = String(decoding: raw, as: UTF8.self)
            let from = try #require(text.range(of: "gpgsig")).lowerBound.utf16Offset(in: text)
            let to = try #require(text.range(of: "-----END SSH SIGNATURE-----\n")).upperBound.utf16Offset(in: text)
            for index in raw.indices {
                for bit in [0, 3, 6] {
                    var changed = raw
                    changed[index] ^= 1 << UInt8(bit)
                    let isInArmour = (from..<to).contains(index)
                    let isGood = await verifier.verify(changed).isGood
                    #expect(!isGood || isInArmour, "byte \(index), bit \(bit)")
                }
                #expect(await verifier.verify(Array(raw[..<index])).isGood == false, "cut at \(index)")
            }
        }
    }

    /// A commit signed by `ssh-keygen -Y sign` over the payload of an unsigned one.
    private func handSigned(in signed: SSHSigned, key: String, namespace: String, hash: String) async throws -> [UInt8]
    {
        try await signed.fixture.commitIndex(message: "Plain")
        let payload = try await signed.raw("HEAD")
        let file = try signed.folder.write(payload, to: "payload")
        try await checkProcess(
            "ssh-keygen",
            ["-q", "-Y", "sign", "-n", namespace, "-O", "hashalg=\(hash)", "-f", signed.folder.path(key), file])
        return try SignaturesHeader.signed(payload, armour: signed.folder.read("payload.sig"))
    }
}

enum SignaturesHeader {
    /// A payload with `gpgsig` put where git puts it, before the blank line.
    static func signed(_ payload: [UInt8], armour: String, header: String = "gpgsig") throws -> [UInt8] {
        let text = String(decoding: payload, as: UTF8.self)
        let blank = try #require(text.range(of: "\n\n"))
        let folded = armour.split(separator: "\n").joined(separator: "\n ")
        return Array((text[..<blank.lowerBound] + "\n\(header) \(folded)" + text[blank.lowerBound...]).utf8)
    }
}
