package import Domain

/// What has to be done so that log and notes say again what the journal says. Finding it out changes nothing.
package struct TrailRebuild: Sendable {
    /// Lines of the log that are named one by one. They leave with the file that is set aside, whose own digest covers the rest.
    package static let maxDisownedLogLines = 1000

    /// Digests of lines that are no records of this state, without those that an earlier rebuild named.
    package private(set) var disowned: [String] = []
    package private(set) var disownedLogLines = 0
    /// The log is not what the journal says.
    package private(set) var writesLog = false
    /// Notes that lack records or hold them in another order, with all records that they should hold.
    package private(set) var notes: [NoteAddition] = []
    /// Records that the notes lack.
    package private(set) var lacking: [Int64] = []

    /// Records that the remote's notes lack, though they were pushed.
    package private(set) var unpublished: [Int64] = []

    private let chain: String
    private var reference: JournalReference
    /// Named here or by an earlier rebuild.
    private var named: Set<String> = []

    package var isNeeded: Bool { writesLog || !notes.isEmpty || !disowned.isEmpty || !unpublished.isEmpty }

    /// Blocks.
    /// - Parameters:
    ///   - notes: our own, into which those of the remote were merged.
    ///   - remoteNotes: as the remote has them; nil: not known.
    /// - Throws: `AuditError.journalBroken` where the journal itself does not verify: nothing can be written from it.
    package init(
        journal: any AuditJournal, logPath: String, notes: [CommitNote], remoteNotes: [CommitNote]? = nil,
        keys: AuditKeys? = nil
    ) throws {
        let verdict = try AuditVerifier(journal: journal, logPath: nil, notes: [], keys: keys).verifyNow()
        if let finding = verdict.findings.first {
            throw AuditError(
                .journalBroken,
                "the state's own records do not verify (\(finding)), so nothing can be written again from them; "
                    + "restore a copy made by `ballast state backup`")
        }
        chain = try journal.chainID()
        reference = JournalReference(journal: journal, last: try journal.lastIndex())
        let expected = try readJournal()
        try judgeLog(logPath)
        let texts = Dictionary(notes.map { ($0.commit, $0.lines) }) { $0 + $1 }
        let (unwritten, unpushed) = try journal.notesDue()
        for commit in Set(texts.keys).union(expected.keys).sorted() {
            try judge(texts[commit] ?? [], on: commit, expected: expected[commit] ?? [], unwritten: unwritten)
        }
        guard let remoteNotes else { return }
        let theirs = Dictionary(remoteNotes.map { ($0.commit, Set($0.lines)) }) { $0.union($1) }
        // What our own lack is due to be pushed by that; what ours leave to the log, theirs need not have.
        unpublished = expected.flatMap { commit, lines in
            lines.filter { line in
                !unpushed.contains(line.index) && theirs[commit]?.contains(line.line) != true
                    && texts[commit]?.contains(line.line) == true
            }.map(\.index)
        }.sorted()
    }

    /// The noted records by commit, in the order of the chain.
    private mutating func readJournal() throws -> [CommitID: [AuditLine]] {
        var noted: [CommitID: [AuditLine]] = [:]
        var position: Int64 = 0
        while true {
            let lines = try reference.journal.lines(after: position, limit: AuditLimits.maxLinesPerPage)
            guard let end = lines.last else { return noted }
            for line in lines {
                if let commit = line.notedOn { noted[commit, default: []].append(line) }
                guard line.line.contains("\"\(AuditMember.disowned)\"") else { continue }
                named.formUnion(AuditLineKind(Array(line.line.utf8)).record?.disowned ?? [])
            }
            position = end.index
        }
    }

    private mutating func judgeLog(_ path: String) throws {
        var next: Int64 = 1
        for segment in LogSegment.all(of: path, own: chain) {
            var failure: (any Error)?
            let file = try segment.open()
            try LogLines.forwards(file, until: try file.size()) { line throws(AuditError) in
                guard failure == nil else { return }
                do { try judge(line, next: &next) } catch { failure = error }
            }
            if let failure { throw failure }
        }
        if next <= min(try reference.journal.loggedThrough(), reference.last) { writesLog = true }
    }

    private mutating func judge(_ line: LogLines.Line, next: inout Int64) throws {
        let digest = SHA256Hex.of(line.bytes)
        if line.isTerminated, named.contains(digest) { return }
        if line.isTerminated, let record = AuditLineKind(line.bytes).record {
            if record.chain.id != chain { return }
            if try isOwn(record) {
                if record.chain.index == next { next += 1 } else { writesLog = true }
                return
            }
        }
        writesLog = true
        guard !line.bytes.isEmpty else { return }
        disownedLogLines += 1
        if disownedLogLines <= Self.maxDisownedLogLines { disown(digest) }
    }

    private mutating func judge(
        _ lines: [String], on commit: CommitID, expected: [AuditLine], unwritten: Set<Int64>
    ) throws {
        let own = Set(expected.map(\.index))
        var present: [Int64] = []
        var left: [ClosedRange<Int64>] = []
        for line in lines {
            let bytes = Array(line.utf8)
            switch AuditLineKind(bytes) {
            case .more(let first, let last) where first <= last: left.append(first...last)
            case .record(let record) where record.chain.id == chain:
                let index = record.chain.index
                if named.contains(record.digest) { continue }
                if try !isOwn(record) {
                    disown(record.digest)
                } else if own.contains(index), !present.contains(index) {
                    present.append(index)
                } else {
                    disown(NoteLines.digest(ofCopy: bytes, on: commit))
                }
            default: continue
            }
        }
        let standing = Set(present)
        let missing = expected.filter { line in
            !standing.contains(line.index) && !unwritten.contains(line.index)
                && !left.contains { $0.contains(line.index) }
        }.map(\.index)
        if missing.isEmpty, present == present.sorted() { return }
        lacking += missing
        let whole = standing.union(missing)
        let wanted = expected.filter { whole.contains($0.index) }
        notes.append(
            NoteAddition(commit: commit, lines: wanted.map { NoteLine(text: $0.line, record: $0.index) }))
    }

    private mutating func isOwn(_ record: AuditRecord) throws -> Bool {
        guard let line = try reference.line(at: record.chain.index) else { return false }
        return Array(line.line.utf8) == record.line
    }

    private mutating func disown(_ digest: String) {
        if named.insert(digest).inserted { disowned.append(digest) }
    }
}
