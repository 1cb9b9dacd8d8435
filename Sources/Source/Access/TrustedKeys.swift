package import Domain
import Git

/// The lists of keys that commits are judged by, read when a process starts.
package struct TrustedKeys: Sendable {
    private let verifier: CommitVerifier?

    private static let maxKeyFileBytes = 16 << 20

    /// - Throws: `SourceFailure` with `misconfigured` that names the file and the line.
    package init(_ trust: SourceSettings.Trust) async throws(SourceFailure) {
        var signers: AllowedSigners?
        var keyring: PGPKeyring?
        if let path = trust.allowedSigners {
            let bytes = try await SmallFile.read(path, maxBytes: Self.maxKeyFileBytes)
            do {
                signers = try AllowedSigners(file: bytes)
            } catch {
                throw Self.failure(path, error)
            }
        }
        if let path = trust.gpgKeys {
            let bytes = try await SmallFile.read(path, maxBytes: Self.maxKeyFileBytes)
            do {
                keyring = try PGPKeyring(file: bytes)
            } catch {
                throw Self.failure(path, error)
            }
        }
        let hasKeys = signers != nil || keyring != nil
        verifier = hasKeys ? CommitVerifier(allowedSigners: signers, gpgKeys: keyring) : nil
    }

    private static func failure(_ path: String, _ problem: KeyListProblem) -> SourceFailure {
        let place = problem.line.map { "\(path):\($0)" } ?? path
        return SourceFailure(.misconfigured, "\(place): \(problem.message)")
    }

    func verdict(on raw: [UInt8]) async -> SignatureVerdict {
        guard let verifier else { return CommitVerifier.isSigned(raw) ? .unchecked : .unsigned }
        return switch await verifier.verify(raw) {
        case .unsigned: .unsigned
        case .good(let signer, let key): .good(signer: signer, key: key)
        case .bad(let reason): .bad(reason)
        case .unknownKey(let key): .unknownKey(key)
        case .unsupported(let reason): .unsupported(reason)
        }
    }
}
