import Crypto
import Foundation

/// Comparisons that take as long for a wrong value as for a right one.
enum HookSignature {
    /// HMAC-SHA256 over the bytes as sent.
    /// - Parameter hex: 64 hexadecimal digits.
    static func isValid(hex: Substring, of body: Data, secrets: [String]) -> Bool {
        guard let code = bytes(hex: hex) else { return false }
        // Every secret is tried, so that the time does not tell which one fits.
        return secrets.reduce(false) { found, secret in
            let key = SymmetricKey(data: Data(secret.utf8))
            return HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: body, using: key) || found
        }
    }

    /// `sha256=` before the digits, whatever it is called where the header has another name.
    static func isValid(prefixed value: String?, of body: Data, secrets: [String]) -> Bool {
        guard let value, value.hasPrefix("sha256=") else { return false }
        return isValid(hex: value.dropFirst(7), of: body, secrets: secrets)
    }

    static func isEqual(_ given: String, oneOf secrets: [String]) -> Bool {
        let digest = SHA256.hash(data: Data(given.utf8))
        return secrets.reduce(false) { found, secret in SHA256.hash(data: Data(secret.utf8)) == digest || found }
    }

    /// RFC 7617.
    static func isBasic(_ authorization: String?, username: String, secrets: [String]) -> Bool {
        guard let authorization, authorization.lowercased().hasPrefix("basic ") else { return false }
        let text = authorization.dropFirst(6).trimmingCharacters(in: .whitespaces)
        guard let decoded = Data(base64Encoded: text) else { return false }
        return isEqual(String(decoding: decoded, as: UTF8.self), oneOf: secrets.map { "\(username):\($0)" })
    }

    static let maxClockDifferenceSeconds: Int64 = 300

    /// Standard Webhooks 1.0, `v1`; signatures of other versions are passed over.
    static func isStandard(
        _ headers: HookHeaders, _ body: Data, secrets: [String], nowSeconds: Int64
    ) -> Bool {
        guard let id = headers["webhook-id"], let stamp = headers["webhook-timestamp"], let sent = Int64(stamp),
            let list = headers["webhook-signature"], isNear(sent, nowSeconds)
        else { return false }
        let signed = Data("\(id).\(stamp).".utf8) + body
        let codes = list.split(separator: " ").prefix(maxSignatures).filter { $0.hasPrefix("v1,") }
            .compactMap { Data(base64Encoded: String($0.dropFirst(3))) }
        let keys = secrets.compactMap(standardKey)
        return keys.reduce(false) { found, key in
            codes.reduce(found) { HMAC<SHA256>.isValidAuthenticationCode($1, authenticating: signed, using: key) || $0 }
        }
    }

    /// Of any two numbers: the sender chooses one of them.
    private static func isNear(_ sent: Int64, _ now: Int64) -> Bool {
        let (difference, overflows) = now.subtractingReportingOverflow(sent)
        return !overflows && difference.magnitude <= maxClockDifferenceSeconds.magnitude
    }

    /// Signatures of one delivery that are looked at.
    static let maxSignatures = 8

    static func isStandardSecret(_ secret: String) -> Bool { secret.hasPrefix("whsec_") }

    private static func standardKey(_ secret: String) -> SymmetricKey? {
        guard isStandardSecret(secret) else { return SymmetricKey(data: Data(secret.utf8)) }
        return Data(base64Encoded: String(secret.dropFirst(6))).map { SymmetricKey(data: $0) }
    }

    private static func bytes(hex: Substring) -> [UInt8]? {
        let digits = hex.utf8.map { digit -> UInt8? in
            switch digit {
            case 0x30...0x39: digit - 0x30
            case 0x61...0x66: digit - 0x57
            case 0x41...0x46: digit - 0x37
            default: nil
            }
        }
        guard digits.count == 64 else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let high = digits[index], let low = digits[index + 1] else { return nil }
            bytes.append(high << 4 | low)
        }
        return bytes
    }
}
