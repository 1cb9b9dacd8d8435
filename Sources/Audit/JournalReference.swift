/// The journal's lines by index, as what log and notes are held against. The log goes forward, so one page is kept; the notes
/// jump, and what lies elsewhere is read alone.
struct JournalReference: Sendable {
    let journal: any AuditJournal
    let last: Int64
    /// Records that the journal's own walk found changed: they prove nothing.
    var untrusted: Set<Int64> = []
    /// The journal verified from its first record to its last: a line that has the bytes of one of its lines is that record.
    var isProved = false
    private var page: [Int64: AuditLine] = [:]
    private var pageEnd: Int64 = 0

    init(journal: any AuditJournal, last: Int64) {
        self.journal = journal
        self.last = last
    }

    mutating func line(at index: Int64) throws -> AuditLine? {
        guard index >= 1, index <= last, !untrusted.contains(index) else { return nil }
        if let line = page[index] { return line }
        guard index > pageEnd, index <= pageEnd + Int64(AuditLimits.maxLinesPerPage) else {
            return try journal.line(at: index)
        }
        let lines = try journal.lines(after: index - 1, limit: AuditLimits.maxLinesPerPage)
        page = Dictionary(lines.map { ($0.index, $0) }) { first, _ in first }
        pageEnd = lines.last?.index ?? last
        return page[index]
    }
}
