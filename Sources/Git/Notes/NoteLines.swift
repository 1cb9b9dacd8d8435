/// The text of a note as lines.
package enum NoteLines {
    /// Existing text with lines added at its end; lines that it already has are left out. `nil` where nothing is new.
    static func appending(_ lines: [String], to text: [UInt8]) -> [UInt8]? {
        var known = Set(text.split(separator: newline))
        var result = text
        if let last = result.last, last != newline { result.append(newline) }
        var isChanged = false
        for line in lines {
            let bytes = ArraySlice(line.utf8)
            guard known.insert(bytes).inserted else { continue }
            result += bytes
            result.append(newline)
            isChanged = true
        }
        return isChanged ? result : nil
    }

    static func isClosed(_ text: [UInt8], by closing: String?) -> Bool {
        guard let closing, let last = text.split(separator: newline).last else { return false }
        return last.starts(with: closing.utf8)
    }

    /// The first, then what the second has more of, in its order. A line that the second has twice and the first once is
    /// added once. Blank lines carry nothing and are not taken over.
    package static func union(_ first: [UInt8], _ second: [UInt8]) -> [UInt8] {
        var counts: [ArraySlice<UInt8>: Int] = [:]
        for line in first.split(separator: newline) { counts[line, default: 0] += 1 }
        var result = first
        for line in second.split(separator: newline) {
            if let count = counts[line], count > 0 {
                counts[line] = count - 1
                continue
            }
            if let last = result.last, last != newline { result.append(newline) }
            result += line
            result.append(newline)
        }
        return result
    }

    private static let newline = UInt8(ascii: "\n")
}
