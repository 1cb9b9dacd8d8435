import Domain

/// Where the hash of a record, and its signature, stand in its bytes. What they are made of are the same bytes without the two
/// members, so that neither writing nor proving a record serialises it twice.
struct SealedLine {
    static let marker = Array("\"chain\":{\"hash\":\"".utf8)
    private static let member = Array("\"hash\":\"".utf8)
    private static let chainName = Array("\"chain\":".utf8)
    static let digitCount = 64

    /// Without the digits, their member's name and the comma after them, and without the signature's member.
    let input: [UInt8]
    let digits: Range<Int>
    /// nil: it has none.
    let signature: Range<Int>?

    /// nil where the place is not certain: the record has to be serialised.
    init?(_ line: [UInt8], chain: JSONValue) {
        guard case .object(let members) = chain, let hash = members["hash"]?.text,
            members.count == (members["signature"] == nil ? 4 : 5), let start = Self.onlyMarker(in: line)
        else { return nil }
        digits = start + Self.marker.count..<start + Self.marker.count + Self.digitCount
        guard digits.upperBound + 2 <= line.count, line[digits].elementsEqual(hash.utf8) else { return nil }
        var rest = digits.upperBound + 2..<line.count
        var input: [UInt8] = []
        input.reserveCapacity(line.count)
        input.append(contentsOf: line[..<(digits.lowerBound - Self.member.count)])
        if let text = members["signature"] {
            guard let member = Self.signatureMember(in: line, chain: chain, from: start), let text = text.text,
                rest.contains(member.lowerBound)
            else { return nil }
            input.append(contentsOf: line[rest.lowerBound..<member.lowerBound])
            rest = member.upperBound..<rest.upperBound
            signature = member.upperBound - 1 - text.utf8.count..<member.upperBound - 1
        } else {
            signature = nil
        }
        input.append(contentsOf: line[rest])
        self.input = input
    }

    /// The last member of the chain, with the comma before it.
    private static func signatureMember(in line: [UInt8], chain: JSONValue, from start: Int) -> Range<Int>? {
        guard let bytes = try? CanonicalJSON.bytes(chain), let text = chain["signature"]?.text else { return nil }
        let begin = start + chainName.count
        let end = begin + bytes.count - 1
        let member = Array(",\"signature\":\"\(text)\"".utf8)
        guard end < line.count, line[begin...end].elementsEqual(bytes), end - member.count > begin,
            line[(end - member.count)..<end].elementsEqual(member)
        else { return nil }
        return end - member.count..<end
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
