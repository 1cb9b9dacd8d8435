/// The log file beside the journal: the same lines, appended and synced after the commit. It may lag the journal and never
/// leads it. One at a time for a state, by the process that owns the state.
package actor AuditLog {
    private let path: String
    private let journal: any AuditLedger
    private let executor = BlockingExecutor(label: "ballast.audit.log")
    private var place: Place?
    private var replacement: LogReplacement?

    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    private struct Place {
        var file: LogFile
        var end: Int64
        /// Of the last record of the chain that stands in the file.
        var last: Int64
        var trouble: AuditError?
    }

    package init(path: String, journal: any AuditLedger) {
        self.path = path
        self.journal = journal
    }

    /// Holds the end of the log against the journal, mends a torn end, and completes what was not written.
    /// - Throws: `AuditError` where the file cannot be used; a log that leads or is broken is told, not thrown.
    @discardableResult
    package func start() throws -> LogOpening { try start(mends: true) }

    private func start(mends: Bool) throws -> LogOpening {
        place = nil
        let file = try LogFile(path: path, access: .append)
        let end = try LogEnd(of: file, chain: try journal.chainID())
        var opening = LogOpening()
        opening.isNew = file.isNew
        opening.otherChains = end.otherChains
        opening.standing = try standing(of: end, in: file, isNew: file.isNew)
        if !mends, end.readable < end.size, opening.standing == .whole {
            opening.standing = .broken(first: (end.last?.chain.index ?? 0) + 1, reason: "something else wrote to it")
        }
        let last = end.last?.chain.index ?? 0
        guard opening.standing == .whole else {
            place = Place(file: file, end: end.size, last: last, trouble: trouble(opening.standing))
            return opening
        }
        if end.readable < end.size {
            let torn = try file.read(
                at: end.readable, count: Int(min(end.size - end.readable, Int64(AuditLimits.maxReadLineBytes))))
            try file.truncate(to: end.readable)
            opening.torn = LogOpening.Torn(bytes: end.size - end.readable, sha256: SHA256Hex.of(torn), after: last)
        }
        place = Place(file: file, end: end.readable, last: last)
        let reached = try catchUp()
        if reached > last { opening.completed = last + 1...reached }
        return opening
    }

    /// The records with which the log goes beyond the journal, in order.
    /// - Throws: `AuditError.logBroken` where they do not continue the journal's chain without a gap.
    package func leading(after last: Int64) throws -> [AuditLine] {
        let file = try LogFile(path: path, access: .read)
        let chain = try journal.chainID()
        var previous = SHA256Hex.zeros
        if last > 0, let own = try journal.line(at: last) {
            previous = AuditLineKind(Array(own.line.utf8)).record?.chain.hash ?? previous
        }
        var lines: [AuditLine] = []
        try LogLines.forwards(file, until: try file.size()) { line throws(AuditError) in
            guard line.isTerminated, let record = AuditLineKind(line.bytes).record, record.chain.id == chain,
                record.chain.index > last
            else { return }
            let index = last + Int64(lines.count) + 1
            guard record.isGenuine, record.chain.index == index, record.chain.previous == previous else {
                throw AuditError(
                    .logBroken,
                    "the audit log \(path) goes beyond the state, but its record \(index) does not continue the chain; "
                        + "run `ballast audit verify`")
            }
            previous = record.chain.hash
            lines.append(AuditLine(record))
        }
        return lines
    }

    /// The next append puts it in the place of the log; until then the log stays as it is.
    package func replace(with replacement: LogReplacement) { self.replacement = replacement }

    /// Appends what the journal has and the log lacks, and returns the last record's index. A failure loses nothing: the next
    /// call goes on where the file ends.
    @discardableResult
    package func catchUp() throws -> Int64 {
        if let replacement {
            try replacement.takePlace()
            self.replacement = nil
            place = nil
        }
        try settle()
        while var place {
            let lines = try journal.lines(after: place.last, limit: AuditLimits.maxLinesPerPage)
            guard let last = lines.last else { break }
            var bytes: [UInt8] = []
            for line in lines {
                bytes.append(contentsOf: line.line.utf8)
                bytes.append(UInt8(ascii: "\n"))
            }
            try place.file.append(bytes)
            place.end += Int64(bytes.count)
            place.last = last.index
            self.place = place
            journal.logged(through: last.index)
        }
        return place?.last ?? 0
    }

    /// A file that somebody moved or changed in length since the last append is looked at anew; it is mended only at a start,
    /// where the caller hears of it.
    private func settle() throws {
        if let place, place.file.isInPlace(), try place.file.size() == place.end {
            if let trouble = place.trouble { throw trouble }
            return
        }
        let opening = try start(mends: place == nil)
        if let trouble = trouble(opening.standing) { throw trouble }
    }

    private func standing(of end: LogEnd, in file: LogFile, isNew: Bool) throws -> LogOpening.Standing {
        let last = try journal.lastIndex()
        guard let record = end.last else {
            let logged = try journal.loggedThrough()
            return isNew || logged == 0
                ? .whole : .broken(first: 1, reason: "its records up to \(logged) were written and are gone")
        }
        let index = record.chain.index
        guard index <= last else { return try leading(from: last, to: index, in: file, end: end.size) }
        guard let own = try journal.line(at: index), Array(own.line.utf8) == record.line else {
            return .broken(first: index, reason: "record \(index) is not the one of the state")
        }
        let logged = try journal.loggedThrough()
        if index < logged {
            return .broken(first: index + 1, reason: "its records \(index + 1) to \(logged) were written and are gone")
        }
        return .whole
    }

    /// The log goes beyond the journal: it continues it only where it agrees with the journal's last record.
    private func leading(
        from last: Int64, to index: Int64, in file: LogFile, end: Int64
    ) throws -> LogOpening.Standing {
        guard last > 0 else { return .leads(first: 1, last: index) }
        let own = try journal.line(at: last).map { Array($0.line.utf8) }
        let chain = try journal.chainID()
        var agrees = false
        try LogLines.backwards(file, from: end) { line throws(AuditError) in
            guard let record = AuditLineKind(line.bytes).record, record.chain.id == chain else { return true }
            guard record.chain.index <= last else { return true }
            agrees = record.line == own
            return false
        }
        return agrees
            ? .leads(first: last + 1, last: index)
            : .broken(first: last, reason: "it has records after \(last) that do not continue the state's")
    }

    private func trouble(_ standing: LogOpening.Standing) -> AuditError? {
        switch standing {
        case .whole: nil
        case .leads(let first, let last):
            AuditError(
                .logLeads,
                "the audit log \(path) has records \(first) to \(last) that the state lacks: the state was restored from a backup"
            )
        case .broken(_, let reason):
            AuditError(
                .logBroken, "the audit log \(path) does not agree with the state: \(reason); run `ballast audit verify`"
            )
        }
    }
}
