import Foundation
import Git
import Support
import Testing

/// The signatures that we make, judged by git and ssh-keygen.
@Suite(.enabled(if: BuiltProducts.hasProgram("ssh-keygen"), "needs ssh-keygen"))
struct SignaturesSigningTests {
    @Test
    func `git and ssh-keygen accept what we sign`() async throws {
        try await withTemporaryFolder { folder in
            let signed = try await SSHSigned(in: folder)
            let listed = try await signed.makeKey("key")
            let key = try SSHSigningKey(file: folder.bytes("key"))
            #expect(key.publicLine == listed)
            #expect("\(key)".contains("key") && !"\(key)".contains("PRIVATE"))
            try await signed.fixture.commitIndex(message: "Set the version back")
            let payload = try await signed.raw("HEAD")
            let armour = try key.signature(over: payload)
            let raw = try SignaturesHeader.signed(payload, armour: armour)
            let id = try await SignatureOracle.store(raw, in: signed.fixture, folder: folder)
            #expect(try await signed.gitAccepts(id, allowedSigners: "a \(listed)\n"))
            #expect(try await CommitVerifier(signers: "a \(listed)").verify(raw).isGood)
            let signers = try folder.write("a \(listed)\n", to: "signers")
            let signature = try folder.write(armour, to: "signature")
            try await checkProcess(
                "ssh-keygen", ["-Y", "verify", "-n", "git", "-f", signers, "-I", "a", "-s", signature],
                input: String(decoding: payload, as: UTF8.self))
        }
    }

    @Test
    func `a key that cannot sign says why`() async throws {
        try await withTemporaryFolder { folder in
            let signed = try await SSHSigned(in: folder)
            _ = try await signed.makeKey("ecdsa", type: "ecdsa")
            try await checkProcess(
                "ssh-keygen", ["-q", "-t", "ed25519", "-N", "secret words", "-f", folder.path("locked")])
            for (file, words) in [
                ("ecdsa", "only ssh-ed25519 can sign"), ("locked", "protected by a passphrase"),
                ("locked.pub", "no OpenSSH private key"),
            ] {
                let problem = #expect(throws: KeyListProblem.self) { try SSHSigningKey(file: folder.bytes(file)) }
                #expect(problem?.message.contains(words) == true, "\(file): \(problem?.message ?? "")")
            }
        }
    }

    @Test
    func `no damage to a key file ends the process`() async throws {
        try await withTemporaryFolder { folder in
            let signed = try await SSHSigned(in: folder)
            _ = try await signed.makeKey("key")
            let file = try folder.bytes("key")
            for index in file.indices {
                var changed = file
                changed[index] ^= 4
                _ = try? SSHSigningKey(file: changed)
                #expect(throws: KeyListProblem.self, "cut at \(index)") {
                    try SSHSigningKey(file: Array(file[..<index].dropLast()))
                }
            }
        }
    }
}
