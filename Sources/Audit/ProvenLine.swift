/// A line that has the bytes of a line of a proved journal: nothing of it needs to be read again but its place in the chain,
/// and that stands where canonical JSON puts it.
struct ProvenLine {
    private static let index = Array("\"index\":".utf8)
    private static let previous = Array("\"previous\":\"".utf8)

    let index: Int64
    let hash: String
    private let line: [UInt8]
    private let end: Int

    /// nil where the place is not certain: the line has to be read as JSON.
    init?(_ line: [UInt8]) {
        guard let start = SealedLine.onlyMarker(in: line) else { return nil }
        let digits = start + SealedLine.marker.count
        let end = digits + SealedLine.digitCount
        guard end < line.count, let name = line[end...].firstRange(of: Self.index) else { return nil }
        let number = line[name.upperBound...].prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard let index = Int64(String(decoding: number, as: UTF8.self)) else { return nil }
        self.index = index
        self.line = line
        self.end = number.endIndex
        hash = String(decoding: line[digits..<end], as: UTF8.self)
    }

    func link(line number: Int?) -> ChainWalk.Link? {
        guard let name = line[end...].firstRange(of: Self.previous),
            name.upperBound + SealedLine.digitCount < line.count
        else { return nil }
        let digits = line[name.upperBound..<name.upperBound + SealedLine.digitCount]
        return ChainWalk.Link(
            index: index, previous: String(decoding: digits, as: UTF8.self), hash: hash, line: number)
    }
}
