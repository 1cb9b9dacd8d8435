/// The known word that somebody most likely meant.
enum Suggestion {
    /// A sentence to append to a message; empty where nothing is near.
    static func sentence(for word: String, among known: [String]) -> String {
        if let near = nearest(to: word, among: known) { return "; did you mean `\(near)`?" }
        return known.isEmpty || known.count > 12 ? "" : "; known: " + known.map { "`\($0)`" }.joined(separator: ", ")
    }

    static func nearest(to word: String, among known: [String]) -> String? {
        let letters = Array(word.lowercased().unicodeScalars.prefix(64))
        let ranked = known.map { (word: $0, distance: distance(letters, Array($0.lowercased().unicodeScalars))) }
        guard let best = ranked.min(by: { $0.distance < $1.distance }) else { return nil }
        return best.distance <= max(1, min(best.word.count, letters.count) / 3) ? best.word : nil
    }

    /// Insertions, deletions, substitutions and swaps of neighbours.
    static func distance(_ one: [Unicode.Scalar], _ other: [Unicode.Scalar]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...other.count)
        for (row, left) in one.enumerated() {
            var current = [row + 1]
            for (column, right) in other.enumerated() {
                var cost = min(last[column + 1] + 1, current[column] + 1, last[column] + (left == right ? 0 : 1))
                if row > 0, column > 0, left == other[column - 1], one[row - 1] == right {
                    cost = min(cost, beforeLast[column - 1] + 1)
                }
                current.append(cost)
            }
            (beforeLast, last) = (last, current)
        }
        return last[other.count]
    }
}
