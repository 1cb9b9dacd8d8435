import Domain

/// What was found at the end of the log, and what was done about it.
package struct LogOpening: Hashable, Sendable {
    package enum Standing: Hashable, Sendable {
        case whole
        /// The log has these records of this chain and the journal does not: a state restored from a backup.
        case leads(first: Int64, last: Int64)
        /// From this record on the log is not what the journal says; nothing was changed.
        case broken(first: Int64, reason: String)
    }

    /// Bytes at the end that were no record and were taken away: worth an `audit.mended`.
    package struct Torn: Hashable, Sendable {
        package var bytes: Int64
        /// Of what was taken away, as far as 1 MiB.
        package var sha256: String
        /// The last record before them.
        package var after: Int64
    }

    package var standing = Standing.whole
    package var torn: Torn?
    /// Records that the log lacked at its end and has now.
    package var completed: ClosedRange<Int64>?
    /// The file did not exist.
    package var isNew = false
    /// Other chains whose records stand in the same file, as far back as was looked.
    package var otherChains: Set<String> = []

    package init() {}
}

/// The end of the log as it lies on the disk.
struct LogEnd {
    var size: Int64
    /// Where the last readable line ends.
    var readable: Int64 = 0
    var last: AuditRecord?
    var otherChains: Set<String> = []

    /// Looks back to the last record of the chain; lines after the last readable one are torn.
    init(of file: LogFile, chain: String) throws(AuditError) {
        size = try file.size()
        var readable: Int64?
        var last: AuditRecord?
        var others: Set<String> = []
        try LogLines.backwards(file, from: size) { line throws(AuditError) in
            let kind = line.isTerminated ? AuditLineKind(line.bytes) : .unreadable
            if case .unreadable = kind { return true }
            readable = readable ?? line.offset + Int64(line.bytes.count) + 1
            guard let record = kind.record else { return true }
            if record.chain.id == chain {
                last = record
                return false
            }
            others.insert(record.chain.id)
            return true
        }
        self.readable = readable ?? 0
        self.last = last
        self.otherChains = others
    }
}

/// The first record of the chain in one file.
struct LogBegin {
    var index: Int64
    /// nil: unknown, or not asked for.
    var at: Timestamp?

    init(_ line: AuditLine, needsTime: Bool) {
        index = line.index
        guard needsTime else { return }
        at = AuditLineKind(Array(line.line.utf8)).record?.at
    }

    /// nil: there is none.
    init?(of file: LogFile, chain: String) throws(AuditError) {
        var first: AuditRecord?
        try LogLines.walk(file, until: try file.size()) { line throws(AuditError) in
            guard let record = AuditLineKind(line.bytes).record, record.chain.id == chain else { return true }
            first = record
            return false
        }
        guard let first else { return nil }
        index = first.chain.index
        at = first.at
    }
}
