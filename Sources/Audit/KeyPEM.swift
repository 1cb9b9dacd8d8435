import Foundation

/// Ed25519 keys as `openssl` writes them: PEM around the one form that RFC 8410 gives them. Whatever stands around the
/// blocks is passed over, as other readers of PEM do.
enum KeyPEM {
    /// What precedes the 32 bytes of a private key in PKCS#8.
    static let privatePrefix: [UInt8] = [0x30, 0x2E, 2, 1, 0, 0x30, 5, 6, 3, 0x2B, 0x65, 0x70, 4, 0x22, 4, 0x20]
    /// What precedes the 32 bytes of a public key in a SubjectPublicKeyInfo.
    static let publicPrefix: [UInt8] = [0x30, 0x2A, 0x30, 5, 6, 3, 0x2B, 0x65, 0x70, 3, 0x21, 0]
    static let keyBytes = 32

    struct Block {
        var label: String
        /// nil: what stands between the two lines is no base64.
        var bytes: [UInt8]?

        /// The key behind the prefix; nil: it is of another kind.
        func key(after prefix: [UInt8]) -> [UInt8]? {
            guard let bytes, bytes.count == prefix.count + keyBytes, bytes.starts(with: prefix) else { return nil }
            return Array(bytes.dropFirst(prefix.count))
        }
    }

    static func blocks(in text: String) -> [Block] {
        var blocks: [Block] = []
        var open: (label: String, body: String)?
        for line in text.split(whereSeparator: \.isNewline) {
            let line = line.trimmingCharacters(in: .whitespaces)
            if let label = named(line, "BEGIN") {
                open = (label, "")
            } else if let (label, body) = open, named(line, "END") == label {
                blocks.append(Block(label: label, bytes: Data(base64Encoded: body).map { Array($0) }))
                open = nil
            } else {
                open?.body += line
            }
        }
        return blocks
    }

    private static func named(_ line: String, _ word: String) -> String? {
        guard line.hasPrefix("-----\(word) "), line.hasSuffix("-----") else { return nil }
        return String(line.dropFirst(word.utf8.count + 6).dropLast(5))
    }
}
