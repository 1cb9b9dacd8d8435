/// What the journal said before notes were listed. A server goes on meanwhile: what came later, or was due then, they need not
/// hold though it is written and pushed by the time the journal is read.
package struct NotesMoment: Sendable {
    let last: Int64
    let unwritten: Set<Int64>
    let unpushed: Set<Int64>

    /// Blocks.
    package init(_ journal: some AuditJournal) throws {
        // In this order: a record that is added between the two is later than the last.
        last = try journal.lastIndex()
        (unwritten, unpushed) = try journal.notesDue()
    }
}
