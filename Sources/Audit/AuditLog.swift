package import Domain

/// The log beside the journal: the same lines, appended and synced after the commit. It may lag the journal and never leads it.
/// One at a time for a state, by the process that owns the state.
package actor AuditLog {
    private let path: String
    private let journal: any AuditLedger
    private let rotation: AuditSettings.Rotation
    private let executor = BlockingExecutor(label: "ballast.audit.log")
    private var place: Place?
    private var replacement: LogReplacement?
    /// Why the present file could not be closed, though that is due; it is appended to all the same.
    package private(set) var rotationFailure: AuditError?

    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    private struct Place {
        var file: LogFile
        var end: Int64
        /// Of the last record of the chain that stands in the file.
        var last: Int64
        /// The first record of the chain in this file; nil: none yet.
        var first: LogBegin?
        var trouble: AuditError?
    }

    package init(
        path: String, journal: any AuditLedger, rotation: AuditSettings.Rotation = AuditSettings.Rotation()
    ) {
        self.path = path
        self.journal = journal
        self.rotation = rotation
    }

    /// Holds the end of the log against the journal, mends a torn end, and completes what was not written.
    /// - Throws: `AuditError` where the file cannot be used; a log that leads or is broken is told, not thrown.
    @discardableResult
    package func start() throws -> LogOpening { try start(mends: true) }

    private func start(mends: Bool) throws -> LogOpening {
        place = nil
        let file = try LogFile(path: path, access: .append)
        let chain = try journal.chainID()
        var end = try LogEnd(of: file, chain: chain)
        let first = end.last == nil ? nil : try LogBegin(of: file, chain: chain)
        if end.last == nil { end.last = try Self.lastClosed(path, chain: chain) }
        var opening = LogOpening()
        opening.isNew = file.isNew
        opening.otherChains = end.otherChains
        opening.standing = try standing(of: end, isNew: file.isNew)
        if !mends, end.readable < end.size, opening.standing == .whole {
            opening.standing = .broken(first: (end.last?.chain.index ?? 0) + 1, reason: "something else wrote to it")
        }
        let last = end.last?.chain.index ?? 0
        guard opening.standing == .whole else {
            place = Place(file: file, end: end.size, last: last, first: first, trouble: trouble(opening.standing))
            return opening
        }
        if end.readable < end.size {
            let torn = try file.read(
                at: end.readable, count: Int(min(end.size - end.readable, Int64(AuditLimits.maxReadLineBytes))))
            try file.truncate(to: end.readable)
            opening.torn = LogOpening.Torn(bytes: end.size - end.readable, sha256: SHA256Hex.of(torn), after: last)
        }
        place = Place(file: file, end: end.readable, last: last, first: first)
        let reached = try catchUp()
        if reached > last { opening.completed = last + 1...reached }
        return opening
    }

    /// The last record of the chain in the closed files.
    private static func lastClosed(_ path: String, chain: String) throws -> AuditRecord? {
        for closed in LogFiles.closed(of: path).reversed() {
            let end = try LogEnd(of: try LogFile(path: closed.path, access: .read), chain: chain)
            if let last = end.last { return last }
        }
        return nil
    }

    /// The records with which the log goes beyond the journal, in order.
    /// - Throws: `AuditError.logBroken` where they do not continue the journal's chain without a gap.
    package func leading(after last: Int64) throws -> [AuditLine] {
        let chain = try journal.chainID()
        var previous = SHA256Hex.zeros
        if last > 0, let own = try journal.line(at: last) {
            previous = AuditLineKind(Array(own.line.utf8)).record?.chain.hash ?? previous
        }
        var lines: [AuditLine] = []
        try LogLines.forwards(LogSegment.all(of: path, own: chain)) { line throws(AuditError) in
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
            var lines = try journal.lines(after: place.last, limit: AuditLimits.maxLinesPerPage)[...]
            if lines.isEmpty { break }
            while let next = lines.first {
                if isDue(place, size: place.end, before: next) { try close(&place) }
                try append(&lines, to: &place)
            }
        }
        return place?.last ?? 0
    }

    /// Appends lines up to the one before which the file is due to be closed, at least one.
    private func append(_ lines: inout ArraySlice<AuditLine>, to place: inout Place) throws {
        var bytes: [UInt8] = []
        var first = place.first
        var last = place.last
        while let line = lines.first {
            place.first = first
            if !bytes.isEmpty, isDue(place, size: place.end + Int64(bytes.count), before: line) { break }
            bytes.append(contentsOf: line.line.utf8)
            bytes.append(UInt8(ascii: "\n"))
            first = first ?? LogBegin(line, needsTime: rotation.every != nil)
            last = line.index
            lines.removeFirst()
        }
        place.first = first
        try place.file.append(bytes)
        place.end += Int64(bytes.count)
        place.last = last
        self.place = place
        journal.logged(through: last)
    }

    /// The file would grow beyond its size, or its first record is too old.
    private func isDue(_ place: Place, size: Int64, before line: AuditLine) -> Bool {
        guard let first = place.first else { return false }
        if let limit = rotation.size, size + Int64(line.line.utf8.count) + 1 > limit.bytes { return true }
        guard let every = rotation.every, let begin = first.at,
            let at = LogBegin(line, needsTime: true).at
        else { return false }
        return at >= begin.advanced(by: every)
    }

    /// Closing the file must not keep a record from being written: where it fails, the next append tries again.
    private func close(_ place: inout Place) throws {
        guard let first = place.first else { return }
        let closing = LogClosing(path: path, first: first.index, chain: try journal.chainID())
        do {
            for step in LogClosing.Step.allCases { try closing.perform(step) }
            rotationFailure = nil
        } catch {
            rotationFailure = error
            if place.file.isInPlace() { return }
        }
        place.file = try LogFile(path: path, access: .append)
        place.end = 0
        place.first = nil
        self.place = place
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

    private func standing(of end: LogEnd, isNew: Bool) throws -> LogOpening.Standing {
        let last = try journal.lastIndex()
        guard let record = end.last else {
            let logged = try journal.loggedThrough()
            return isNew || logged == 0
                ? .whole : .broken(first: 1, reason: "its records up to \(logged) were written and are gone")
        }
        let index = record.chain.index
        guard index <= last else { return try leading(from: last, to: index) }
        guard let own = try journal.line(at: index), Array(own.line.utf8) == record.line else {
            return .broken(first: index, reason: "record \(index) is not the one of the state")
        }
        let logged = try journal.loggedThrough()
        // A present file that was moved away is made again.
        if index < logged, !isNew {
            return .broken(first: index + 1, reason: "its records \(index + 1) to \(logged) were written and are gone")
        }
        return .whole
    }

    /// The log goes beyond the journal: it continues it only where it agrees with the journal's last record.
    private func leading(from last: Int64, to index: Int64) throws -> LogOpening.Standing {
        guard last > 0 else { return .leads(first: 1, last: index) }
        let own = try journal.line(at: last).map { Array($0.line.utf8) }
        let chain = try journal.chainID()
        var agrees = false
        try LogLines.backwards(LogSegment.all(of: path, own: chain)) { line throws(AuditError) in
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
