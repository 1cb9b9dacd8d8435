import Crypto

/// SHA-256 as 64 lower-case hexadecimal digits, the form in which the trail carries digests.
package enum SHA256Hex {
    package static let zeros = String(repeating: "0", count: 64)

    package static func of(_ bytes: some Sequence<UInt8>) -> String {
        text(SHA256.hash(data: Array(bytes)))
    }

    static func text(_ digest: SHA256.Digest) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var hex: [UInt8] = []
        hex.reserveCapacity(64)
        for byte in digest {
            hex.append(digits[Int(byte >> 4)])
            hex.append(digits[Int(byte & 15)])
        }
        return String(decoding: hex, as: UTF8.self)
    }
}
