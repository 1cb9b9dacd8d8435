import Audit
import Domain
import Foundation

/// The keys of `audit`, read once where a verb or a server begins: which key signs does not change under a running one.
struct AuditKeyring: Sendable {
    /// nil: records are not signed.
    var signer: AuditSigner?
    /// By which signatures are judged; nil: none is known.
    var keys: AuditKeys?

    static let none = AuditKeyring()

    /// Blocks.
    /// - Throws: `KeyringProblem`.
    static func read(_ settings: AuditSettings, _ secrets: any Secrets) throws -> AuditKeyring {
        var ring = AuditKeyring()
        var known: [AuditPublicKey] = []
        if let path = settings.formerKeys { known = try publicKeys(path) }
        if let reference = settings.signingKey {
            do {
                let signer = try AuditSigner(pem: try secrets.read(reference).reveal())
                ring.signer = signer
                known.removeAll { $0 == signer.publicKey }
                known.append(signer.publicKey)
            } catch let problem as SecretProblem {
                throw KeyringProblem(reference, "`audit.signingKey`: \(problem.message)")
            } catch let problem as AuditError {
                throw KeyringProblem(reference, "`audit.signingKey`: \(reference.name) \(problem.message)")
            }
        }
        if !known.isEmpty { ring.keys = AuditKeys(known: known, mustSign: ring.signer != nil) }
        return ring
    }

    /// For someone who has the public keys alone.
    static func publicKeys(given path: String) throws -> AuditKeys {
        AuditKeys(known: try publicKeys(path), mustSign: true)
    }

    private static func publicKeys(_ path: String) throws -> [AuditPublicKey] {
        let text: String
        do {
            text = String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
        } catch {
            throw KeyringProblem(.file(path: path), "the file \(path) of public keys is not there, or may not be read")
        }
        do {
            return try AuditPublicKey.all(pem: text)
        } catch {
            throw KeyringProblem(.file(path: path), "the file \(path) \(error.message)")
        }
    }
}

/// A file that should hold a key of the trail and does not.
struct KeyringProblem: Error {
    var reference: SecretReference
    var message: String

    init(_ reference: SecretReference, _ message: String) {
        self.reference = reference
        self.message = message
    }
}

extension SecretReference {
    fileprivate var name: String {
        switch self {
        case .file(let path): "the file \(path)"
        case .environment(let name): "the variable \(name)"
        }
    }
}
