import Crypto
import Foundation

/// The receiver's half of Standard Webhooks 1.0.0: HMAC-SHA256 over `id.timestamp.body`. Written from the
/// specification, apart from the code that signs, so that each can find the other's mistakes.
enum StandardWebhook {
    /// How old or young a timestamp may be, in seconds, as the specification's own libraries have it.
    static let toleranceSeconds = 300

    static func verify(
        headers: [String: String], body: [UInt8], secrets: [String], nowSeconds: Int
    ) -> ReceivedDelivery.Signature {
        guard !secrets.isEmpty else { return .unchecked }
        guard let id = headers["webhook-id"], let timestamp = headers["webhook-timestamp"],
            let signatures = headers["webhook-signature"]
        else { return .absent }
        guard !id.isEmpty, !id.contains(".") else { return .invalid("the id is empty or holds a dot") }
        guard let seconds = Int(timestamp) else { return .invalid("the timestamp is no number of seconds") }
        guard abs(nowSeconds - seconds) <= toleranceSeconds else {
            return .invalid("the timestamp is out of tolerance")
        }
        let signed = Array("\(id).\(timestamp).".utf8) + body
        let given = signatures.split(separator: " ").filter { $0.hasPrefix("v1,") }
            .compactMap { Data(base64Encoded: String($0.dropFirst(3))) }
        guard !given.isEmpty else { return .invalid("there is no v1 signature") }
        for secret in secrets {
            guard let key = key(of: secret) else { return .invalid("the sink's own secret is malformed") }
            if given.contains(where: { HMAC<SHA256>.isValidAuthenticationCode($0, authenticating: signed, using: key) })
            {
                return .valid
            }
        }
        return .invalid("no signature fits")
    }

    /// `whsec_` and base64, or base64 alone.
    private static func key(of secret: String) -> SymmetricKey? {
        let encoded = secret.hasPrefix("whsec_") ? String(secret.dropFirst(6)) : secret
        return Data(base64Encoded: encoded).map { SymmetricKey(data: $0) }
    }
}
