/// A path inside a commit, from its root, with `/` between the names.
///
/// In git a name is bytes. Where the bytes are UTF-8 without control characters, `text` is the path itself and `isExact`
/// is true. Else the odd bytes stand as `\xHH` in `text`, which is then good for messages only: such a file is reported,
/// never read.
package struct TreePath: Hashable, Sendable {
    package let text: String
    package let isExact: Bool

    /// For paths that are written by hand, in code and configuration.
    package init(_ text: String) {
        self.init(bytes: Array(text.utf8))
    }

    init(bytes: [UInt8]) {
        if let whole = String(validating: bytes, as: UTF8.self),
            !whole.unicodeScalars.contains(where: CleanText.isUnsafe)
        {
            text = whole
            isExact = true
            return
        }
        let digits = Array("0123456789ABCDEF".utf8)
        var escaped: [UInt8] = []
        for byte in bytes {
            if byte > 0x1F, byte < 0x7F {
                escaped.append(byte)
            } else {
                escaped += [UInt8(ascii: "\\"), UInt8(ascii: "x"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        text = String(decoding: escaped, as: UTF8.self)
        isExact = false
    }

    private init(text: String, isExact: Bool) {
        self.text = text
        self.isExact = isExact
    }
}

extension TreePath: Comparable {
    /// By bytes, as git sorts.
    package static func < (left: Self, right: Self) -> Bool {
        left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
    }
}

extension TreePath: CustomStringConvertible {
    package var description: String { text }
}

extension TreePath: Codable {
    package init(from decoder: any Decoder) throws {
        let coded = try decoder.singleValueContainer().decode(String.self)
        self.init(text: String(coded.dropFirst()), isExact: coded.hasPrefix("="))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode((isExact ? "=" : "!") + text)
    }
}
