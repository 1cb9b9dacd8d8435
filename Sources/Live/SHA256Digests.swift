import Crypto
import Domain

/// SHA-256 from swift-crypto.
package struct SHA256Digests: Digests {
    package init() {}

    package func sha256(_ bytes: [UInt8]) -> String {
        SHA256.hash(data: bytes).reduce(into: "") { text, byte in
            let digits = String(byte, radix: 16)
            text += digits.count == 1 ? "0" + digits : digits
        }
    }
}
