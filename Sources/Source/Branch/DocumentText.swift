/// The texts of a file's documents in a form in which layout that means nothing does not count, so that documents of
/// different commits can be compared without parsing them.
struct DocumentTexts: Sendable {
    let all: Set<[UInt8]>

    init(file bytes: [UInt8]) {
        all = Set(Self.split(bytes).map(Self.normal).filter { !$0.isEmpty })
    }

    func contains(_ text: [UInt8]) -> Bool { all.contains(text) }

    /// At lines that begin a document; the marker belongs to what follows it.
    private static func split(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        var parts: [ArraySlice<UInt8>] = []
        var start = bytes.startIndex
        var lineStart = bytes.startIndex
        while lineStart < bytes.endIndex {
            if lineStart > start, isMarker(bytes[lineStart...]) {
                parts.append(bytes[start..<lineStart])
                start = lineStart
            }
            let end = bytes[lineStart...].firstIndex { $0 == newline || $0 == carriageReturn } ?? bytes.endIndex
            lineStart = end < bytes.endIndex ? end + 1 : end
        }
        parts.append(bytes[start...])
        return parts
    }

    /// Without the marker, a byte order mark, white space at the ends of lines and of the whole, and - where nothing in the
    /// document could hold a `#` line as its content - without lines of comment.
    static func normal(_ part: some Sequence<UInt8>) -> [UInt8] {
        var bytes = ArraySlice(part)
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes = bytes.dropFirst(3) }
        if isMarker(bytes) { bytes = bytes.dropFirst(3) }
        let lines = bytes.split(omittingEmptySubsequences: false) { $0 == newline || $0 == carriageReturn }
        let dropsComments = !bytes.contains { blockScalars.contains($0) } && lines.allSatisfy(hasClosedQuotes)
        var result: [UInt8] = []
        for line in lines {
            var rest = line
            while let last = rest.last, last == space || last == tab { rest = rest.dropLast() }
            if rest.isEmpty { continue }
            if dropsComments, rest.first(where: { $0 != space && $0 != tab }) == UInt8(ascii: "#") { continue }
            result += rest
            result.append(newline)
        }
        return result == Array("...\n".utf8) ? [] : result
    }

    private static func hasClosedQuotes(_ line: ArraySlice<UInt8>) -> Bool {
        var double = 0
        var single = 0
        for byte in line {
            if byte == UInt8(ascii: "\"") { double += 1 }
            if byte == UInt8(ascii: "'") { single += 1 }
        }
        return double % 2 == 0 && single % 2 == 0
    }

    private static func isMarker(_ line: ArraySlice<UInt8>) -> Bool {
        guard line.starts(with: [0x2D, 0x2D, 0x2D]) else { return false }
        guard let next = line.dropFirst(3).first else { return true }
        return next == space || next == tab || next == newline || next == carriageReturn
    }

    private static let newline = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")
    private static let space = UInt8(ascii: " ")
    private static let tab = UInt8(ascii: "\t")
    private static let blockScalars: Set<UInt8> = [UInt8(ascii: "|"), UInt8(ascii: ">")]
}
