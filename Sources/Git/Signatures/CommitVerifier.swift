/// What the signature of a commit proves. Only `good` proves anything.
package enum CommitSignature: Hashable, Sendable {
    case unsigned
    /// The signer as the list of keys names them, and the key's fingerprint.
    case good(signer: String, keyFingerprint: String)
    case bad(String)
    /// The fingerprint or id of a key that no list has.
    case unknownKey(String)
    /// Neither proved nor disproved here, and why.
    case unsupported(String)
}

/// Judges signatures over the raw bytes of commits, by lists of keys. Knows no repository.
///
/// SSH signatures are checked here; OpenPGP ones by `gpgv`. A date that a key's line sets is held against the committer's
/// time, as git does.
package struct CommitVerifier: Sendable {
    private let allowedSigners: AllowedSigners?
    private let openPGP: PGPVerifier?

    /// - Parameter gpgv: a path, or a name that is looked for in the usual folders.
    package init(allowedSigners: AllowedSigners?, gpgKeys: PGPKeyring?, gpgv: String = "gpgv") {
        self.allowedSigners = allowedSigners
        openPGP = gpgKeys.map { PGPVerifier(keyring: $0, gpgv: gpgv) }
    }

    /// - Parameter raw: the content of the commit object, whole.
    package func verify(_ raw: [UInt8]) async -> CommitSignature {
        switch SignedCommit.split(raw) {
        case .unsigned: return .unsigned
        case .malformed(let reason): return .bad(reason)
        case .signed(let commit): return await judge(commit)
        }
    }

    /// Whether a commit carries a signature header at all, for where no keys are configured.
    package static func isSigned(_ raw: [UInt8]) -> Bool {
        if case .unsigned = SignedCommit.split(raw) { false } else { true }
    }

    private func judge(_ commit: SignedCommit) async -> CommitSignature {
        if commit.signature.starts(with: Array("-----BEGIN \(SSHSignature.armourLabel)-----".utf8)) {
            return judgeSSH(commit)
        }
        if commit.signature.starts(with: Array("-----BEGIN \(PGPVerifier.armourLabel)-----".utf8)) {
            guard let openPGP else { return .unsupported("an OpenPGP signature, and no gpgKeys are configured") }
            return await openPGP.verify(commit)
        }
        if commit.signature.starts(with: Array("-----BEGIN SIGNED MESSAGE-----".utf8)) {
            return .unsupported("X.509 signatures are not supported")
        }
        return .bad("the signature is of no known format")
    }

    private func judgeSSH(_ commit: SignedCommit) -> CommitSignature {
        guard let signature = SSHSignature(armoured: commit.signature) else {
            return .bad("the SSH signature is malformed")
        }
        guard let allowedSigners else { return .unsupported("an SSH signature, and no allowedSigners are configured") }
        guard signature.namespace == SSHSignature.gitNamespace else {
            return .bad(
                "the signature was made for “\(CleanText.line(signature.namespace, maxCharacters: 40))”, not for git")
        }
        switch signature.check(over: commit.payload) {
        case .invalid: return .bad("the SSH signature does not fit the commit")
        case .unsupported:
            return .unsupported(
                "keys of type \(CleanText.line(signature.key.type, maxCharacters: 60)) are not supported")
        case .valid: break
        }
        switch allowedSigners.judge(signature.key, at: commit.committedAt) {
        case .allowed(let principals):
            return .good(
                signer: CleanText.line(principals, maxCharacters: 200), keyFingerprint: signature.key.fingerprint)
        case .unknown: return .unknownKey(signature.key.fingerprint)
        case .refused(let reason): return .bad(CleanText.line(reason, maxCharacters: 300))
        }
    }
}
