package import Domain

/// Records that stand in the notes alone, because the state was restored from a backup and its log is lost, too, or as old. Notes
/// hold only noted records: those that continue the journal without a gap can be taken back; of the rest only their content is
/// known.
package struct NotesLead: Sendable {
    /// They continue the journal.
    package private(set) var continuing: [AuditLine] = []
    /// Between these and the journal records are missing, which stood in journal and log alone.
    package private(set) var beyond: [AuditLine] = []

    /// Blocks.
    /// - Returns: nil where the notes do not lead the journal.
    package init?(pages: any NotePages, journal: any AuditJournal) throws {
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
                found[place.index] = record
            }
        }
        var before = end.chain
        for record in found.values.sorted(by: { $0.chain.index < $1.chain.index }) {
            let continues = record.chain.index == before.index + 1 && record.chain.previous == before.hash
            if beyond.isEmpty, continues {
                continuing.append(AuditLine(record))
                before = record.chain
            } else {
                beyond.append(AuditLine(record))
            }
        }
        if found.isEmpty { return nil }
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
