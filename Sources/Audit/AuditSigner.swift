import Crypto
import Foundation

/// The private key of `audit.signingKey`. No description shows it.
package struct AuditSigner: Sendable, CustomStringConvertible, CustomReflectable {
    private static let remedy = "make one with: openssl genpkey -algorithm ed25519 -out FILE"

    private let key: Curve25519.Signing.PrivateKey
    package let publicKey: AuditPublicKey

    /// - Parameter pem: PKCS#8, not encrypted, as `openssl genpkey -algorithm ed25519` writes it.
    /// - Throws: `AuditError.badKey`; its message names what was found instead, never a part of it.
    package init(pem: String) throws(AuditError) {
        let blocks = KeyPEM.blocks(in: pem)
        guard blocks.count == 1, let block = blocks.first else {
            throw AuditError(
                .badKey,
                (blocks.isEmpty
                    ? "is no private key in PEM" : "holds \(blocks.count) keys or certificates, not one key")
                    + "; \(Self.remedy)")
        }
        guard block.label == "PRIVATE KEY" else {
            throw AuditError(.badKey, "\(Self.kind(of: block.label)); \(Self.remedy)")
        }
        guard block.bytes != nil else { throw AuditError(.badKey, "is damaged: no base64; \(Self.remedy)") }
        guard let raw = block.key(after: KeyPEM.privatePrefix),
            let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: raw)
        else { throw AuditError(.badKey, "is a private key, but no Ed25519 one; \(Self.remedy)") }
        self.key = key
        publicKey = AuditPublicKey(key.publicKey)
    }

    /// Labels that people confuse with the right one; others are not repeated, since they may be anything.
    private static func kind(of label: String) -> String {
        switch label {
        case "OPENSSH PRIVATE KEY": "is an OpenSSH key, not PKCS#8"
        case "ENCRYPTED PRIVATE KEY":
            "is protected by a passphrase, which nobody can type here; take it off with: "
                + "openssl pkey -in FILE -out NEWFILE, or"
        case "PUBLIC KEY": "is a public key; a private one is needed"
        case "RSA PRIVATE KEY", "EC PRIVATE KEY", "DSA PRIVATE KEY": "is no Ed25519 key"
        default: "is no private key in PKCS#8"
        }
    }

    /// Base64, as it stands in `chain.signature`.
    func signature(over hash: String) throws(AuditError) -> String {
        do {
            return try Data(key.signature(for: Data(hash.utf8))).base64EncodedString()
        } catch {
            throw AuditError(.badKey, "the key of `audit.signingKey` cannot sign: \(error)", cause: error)
        }
    }

    package var description: String { "(an audit signing key)" }
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
