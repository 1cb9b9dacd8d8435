/// The order of our lines among those of others.
enum NoteOrder {
    private static let newline = UInt8(ascii: "\n")

    /// The text with the given lines, where they stand in it, in the given order; every other line stays in its place.
    static func ordered(_ text: [UInt8], _ own: [[UInt8]]) -> [UInt8] {
        var lines = text.split(separator: newline, omittingEmptySubsequences: false).map(Array.init)
        var waiting = Set(own)
        var slots: [Int] = []
        for (position, line) in lines.enumerated() where waiting.remove(line) != nil { slots.append(position) }
        let present = own.filter { !waiting.contains($0) }
        for (slot, line) in zip(slots, present) { lines[slot] = line }
        return Array(lines.joined(separator: [newline]))
    }
}
