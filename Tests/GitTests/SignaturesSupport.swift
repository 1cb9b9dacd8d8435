import Foundation
import Git
import Support
import Testing

/// A repository in which commits are signed with SSH keys by the real tools.
struct SSHSigned {
    let folder: TemporaryFolder
    let fixture: GitFixture

    init(in folder: TemporaryFolder) async throws {
        self.folder = folder
        fixture = try await GitFixture.create(in: folder)
        try await fixture.git("config", "gpg.format", "ssh")
    }

    /// - Returns: `TYPE BASE64`, as lists of allowed signers have it.
    func makeKey(_ name: String, type: String = "ed25519", bits: String? = nil) async throws -> String {
        try await checkProcess(
            "ssh-keygen",
            ["-q", "-t", type, "-N", "", "-C", "", "-f", folder.path(name)] + (bits.map { ["-b", $0] } ?? []))
        let words = try folder.read("\(name).pub").split(whereSeparator: \.isWhitespace)
        return words.prefix(2).joined(separator: " ")
    }

    func signedCommit(with key: String, message: String = "Change") async throws -> [UInt8] {
        try await fixture.git("config", "user.signingKey", folder.path(key))
        try await fixture.git(["commit", "--quiet", "--allow-empty", "--no-verify", "-S", "-m", message])
        return try await raw("HEAD")
    }

    func raw(_ revision: String) async throws -> [UInt8] {
        try await SignatureOracle.raw(revision, in: fixture)
    }

    /// What git itself says about a commit.
    func gitAccepts(_ revision: String, allowedSigners: String) async throws -> Bool {
        let file = try folder.write(allowedSigners, to: "oracle-signers")
        try await fixture.git("config", "gpg.ssh.allowedSignersFile", file)
        return try await SignatureOracle.verifies(revision, in: fixture)
    }
}

enum SignatureOracle {
    static func raw(_ revision: String, in fixture: GitFixture) async throws -> [UInt8] {
        let output = try await checkProcess("git", ["cat-file", "commit", revision], in: fixture.path)
        return Array(output.standardOutput.utf8)
    }

    static func verifies(_ revision: String, in fixture: GitFixture, environment: [String: String?] = [:]) async throws
        -> Bool
    {
        let variables = GitFixture.environment.merging(environment) { _, new in new }
        return try await runProcess("git", ["verify-commit", revision], environment: variables, in: fixture.path)
            .succeeded
    }

    /// Stores bytes as a commit object, unchecked.
    static func store(_ raw: [UInt8], in fixture: GitFixture, folder: TemporaryFolder) async throws -> String {
        let file = try folder.write(raw, to: "raw-commit")
        return try await fixture.git("hash-object", "-t", "commit", "-w", "--literally", file)
    }
}

extension CommitVerifier {
    init(signers: String) throws {
        self.init(allowedSigners: try AllowedSigners(file: Array(signers.utf8)), gpgKeys: nil)
    }
}

extension CommitSignature {
    var isGood: Bool {
        if case .good = self { true } else { false }
    }
}

/// Bytes in which one stretch stands for another.
func replacing(_ old: String, with new: String, in bytes: [UInt8]) -> [UInt8] {
    Array(String(decoding: bytes, as: UTF8.self).replacingOccurrences(of: old, with: new).utf8)
}
