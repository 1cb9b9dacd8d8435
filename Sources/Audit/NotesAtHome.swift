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
    /// Of the note that is being read.
    private var before: Int64 = 0

    mutating func begin() { before = 0 }

    func isHome(_ index: Int64) -> Bool {
        let word = Int(index / 64)
        return index > 0 && word < bits.count && bits[word] & (1 << UInt64(index % 64)) != 0
    }

    mutating func take(_ index: Int64, at spot: Spot, isHome: Bool) {
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
        if index < before { disordered.append((index, spot)) }
        before = index
    }

    mutating func takeSuspect(_ index: Int64, on commit: CommitID) -> Spot? {
        guard let position = suspects[index]?.firstIndex(where: { $0.commit == commit }) else { return nil }
        return suspects[index]?.remove(at: position)
    }
}
