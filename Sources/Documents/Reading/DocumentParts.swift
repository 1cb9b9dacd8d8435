/// Splits a file at its `---` lines, so that one bad document does not make the others unreadable.
///
/// A line that begins with `---` ends a document wherever it stands: YAML allows it inside no scalar.
enum DocumentParts {
    /// Ranges of bytes, without those that hold nothing but blank lines and comments. The `---` line belongs to the
    /// part that it begins.
    static func split(_ source: SourceText) -> [Range<Int>] {
        let bytes = source.bytes
        let begin = bytes.starts(with: SourceText.byteOrderMark) ? 3 : 0
        var cuts = [begin]
        for start in source.lineStarts {
            let offset = max(start, begin)
            if offset > begin, isMarker(bytes[offset...]) { cuts.append(offset) }
        }
        cuts.append(bytes.count)
        return zip(cuts, cuts.dropFirst()).map { $0..<$1 }.filter { holdsSomething(bytes[$0]) }
    }

    private static func isMarker(_ line: ArraySlice<UInt8>) -> Bool {
        guard line.starts(with: [0x2D, 0x2D, 0x2D]) else { return false }
        guard let next = line.dropFirst(3).first else { return true }
        return next == 0x20 || next == 0x09 || next == 0x0A || next == 0x0D
    }

    private static func holdsSomething(_ part: ArraySlice<UInt8>) -> Bool {
        var rest = isMarker(part) ? part.dropFirst(3) : part
        while let first = rest.first {
            switch first {
            case 0x20, 0x09, 0x0A, 0x0D:
                rest = rest.dropFirst()
            case 0x23:
                rest = rest.drop { $0 != 0x0A && $0 != 0x0D }
            case 0x2E where rest.starts(with: [0x2E, 0x2E, 0x2E]) && isBlankToLineEnd(rest.dropFirst(3)):
                rest = rest.dropFirst(3)
            default:
                return true
            }
        }
        return false
    }

    private static func isBlankToLineEnd(_ rest: ArraySlice<UInt8>) -> Bool {
        guard let first = rest.first(where: { $0 != 0x20 && $0 != 0x09 }) else { return true }
        return first == 0x0A || first == 0x0D
    }
}
