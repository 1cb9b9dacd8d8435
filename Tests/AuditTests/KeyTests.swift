import Domain
import Foundation
import Support
import Testing

@testable import Audit

@Suite("Keys of the trail, and other judges of what they sign") struct KeyTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private static let hasOpenSSL = BuiltProducts.hasProgram("openssl")
    private static let hasCryptography = Verifiers.has("cryptography.hazmat.primitives.asymmetric.ed25519")

    private func signed(by pem: String) throws -> AuditRecord {
        var writer = ChainWriter(head: ChainHead(id: "c1"), signer: try AuditSigner(pem: pem))
        let line = try writer.append(
            AuditDraft(
                fields: ["message": .string("Grüße €")], at: Timestamp(milliseconds: 5), bot: nil, rolloutId: nil,
                notedOn: nil, closesSteps: false))
        return try #require(AuditLineKind(Array(line.line.utf8)).record)
    }

    @Test("openssl makes the key, and accepts what it signed", .enabled(if: hasOpenSSL, "needs openssl"))
    func openSSL() async throws {
        let record = try signed(by: try await OpenSSL.key(in: folder, "key"))
        try await checkProcess("openssl", ["pkey", "-in", folder.file("key"), "-pubout", "-out", folder.file("pub")])
        #expect(try AuditSigner(pem: folder.read("key")).publicKey.pem == folder.read("pub"))
        let signature = try #require(Data(base64Encoded: record.chain.signature ?? ""))
        try signature.write(to: URL(fileURLWithPath: folder.file("signature")))
        let arguments = [
            "pkeyutl", "-verify", "-pubin", "-inkey", folder.file("pub"), "-rawin", "-in", folder.file("hash"),
            "-sigfile", folder.file("signature"),
        ]
        _ = try folder.write(record.chain.hash, to: "hash")
        #expect(try await runProcess("openssl", arguments).standardOutput.contains("Verified Successfully"))
        _ = try folder.write(SHA256Hex.zeros, to: "hash")
        #expect(try await !runProcess("openssl", arguments).succeeded)
    }

    /// Reads the line as an auditor would: hash and signature are made anew from its JSON.
    @Test(
        "another implementation proves a whole line",
        .enabled(if: hasCryptography, "needs the Python package cryptography"))
    func python() async throws {
        let record = try signed(by: SignatureTests.privatePEM)
        let script = """
            import base64, hashlib, json, sys
            from cryptography.hazmat.primitives.serialization import load_pem_public_key
            record = json.loads(sys.stdin.buffer.read())
            chain = record["chain"]
            digest, signature = chain.pop("hash"), chain.pop("signature")
            text = json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
            assert hashlib.sha256(text.encode()).hexdigest() == digest
            load_pem_public_key(sys.argv[1].encode()).verify(base64.b64decode(signature), digest.encode("ascii"))
            print("valid")
            """
        #expect(try await Verifiers.run(script, [SignatureTests.publicPEM], input: record.line) == "valid\n")
        let forged = String(decoding: record.line, as: UTF8.self).replacing("Grüße", with: "Gruesse")
        await #expect(throws: (any Error).self) {
            try await Verifiers.run(script, [SignatureTests.publicPEM], input: Array(forged.utf8))
        }
    }

    @Test("what is no such key is told apart", .enabled(if: hasOpenSSL, "needs openssl"))
    func badKeys() async throws {
        let x25519 = try await OpenSSL.key(in: folder, "x25519", algorithm: "x25519")
        try await checkProcess(
            "openssl", ["ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", folder.file("ec")])
        try await checkProcess(
            "openssl",
            [
                "pkey", "-in", try folder.write(SignatureTests.privatePEM, to: "key"), "-aes256", "-passout", "pass:x",
                "-out", folder.file("locked"),
            ])
        let whole = SignatureTests.privatePEM
        let cases: [(String, String)] = [
            ("", "is no private key in PEM"), ("hello", "is no private key in PEM"),
            (whole + whole, "holds 2 keys"), (x25519, "no Ed25519 one"), (try folder.read("ec"), "is no Ed25519 key"),
            (try folder.read("locked"), "protected by a passphrase"), (SignatureTests.publicPEM, "is a public key"),
            (whole.replacing("MC4C", with: "????"), "is damaged"),
            (whole.replacing("MC4CAQAw", with: ""), "no Ed25519 one"),
            ("-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n", "is an OpenSSH key"),
        ]
        for (pem, words) in cases {
            #expect { try AuditSigner(pem: pem) } throws: { error in
                let message = (error as? AuditError)?.message ?? ""
                return (error as? AuditError)?.code == .badKey && message.contains(words) && message.contains("openssl")
                    && !message.contains("MC4C")
            }
        }
        #expect(
            try AuditSigner(pem: "a remark\r\n" + whole.replacing("\n", with: "\r\n")).publicKey.pem
                == SignatureTests.publicPEM)
    }

    @Test func publicKeysAreReadInTheirOrderAndNothingElseIs() throws {
        let other = SignatureTests.publicPEM.replacing("11qY", with: "12qY")
        let keys = try AuditPublicKey.all(pem: SignatureTests.publicPEM + "# the next\n" + other)
        #expect(keys.map(\.pem) == [SignatureTests.publicPEM, other] && keys[0].fingerprint != keys[1].fingerprint)
        for pem in [
            "", SignatureTests.privatePEM, other + SignatureTests.privatePEM, other.replacing("MCow", with: "MCox"),
        ] {
            #expect { try AuditPublicKey.all(pem: pem) } throws: { ($0 as? AuditError)?.code == .badKey }
        }
    }
}
