/// The records of a state, the first of the three places. Its functions block: they are called from the log's and the
/// verifier's own threads, never from the cooperative pool.
package protocol AuditJournal: Sendable {
    func chainID() throws -> String
    /// 0: the journal is empty.
    func lastIndex() throws -> Int64
    /// In the order of their indexes, at most `limit`.
    func lines(after index: Int64, limit: Int) throws -> [AuditLine]
    func line(at index: Int64) throws -> AuditLine?
    /// Up to which record the log is known to have been written; what it lacks up to there was taken from it.
    func loggedThrough() throws -> Int64
    /// The indexes of noted records that are not in the local notes yet, and those whose push is still due.
    func notesDue() throws -> (unwritten: Set<Int64>, unpushed: Set<Int64>)
}

package enum AuditLimits {
    /// Lines that are read from the journal or appended to the log at once.
    package static let maxLinesPerPage = 500
    /// Of a line of the log; what is longer is no record.
    package static let maxReadLineBytes = 1 << 20
}

/// The journal as the log's writer sees it.
package protocol AuditLedger: AuditJournal {
    /// The log has everything up to this record on the disk; kept with the next transaction.
    func logged(through index: Int64)
}
