/// A line and a column as editors count them: from 1, columns in Unicode scalars.
package struct Place: Hashable, Sendable {
    package var line: Int
    package var column: Int

    package init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    /// For what has no place in the file.
    package static let none = Place(line: 0, column: 0)
}

/// The bytes of a file with the starts of its lines; line numbers stay those of the file whatever part is read.
struct SourceText: Sendable {
    let bytes: [UInt8]
    /// Offsets; a line ends with LF, CR LF or CR.
    let lineStarts: [Int]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        var starts = [0]
        for (offset, byte) in bytes.enumerated() {
            let isEnd = byte == 0x0A || (byte == 0x0D && !(offset + 1 < bytes.count && bytes[offset + 1] == 0x0A))
            if isEnd { starts.append(offset + 1) }
        }
        lineStarts = starts
    }

    func place(at offset: Int) -> Place {
        let line = lineIndex(at: offset)
        let before = bytes[min(lineStarts[line], bytes.count)..<min(max(offset, lineStarts[line]), bytes.count)]
        // A continuation byte begins no scalar; a byte order mark is not seen.
        var column = before.count { $0 & 0xC0 != 0x80 }
        if line == 0, bytes.starts(with: SourceText.byteOrderMark), offset >= 3 { column -= 1 }
        return Place(line: line + 1, column: column + 1)
    }

    private func lineIndex(at offset: Int) -> Int {
        var low = 0
        var high = lineStarts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if lineStarts[middle] <= offset { low = middle } else { high = middle }
        }
        return low
    }

    static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
}

extension SourceText {
    /// The first byte of a range that no text of ours may have, and why.
    func firstFault(in range: Range<Int>) -> (offset: Int, message: String)? {
        if bytes[range].starts(with: [0xFF, 0xFE]) || bytes[range].starts(with: [0xFE, 0xFF]) {
            return (range.lowerBound, "this is UTF-16; a file is read as UTF-8 only")
        }
        // Nearly every document is plain ASCII: asked first, at a fraction of the cost.
        let isPlain = bytes[range].allSatisfy { ($0 >= 0x20 && $0 < 0x7F) || $0 == 0x0A || $0 == 0x0D || $0 == 0x09 }
        if isPlain { return nil }
        var decoder = UTF8.ForwardParser()
        var offset = range.lowerBound
        var iterator = bytes[range].makeIterator()
        while true {
            switch decoder.parseScalar(from: &iterator) {
            case .valid(let encoded):
                let scalar = UTF8.decode(encoded)
                if !SourceText.isReadable(scalar) {
                    return (
                        offset,
                        "the character \(scalar.codePoint) may not be in a file; write text as UTF-8 without control characters"
                    )
                }
                offset += encoded.count
            case .error:
                return (offset, "this is no UTF-8: a file is read as UTF-8 only")
            case .emptyInput:
                return nil
            }
        }
    }

    /// YAML's printable characters.
    private static func isReadable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0A, 0x0D, 0x20...0x7E, 0x85, 0xA0...0xD7FF, 0xE000...0xFFFD, 0x1_0000...0x10_FFFF: true
        default: false
        }
    }
}

extension Unicode.Scalar {
    /// `U+202E`, for messages about characters that can't be seen.
    var codePoint: String {
        let digits = String(value, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
