import Foundation

/// Base64 between `-----BEGIN …-----` and `-----END …-----` lines, as SSH and OpenPGP write it.
struct Armour: Sendable {
    /// What stands after `BEGIN`.
    var label: String
    /// OpenPGP's `Version: …` lines and the like are dropped; this is what they and the blank line leave.
    var base64: String
    /// OpenPGP's check sum, `=` and four characters, without the `=`.
    var checksum: String?

    /// Base64 without white space; strict, padding included.
    var bytes: [UInt8]? { Data(base64Encoded: base64).map { Array($0) } }

    /// All blocks of a text, in order; text between blocks is passed over where `lenient`.
    /// - Returns: `nil` for a block that does not end, an unknown line where not `lenient`, or text that is not ASCII inside a block.
    static func blocks(in bytes: [UInt8], lenient: Bool) -> [Armour]? {
        var blocks: [Armour] = []
        var open: Armour?
        var headersDone = false
        for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            let text = String(decoding: line, as: UTF8.self).trimmingCharacters(in: .whitespaces.union(["\r"]))
            guard var block = open else {
                if let label = label(of: text, marker: "BEGIN") {
                    open = Armour(label: label, base64: "", checksum: nil)
                    headersDone = false
                } else if !lenient, !text.isEmpty {
                    return nil
                }
                continue
            }
            if let label = label(of: text, marker: "END") {
                guard label == block.label else { return nil }
                blocks.append(block)
                open = nil
                continue
            }
            guard block.take(text, headersDone: &headersDone) else { return nil }
            open = block
        }
        return open == nil ? blocks : nil
    }

    private mutating func take(_ text: String, headersDone: inout Bool) -> Bool {
        if text.isEmpty {
            headersDone = true
            return base64.isEmpty
        }
        if !headersDone, base64.isEmpty, text.contains(": ") { return true }
        if text.hasPrefix("="), checksum == nil {
            checksum = String(text.dropFirst())
            return true
        }
        headersDone = true
        guard checksum == nil, text.utf8.allSatisfy(Self.isBase64) else { return false }
        base64 += text
        return true
    }

    private static func label(of line: String, marker: String) -> String? {
        guard line.hasPrefix("-----\(marker) "), line.hasSuffix("-----") else { return nil }
        return String(line.dropFirst("-----\(marker) ".count).dropLast(5))
    }

    private static func isBase64(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "="):
            true
        default: false
        }
    }
}

extension Armour {
    /// Whether the OpenPGP check sum (RFC 4880 §6.1), where there is one, fits.
    func checksumFits(_ bytes: [UInt8]) -> Bool {
        guard let checksum else { return true }
        let sum = Self.crc24(bytes)
        return Data(base64Encoded: checksum).map { Array($0) } == [
            UInt8(truncatingIfNeeded: sum >> 16), UInt8(truncatingIfNeeded: sum >> 8), UInt8(truncatingIfNeeded: sum),
        ]
    }

    private static func crc24(_ bytes: [UInt8]) -> UInt32 {
        var sum: UInt32 = 0xB7_04CE
        for byte in bytes {
            sum ^= UInt32(byte) << 16
            for _ in 0..<8 {
                sum <<= 1
                if sum & 0x100_0000 != 0 { sum ^= 0x186_4CFB }
            }
        }
        return sum & 0xFF_FFFF
    }
}
