import Domain

/// Where the hash of a record stands in its bytes. What it is the hash of are the same bytes without the member, so that
/// neither writing nor proving a record serialises it twice.
struct SealedLine {
    static let marker = Array("\"chain\":{\"hash\":\"".utf8)
    private static let member = Array("\"hash\":\"".utf8)
    static let digitCount = 64

    /// Without the digits, their member's name and the comma after them.
    let input: [UInt8]
    let digits: Range<Int>

    /// nil where the place is not certain: the record has to be serialised.
    init?(_ line: [UInt8], chain: JSONValue) {
        guard case .object(let members) = chain, members.count == 4, let hash = members["hash"]?.text,
            let start = Self.onlyMarker(in: line)
        else { return nil }
        digits = start + Self.marker.count..<start + Self.marker.count + Self.digitCount
        guard digits.upperBound + 2 <= line.count, line[digits].elementsEqual(hash.utf8) else { return nil }
        var input: [UInt8] = []
        input.reserveCapacity(line.count)
        input.append(contentsOf: line[..<(digits.lowerBound - Self.member.count)])
        input.append(contentsOf: line[(digits.upperBound + 2)...])
        self.input = input
    }

    static func onlyMarker(in line: [UInt8]) -> Int? {
        var found: Int?
        var rest = line[...]
        while let start = rest.firstIndex(of: UInt8(ascii: ":")) {
            let begin = start - 7
            if begin >= 0, begin + marker.count <= line.count, line[begin..<begin + marker.count].elementsEqual(marker)
            {
                if found != nil { return nil }
                found = begin
            }
            rest = rest[(start + 1)...]
        }
        return found
    }
}
