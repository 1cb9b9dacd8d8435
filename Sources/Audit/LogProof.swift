/// Proves the log's file, against the journal where there is one.
struct LogProof {
    let path: String
    let disowned: Set<String>
    var reference: JournalReference?

    private var walks: [String: ChainWalk] = [:]
    private var torn: Int?
    private var differs: Int64?
    private var added: [Int] = []

    init(path: String, disowned: Set<String>, reference: JournalReference?) {
        self.path = path
        self.disowned = disowned
        self.reference = reference
    }

    mutating func prove(into verdict: inout AuditVerdict) throws {
        guard let file = try Self.opened(path) else {
            try judgeAbsence(into: &verdict)
            return
        }
        var failure: (any Error)?
        let own = verdict.chain
        try LogLines.forwards(file, until: try file.size()) { line throws(AuditError) in
            guard failure == nil else { return }
            do { try take(line, own: own) } catch { failure = error }
        }
        if let failure { throw failure }
        try finish(into: &verdict)
    }

    /// nil: there is none, or it cannot be read.
    private static func opened(_ path: String) throws -> LogFile? {
        do {
            return try LogFile(path: path, access: .read)
        } catch let error where error.code == .logUnreadable {
            return nil
        }
    }

    /// A log that was never written is only late.
    private func judgeAbsence(into verdict: inout AuditVerdict) throws {
        guard let reference, let chain = verdict.chain else {
            throw AuditError(.logUnreadable, "the audit log \(path) cannot be read; check `audit.file`")
        }
        guard reference.last > 0 else { return }
        if try reference.journal.loggedThrough() == 0 {
            verdict.logLag = 1...reference.last
        } else {
            verdict.add(AuditFinding(place: .log, kind: .missing, chain: chain, first: 1, last: reference.last))
        }
    }

    private mutating func take(_ line: LogLines.Line, own: String?) throws {
        guard line.isTerminated else {
            torn = line.number
            return
        }
        if !disowned.isEmpty, disowned.contains(SHA256Hex.of(line.bytes)) { return }
        if try takeProven(line, own: own) { return }
        try take(AuditLineKind(line.bytes), line: line.number, own: own)
    }

    /// The very line that is due, as the proved journal has it: most lines of most logs.
    private mutating func takeProven(_ line: LogLines.Line, own: String?) throws -> Bool {
        guard let own, reference?.isProved == true else { return false }
        let due = walks[own]?.expected ?? 1
        guard let genuine = try reference?.line(at: due), Array(genuine.line.utf8) == line.bytes,
            let link = ProvenLine(line.bytes)?.link(line: line.number), link.index == due
        else { return false }
        if differs == due { differs = nil }
        walks[own, default: ChainWalk()].add(link)
        return true
    }

    mutating func take(_ kind: AuditLineKind, line number: Int, own: String?) throws {
        switch kind {
        case .unreadable:
            if let own { walks[own, default: ChainWalk()].addBad(line: number) } else { added.append(number) }
        case .foreign, .more: added.append(number)
        case .record(let record):
            let id = record.chain.id
            guard walks[id] != nil || walks.count < AuditVerdict.maxChains else { return }
            if try isProved(record, own: own) {
                walks[id, default: ChainWalk()].add(ChainWalk.Link(record, line: number))
            } else {
                walks[id, default: ChainWalk()].addBad(line: number)
            }
        }
    }

    private mutating func isProved(_ record: AuditRecord, own: String?) throws -> Bool {
        guard record.isGenuine else { return false }
        guard record.chain.id == own, let line = try reference?.line(at: record.chain.index) else { return true }
        if Array(line.line.utf8) == record.line {
            // What stood in its place before was a stranger.
            if differs == record.chain.index { differs = nil }
            return true
        }
        guard record.chain.index == reference?.last, walks[record.chain.id]?.expected == record.chain.index else {
            return false
        }
        differs = record.chain.index
        return true
    }

    mutating func finish(into verdict: inout AuditVerdict) throws {
        let own = verdict.chain
        let last = reference?.last ?? 0
        for (id, var walk) in walks.sorted(by: { $0.key < $1.key }) {
            walk.finish(last: id == own ? last : 0)
            let findings = walk.findings.map { AuditFinding($0, place: .log, chain: id) }
            if own == nil || id == own {
                verdict.proved[.log, default: 0] += walk.count
                for finding in findings { verdict.add(finding) }
            } else {
                verdict.otherChains.append(
                    AuditVerdict.OtherChain(id: id, place: .log, records: walk.count, findings: findings))
            }
            walks[id] = walk
        }
        let chain = own ?? ""
        for line in added {
            verdict.add(AuditFinding(place: .log, kind: .added, chain: chain, first: 0, last: 0, line: line))
        }
        if let differs {
            verdict.add(
                AuditFinding(place: .log, kind: .differs, chain: chain, first: differs, last: differs))
        }
        let expected = own.flatMap { walks[$0]?.expected } ?? 1
        if let torn {
            verdict.add(
                AuditFinding(place: .log, kind: .torn, chain: chain, first: expected, last: expected, line: torn))
        }
        guard let reference else { return }
        if expected - 1 > last {
            verdict.add(AuditFinding(place: .log, kind: .leads, chain: chain, first: last + 1, last: expected - 1))
        }
        try judgeEnd(from: expected, to: last, chain: chain, journal: reference.journal, into: &verdict)
    }

    /// What the end lacks was cut where it is known to have been written; else it is only late.
    private func judgeEnd(
        from expected: Int64, to last: Int64, chain: String, journal: any AuditJournal, into verdict: inout AuditVerdict
    ) throws {
        let logged = min(try journal.loggedThrough(), last)
        let firstWhole = torn == nil ? expected : expected + 1
        if firstWhole <= logged {
            verdict.add(AuditFinding(place: .log, kind: .cut, chain: chain, first: firstWhole, last: logged))
        }
        let lag = max(expected, logged + 1)
        if lag <= last { verdict.logLag = lag...last }
    }
}
