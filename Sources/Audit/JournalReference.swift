/// The journal's lines by index, as what log and notes are held against; one page is kept, since both go forward.
struct JournalReference {
    let journal: any AuditJournal
    let last: Int64
    /// Records that the journal's own walk found changed: they prove nothing.
    var untrusted: Set<Int64> = []
    private var page: [Int64: AuditLine] = [:]

    init(journal: any AuditJournal, last: Int64) {
        self.journal = journal
        self.last = last
    }

    mutating func line(at index: Int64) throws -> AuditLine? {
        guard index >= 1, index <= last, !untrusted.contains(index) else { return nil }
        if let line = page[index] { return line }
        let lines = try journal.lines(after: index - 1, limit: AuditLimits.maxLinesPerPage)
        page = Dictionary(lines.map { ($0.index, $0) }) { first, _ in first }
        return page[index]
    }
}
