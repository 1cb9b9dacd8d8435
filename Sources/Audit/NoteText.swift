import Domain

/// The text of a git note: lines of the trail among lines of other writers, which are always kept.
package enum NoteText {
    /// Where a note reaches it, the records that follow are left to the log.
    package static let maxNoteBytes = 64 << 10
    /// `{"more":{"first":…,"last":…}}` with its line end.
    static let maxMoreLineBytes = 80

    /// Adds the lines that the note lacks, in the order of their indexes. The same lines again change nothing.
    package static func adding(_ lines: [AuditLine], to existing: String?) -> String {
        var kept = existing.map(split) ?? []
        let present = Set(kept)
        var more = removeMore(from: &kept)
        var size = kept.reduce(0) { $0 + $1.utf8.count + 1 }
        var left: [Int64] = []
        for line in lines.sorted(by: { $0.index < $1.index }) where !present.contains(line.line) {
            if more.contains(where: { $0.contains(line.index) }) { continue }
            let grown = size + line.line.utf8.count + 1
            if left.isEmpty, more.isEmpty, grown + maxMoreLineBytes <= maxNoteBytes {
                kept.append(line.line)
                size = grown
            } else {
                left.append(line.index)
            }
        }
        if let first = left.first, let last = left.last {
            if let end = more.popLast() {
                more.append(min(end.lowerBound, first)...max(end.upperBound, last))
            } else {
                more.append(first...last)
            }
        }
        return joined(kept, more)
    }

    /// Both writers' lines, line by line; of a line that stands several times, as often as where it stands oftenest. The
    /// records of one chain stand in the order of their indexes again.
    package static func merged(_ ours: String, _ theirs: String) -> String {
        var lines = split(ours)
        var other = split(theirs)
        var more = removeMore(from: &lines)
        for range in removeMore(from: &other) {
            if let position = more.firstIndex(where: { $0.lowerBound == range.lowerBound }) {
                more[position] = range.lowerBound...max(more[position].upperBound, range.upperBound)
            } else {
                more.append(range)
            }
        }
        var counts: [String: Int] = [:]
        for line in lines { counts[line, default: 0] += 1 }
        for line in other {
            if let count = counts[line], count > 0 {
                counts[line] = count - 1
            } else {
                lines.append(line)
            }
        }
        return joined(sorted(lines), more.sorted { $0.lowerBound < $1.lowerBound })
    }

    package static func split(_ text: String) -> [String] {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines.last == "" { lines.removeLast() }
        return lines
    }

    /// Ranges of record indexes that the note's last lines leave to the log.
    private static func removeMore(from lines: inout [String]) -> [ClosedRange<Int64>] {
        var ranges: [ClosedRange<Int64>] = []
        lines.removeAll { line in
            guard line.hasPrefix("{\"more\":"), case .more(let first, let last) = AuditLineKind(Array(line.utf8)),
                first <= last
            else { return false }
            ranges.append(first...last)
            return true
        }
        return ranges
    }

    private static func joined(_ lines: [String], _ more: [ClosedRange<Int64>]) -> String {
        let ends = more.map { "{\"more\":{\"first\":\($0.lowerBound),\"last\":\($0.upperBound)}}" }
        return (lines + ends).map { $0 + "\n" }.joined()
    }

    private static func sorted(_ lines: [String]) -> [String] {
        var places: [String: [(position: Int, index: Int64)]] = [:]
        for (position, line) in lines.enumerated() {
            guard let chain = AuditLineKind(Array(line.utf8)).record?.chain else { continue }
            places[chain.id, default: []].append((position, chain.index))
        }
        var result = lines
        for own in places.values {
            let order = own.sorted { ($0.index, $0.position) < ($1.index, $1.position) }
            for (place, source) in zip(own, order) { result[place.position] = lines[source.position] }
        }
        return result
    }
}
