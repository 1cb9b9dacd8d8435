package import Domain

/// Records that stand in the notes alone, because the state was restored from a backup and its log is lost, too, or as old. Notes
/// hold only noted records: those that continue the journal without a gap can be taken back; of the rest only their content is
/// known.
package struct NotesLead: Sendable {
    /// They continue the journal.
    package private(set) var continuing: [AuditLine] = []
    /// Between these and the journal records are missing, which stood in journal and log alone.
    package private(set) var beyond: [AuditLine] = []
    /// Records that somebody without the key may have written: they are not taken back.
    package private(set) var unsigned: [Int64] = []

    /// Blocks.
    /// - Parameter keys: by which the records were signed; one that is not signed by them cannot be told from one that was made
    ///   up, since anybody may push notes. nil: no key is known, and their hashes have to do.
    /// - Returns: nil where the notes do not lead the journal.
    package init?(pages: any NotePages, journal: any AuditJournal, keys: AuditKeys? = nil) throws {
        let chain = try journal.chainID()
        let last = try journal.lastIndex()
        guard last > 0, let end = try journal.line(at: last).flatMap({ AuditLineKind(Array($0.line.utf8)).record })
        else { return nil }
        var found: [Int64: AuditRecord] = [:]
        try pages.each { _, text in
            for line in NoteLines.split(text ?? "") {
                let bytes = Array(line.utf8)
                guard let place = ProvenLine(bytes), place.index > last, let record = AuditLineKind(bytes).record,
                    record.isGenuine, record.chain.id == chain, record.chain.index == place.index
                else { continue }
                // Of two with one number, the one that is signed: the other may be anybody's.
                if let other = found[place.index], other.chain.isSigned(by: keys) { continue }
                found[place.index] = record
            }
        }
        var before = end.chain
        var trust = LeadTrust(keys, after: end.chain, chain: chain)
        for record in found.values.sorted(by: { $0.chain.index < $1.chain.index }) {
            if trust.allows(record.chain) {
                place(record, after: &before)
            } else {
                unsigned.append(record.chain.index)
            }
        }
        if found.isEmpty { return nil }
    }

    private mutating func place(_ record: AuditRecord, after before: inout AuditRecord.Chain) {
        let continues = record.chain.index == before.index + 1 && record.chain.previous == before.hash
        if beyond.isEmpty, continues {
            continuing.append(AuditLine(record))
            before = record.chain
        } else {
            beyond.append(AuditLine(record))
        }
    }

    /// For people; nil: nothing was left out.
    package var doubt: String? {
        guard let first = unsigned.first, let last = unsigned.last else { return nil }
        let (records, verb) = first == last ? ("record \(first)", "is") : ("records from \(first) to \(last)", "are")
        return
            "notes: \(records) beyond the state \(verb) not signed by a known key and \(first == last ? "was" : "were") not "
            + "taken back; whoever may push notes can have made that up"
    }

    /// For the engine: what ended after the backup, and which records nobody has.
    package var takenBack: TakenBack? {
        guard var taken = TakenBack(continuing + beyond) else { return nil }
        var unplaced: ClosedRange<Int64>?
        if let first = beyond.first, let last = beyond.last { unplaced = first.index...last.index }
        taken.notes = TakenBack.Notes(unplaced: unplaced)
        return taken
    }
}

/// Which records beyond the journal may be believed where keys are known: anybody who may push can write into notes.
private struct LeadTrust {
    private let keys: AuditKeys?
    private let isLastSigned: Bool
    private var walk: SignatureWalk

    init(_ keys: AuditKeys?, after last: AuditRecord.Chain, chain: String) {
        self.keys = keys
        isLastSigned = last.signature != nil
        walk = SignatureWalk(keys: keys, place: .notes, chain: chain)
        walk.add(last)
    }

    /// In the order of the chain. One without a signature is believed only where signing had been given up before.
    mutating func allows(_ record: AuditRecord.Chain) -> Bool {
        guard let keys else { return true }
        if record.signature == nil { return !keys.mustSign && !isLastSigned }
        var next = walk
        next.add(record)
        guard next.findings.isEmpty else { return false }
        walk = next
        return true
    }
}

extension AuditRecord.Chain {
    fileprivate func isSigned(by keys: AuditKeys?) -> Bool {
        guard keys != nil, case .key = SignatureMark(self, keys: keys) else { return false }
        return true
    }
}
