import Crypto
import Foundation

/// The public half of a key that signs records.
package struct AuditPublicKey: Hashable, Sendable {
    private let raw: [UInt8]

    init(_ key: Curve25519.Signing.PublicKey) { raw = Array(key.rawRepresentation) }

    private var der: [UInt8] { KeyPEM.publicPrefix + raw }

    /// `SHA256:…` over the SubjectPublicKeyInfo, so that people can tell keys apart.
    package var fingerprint: String {
        let digest = Data(SHA256.hash(data: der)).base64EncodedString()
        return "SHA256:" + String(digest.prefix { $0 != "=" })
    }

    /// As `openssl pkey -pubout` writes it.
    package var pem: String {
        "-----BEGIN PUBLIC KEY-----\n\(Data(der).base64EncodedString())\n-----END PUBLIC KEY-----\n"
    }

    func isSignature(_ signature: String, over hash: String) -> Bool {
        guard let bytes = Data(base64Encoded: signature),
            let key = try? Curve25519.Signing.PublicKey(rawRepresentation: raw)
        else { return false }
        return key.isValidSignature(bytes, for: Data(hash.utf8))
    }

    /// The public keys of a PEM file, in their order.
    /// - Throws: `AuditError.badKey` where there is none, or one of another kind.
    package static func all(pem: String) throws(AuditError) -> [AuditPublicKey] {
        let remedy = "the public half of a key is written by: openssl pkey -in KEY -pubout"
        let blocks = KeyPEM.blocks(in: pem)
        guard !blocks.isEmpty else { throw AuditError(.badKey, "holds no public key in PEM; \(remedy)") }
        var keys: [AuditPublicKey] = []
        for block in blocks {
            guard !block.label.hasSuffix("PRIVATE KEY") else {
                throw AuditError(.badKey, "holds a private key where public ones belong; \(remedy)")
            }
            guard block.label == "PUBLIC KEY", let raw = block.key(after: KeyPEM.publicPrefix),
                let key = try? Curve25519.Signing.PublicKey(rawRepresentation: raw)
            else { throw AuditError(.badKey, "holds something else than Ed25519 public keys; \(remedy)") }
            keys.append(AuditPublicKey(key))
        }
        return keys
    }
}

/// The keys by which the signatures of a trail are judged.
package struct AuditKeys: Hashable, Sendable {
    /// In the order of their use, the newest last.
    package var known: [AuditPublicKey]
    /// Records are signed from the first signed one on: one without a signature was stripped of it.
    package var mustSign: Bool

    package init(known: [AuditPublicKey], mustSign: Bool) {
        self.known = known
        self.mustSign = mustSign
    }
}
