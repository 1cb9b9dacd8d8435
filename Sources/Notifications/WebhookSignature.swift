import Crypto
import FoundationEssentials

/// Signatures of Standard Webhooks 1.0: HMAC-SHA256 over `id.timestamp.body`, anew for every attempt.
package enum WebhookSignature {
    static let prefix = "whsec_"

    /// The bytes of a secret: base64 after `whsec_`, else the text itself. `nil` where it is empty or no base64.
    package static func key(_ secret: String) -> [UInt8]? {
        guard secret.hasPrefix(prefix) else { return secret.isEmpty ? nil : Array(secret.utf8) }
        let text = secret.dropFirst(prefix.count)
        // Some tools leave the padding out.
        let padded = text + String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
        guard let key = Data(base64Encoded: String(padded)), !key.isEmpty else { return nil }
        return Array(key)
    }

    /// The value of `webhook-signature`: one signature for each key, so that a receiver finds the one that it can check.
    /// - Parameter timestamp: of the attempt, in seconds since 1970.
    package static func header(id: String, timestamp: Int64, body: [UInt8], keys: [[UInt8]]) -> String {
        let signed = Array("\(id).\(timestamp).".utf8) + body
        return keys.map { key in
            let code = HMAC<SHA256>.authenticationCode(for: signed, using: SymmetricKey(data: key))
            return "v1,\(Data(code).base64EncodedString())"
        }.joined(separator: " ")
    }
}
