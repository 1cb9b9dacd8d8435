import Crypto
import Domain
import FoundationEssentials

/// A key of Standard Webhooks 1.0.
package enum SigningKey: Hashable, Sendable {
    /// `v1`: HMAC-SHA256.
    case shared([UInt8])
    /// `v1a`: Ed25519; the 32 bytes from which the key pair is made.
    case pair(seed: [UInt8])

    static let sharedPrefix = "whsec_"
    static let pairPrefix = "whsk_"
    static let seedBytes = 32

    /// The key that a secret is: base64 after `whsec_` or `whsk_`, else the text itself. `nil` where it is empty, no base64,
    /// or no key pair (its seed, alone or with the public key that belongs to it).
    package init?(secret: String) {
        if secret.hasPrefix(SigningKey.pairPrefix) {
            guard let bytes = SigningKey.decoded(secret.dropFirst(SigningKey.pairPrefix.count)) else { return nil }
            let seed = Array(bytes.prefix(SigningKey.seedBytes))
            guard let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed),
                bytes.count == SigningKey.seedBytes || bytes == seed + Array(key.publicKey.rawRepresentation)
            else { return nil }
            self = .pair(seed: seed)
        } else if secret.hasPrefix(SigningKey.sharedPrefix) {
            guard let bytes = SigningKey.decoded(secret.dropFirst(SigningKey.sharedPrefix.count)) else { return nil }
            self = .shared(bytes)
        } else {
            guard !secret.isEmpty else { return nil }
            self = .shared(Array(secret.utf8))
        }
    }

    private static func decoded(_ text: Substring) -> [UInt8]? {
        // Some tools leave the padding out.
        let padded = text + String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
        guard let bytes = Data(base64Encoded: String(padded)), !bytes.isEmpty else { return nil }
        return Array(bytes)
    }

    /// nil where the library refuses the key, which the initialiser has excluded.
    fileprivate func signature(of message: [UInt8]) -> String? {
        switch self {
        case .shared(let key):
            let code = HMAC<SHA256>.authenticationCode(for: message, using: SymmetricKey(data: key))
            return "v1,\(Data(code).base64EncodedString())"
        case .pair(let seed):
            guard let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed),
                let signature = try? key.signature(for: message)
            else { return nil }
            return "v1a,\(signature.base64EncodedString())"
        }
    }
}

/// Signatures of Standard Webhooks 1.0: over `id.timestamp.body`, anew for every attempt.
package enum WebhookSignature {
    /// The value of `webhook-signature`: one signature for each key, so that a receiver finds the one that it can check.
    /// - Parameter timestamp: of the attempt, in seconds since 1970.
    package static func header(id: String, timestamp: Int64, body: [UInt8], keys: [SigningKey]) -> String {
        let signed = Array("\(id).\(timestamp).".utf8) + body
        return keys.compactMap { $0.signature(of: signed) }.joined(separator: " ")
    }

    /// All three headers; without a key the first two, by which a receiver knows a repetition.
    static func headers(id: String, body: [UInt8], _ access: SinkAccess) -> [(name: String, value: String)] {
        let seconds = access.attemptedAt.milliseconds / 1000
        var headers = [(name: "webhook-id", value: id), (name: "webhook-timestamp", value: "\(seconds)")]
        if !access.keys.isEmpty {
            let value = header(id: id, timestamp: seconds, body: body, keys: access.keys)
            headers.append((name: "webhook-signature", value: value))
        }
        return headers
    }
}
