import Foundation
import Git

extension Target {
    static let signatures: [Target] = [
        Target(
            name: "commit", share: 10,
            words: [
                "gpgsig ", "gpgsig-sha256 ", "gpgsig", "-----BEGIN SSH SIGNATURE-----\n",
                " -----END SSH SIGNATURE-----\n",
                "-----BEGIN PGP SIGNATURE-----\n", "-----BEGIN SIGNED MESSAGE-----\n", "committer A <a@b> 1 +0000\n",
                "tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\n", "parent ", "author ", "encoding x\n", "\n\n", "\n ",
                "U1NIU0lH", "AAAA", "=",
            ], read: { try await readCommit($0) }),
        Target(
            name: "signers", share: 10,
            words: [
                "ssh-ed25519 ", "ecdsa-sha2-nistp256 ", "cert-authority ", "namespaces=\"git\" ",
                "valid-after=\"20260101\" ",
                "valid-before=\"20991231Z\" ", "*@example.com ", "!", ",", "AAAAC3NzaC1lZDI1NTE5AAAAI", "\"",
            ], read: { try readSigners($0) }),
        Target(
            name: "pgp-keys", share: 10,
            words: [
                "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n", "-----END PGP PUBLIC KEY BLOCK-----\n", "=abcd\n",
                "Comment: x\n",
            ],
            read: { try readKeys($0) }),
    ]

    private static let signers: AllowedSigners? = {
        let file = root.appending(path: "Tests/Fuzz/Corpus/signers/of-the-commits")
        return (try? Data(contentsOf: file)).flatMap { try? AllowedSigners(file: Array($0)) }
    }()
    /// What was signed in the corpus, without the signatures.
    private static let signed: Set<[UInt8]> = {
        let folder = root.appending(path: "Tests/Fuzz/Corpus/commit")
        let files = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
        return Set(
            files.filter { $0.lastPathComponent.hasPrefix("signed") }
                .compactMap { try? Data(contentsOf: $0) }.map { withoutSignature(Array($0)) })
    }()

    /// Only what was signed is ever good, whatever was done to the bytes around it.
    @Sendable private static func readCommit(_ bytes: [UInt8]) async throws -> Outcome {
        let verifier = CommitVerifier(allowedSigners: signers, gpgKeys: nil)
        let signature = await verifier.verify(bytes)
        try promise(
            CommitVerifier.isSigned(bytes) == (signature != .unsigned), "signed and unsigned at once: \(signature)")
        switch signature {
        case .good(let signer, _):
            try promise(signed.contains(withoutSignature(bytes)), "taken for signed by \(signer), and was not")
            return .good("good")
        case .bad(let reason), .unsupported(let reason):
            try promise(!reason.isEmpty, "refused without words")
            return .refused(reason)
        case .unknownKey: return .refused("unknown key")
        case .unsigned: return .refused("unsigned")
        }
    }

    /// Reads a commit in another way than the product does: the lines of its header, one after the other.
    private static func withoutSignature(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var rest = bytes[...]
        var isSignature = false
        while !rest.isEmpty {
            let end = rest.firstIndex(of: 10).map { $0 + 1 } ?? rest.endIndex
            let line = rest[..<end]
            if line.first == 10 { break }
            if line.first != 32 { isSignature = line.starts(with: Array("gpgsig".utf8)) }
            if !isSignature { result += line }
            rest = rest[end...]
        }
        return result + rest
    }

    @Sendable private static func readSigners(_ bytes: [UInt8]) throws -> Outcome {
        do {
            _ = try AllowedSigners(file: bytes)
            return .good("read")
        } catch {
            try promise(!error.message.isEmpty, "refused without words")
            try promise(error.line.map { $0 >= 1 && $0 <= bytes.count + 1 } ?? true, "no place: \(error)")
            return .refused(error.message)
        }
    }

    @Sendable private static func readKeys(_ bytes: [UInt8]) throws -> Outcome {
        do {
            _ = try PGPKeyring(file: bytes)
            return .good("read")
        } catch {
            try promise(!error.message.isEmpty, "refused without words")
            return .refused(error.message)
        }
    }
}
