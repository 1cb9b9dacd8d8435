import Domain

/// Which records of the journal's chain the notes hold. What stands where it should costs one bit; only the rest is named.
struct NotesAtHome {
    /// A line of a note.
    struct Spot {
        var commit: CommitID
        /// From 1.
        var line: Int
    }

    private var bits: [UInt64] = []
    /// Elsewhere than on their own commits, or unknown to the journal.
    var strays: [Int64: [Spot]] = [:]
    /// Lines that claim to be a record and are not.
    var suspects: [Int64: [Spot]] = [:]
    /// A second time on their own commits.
    private(set) var extras: [(index: Int64, spot: Spot)] = []
    /// After a later record of the same note.
    private(set) var disordered: [(index: Int64, spot: Spot)] = []
    private var order = NoteLineOrder()

    mutating func begin() { order = NoteLineOrder() }

    func isHome(_ index: Int64) -> Bool {
        let word = Int(index / 64)
        return index > 0 && word < bits.count && bits[word] & (1 << UInt64(index % 64)) != 0
    }

    mutating func take(_ index: Int64, _ line: [UInt8], at spot: Spot, isHome: Bool) {
        guard isHome else {
            strays[index, default: []].append(spot)
            return
        }
        guard !self.isHome(index) else {
            extras.append((index, spot))
            return
        }
        let word = Int(index / 64)
        if word >= bits.count { bits.append(contentsOf: repeatElement(0, count: word + 1 - bits.count)) }
        bits[word] |= 1 << UInt64(index % 64)
        if !order.allows(index, line) { disordered.append((index, spot)) }
    }

    mutating func takeSuspect(_ index: Int64, on commit: CommitID) -> Spot? {
        guard let position = suspects[index]?.firstIndex(where: { $0.commit == commit }) else { return nil }
        return suspects[index]?.remove(at: position)
    }
}

/// Whether the records of one note stand in the order of the chain, as they are written. Git's own `notes merge` with
/// `cat_sort_uniq` sorts a note's lines by their bytes, which mostly begin with their time: two records of one moment may turn
/// round by that, which is nobody's tampering.
struct NoteLineOrder {
    private var before: (index: Int64, line: [UInt8]) = (0, [])

    /// - Parameter line: of a record of the note, in the order of the note.
    mutating func allows(_ index: Int64, _ line: [UInt8]) -> Bool {
        defer { before = (index, line) }
        return index > before.index || before.line.lexicographicallyPrecedes(line)
    }
}
