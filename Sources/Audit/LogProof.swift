/// Proves the log, all of its files as one trail, against the journal where there is one.
struct LogProof {
    let path: String
    let disowned: Set<String>
    var reference: JournalReference?

    private let keys: AuditKeys?
    private var walks: [String: ChainWalk] = [:]
    /// Of chains that are not the journal's, whose own are judged there: a line of its log is the same bytes.
    private var signatures: [String: SignatureWalk] = [:]
    private var torn: Int?
    private var differs: Int64?
    private var added: [Int] = []
    /// The files in their order, and the number of lines before each: lines are numbered through, and told by file.
    private var files: [(name: String, before: Int)] = []
    private var lineCount = 0
    private var hasPresent = false
    /// What was known to be written before the files were opened: a server goes on while they are read.
    private var logged: Int64 = 0

    init(path: String, disowned: Set<String>, reference: JournalReference?, keys: AuditKeys?) {
        self.path = path
        self.disowned = disowned
        self.reference = reference
        self.keys = keys
    }

    mutating func prove(into verdict: inout AuditVerdict) throws {
        let own = verdict.chain
        try begin()
        let segments = LogSegment.all(of: path, own: own)
        guard !segments.isEmpty else {
            try judgeAbsence(into: &verdict)
            return
        }
        for segment in segments { try take(segment, own: own) }
        try finish(into: &verdict)
    }

    /// Before a file is opened.
    mutating func begin() throws { logged = try reference?.journal.loggedThrough() ?? 0 }

    private mutating func take(_ segment: LogSegment, own: String?) throws {
        files.append((segment.name, lineCount))
        hasPresent = hasPresent || segment.isPresent
        let before = lineCount
        var failure: (any Error)?
        let file = try segment.open()
        try LogLines.forwards(file, until: try file.size()) { line throws(AuditError) in
            guard failure == nil else { return }
            var line = line
            line.number += before
            lineCount = line.number
            do { try take(line, isPresent: segment.isPresent, own: own) } catch { failure = error }
        }
        if let failure { throw failure }
    }

    /// A log that was never written is only late.
    private func judgeAbsence(into verdict: inout AuditVerdict) throws {
        guard let reference, let chain = verdict.chain else {
            throw AuditError(.logUnreadable, "the audit log \(path) cannot be read; check `audit.file`")
        }
        guard reference.last > 0 else { return }
        if logged == 0 {
            verdict.logLag = 1...reference.last
        } else {
            verdict.add(AuditFinding(place: .log, kind: .missing, chain: chain, first: 1, last: reference.last))
        }
    }

    private mutating func take(_ line: LogLines.Line, isPresent: Bool, own: String?) throws {
        guard line.isTerminated || !isPresent else {
            torn = line.number
            return
        }
        if !disowned.isEmpty, disowned.contains(SHA256Hex.of(line.bytes)) { return }
        // A closed file ends with a whole line.
        guard line.isTerminated else { return try take(.unreadable, line: line.number, own: own) }
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
                if id != own {
                    let fresh = SignatureWalk(keys: keys, place: .log, chain: id)
                    signatures[id, default: fresh].add(record.chain, line: number)
                }
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
            var findings = walk.findings.map { placed(AuditFinding($0, place: .log, chain: id)) }
            if own == nil || id == own {
                verdict.proved[.log, default: 0] += walk.count
                for finding in findings { verdict.add(finding) }
            } else {
                findings += signatures.removeValue(forKey: id)?.findings.map(placed) ?? []
                verdict.otherChains.append(
                    AuditVerdict.OtherChain(id: id, place: .log, records: walk.count, findings: findings))
            }
            walks[id] = walk
        }
        for (_, walk) in signatures.sorted(by: { $0.key < $1.key }) { verdict.add(walk, placed: placed) }
        let chain = own ?? ""
        for line in added {
            verdict.add(
                placed(AuditFinding(place: .log, kind: .added, chain: chain, first: 0, last: 0, line: line)))
        }
        if let differs {
            verdict.add(
                AuditFinding(place: .log, kind: .differs, chain: chain, first: differs, last: differs))
        }
        let expected = own.flatMap { walks[$0]?.expected } ?? 1
        if let torn {
            verdict.add(
                placed(
                    AuditFinding(place: .log, kind: .torn, chain: chain, first: expected, last: expected, line: torn)))
        }
        guard let reference else { return }
        // A server goes on while its trail is proved: only what the journal lacks still is beyond it.
        let known = max(last, try reference.journal.lastIndex())
        if expected - 1 > known {
            verdict.add(AuditFinding(place: .log, kind: .leads, chain: chain, first: known + 1, last: expected - 1))
        }
        judgeEnd(from: expected, to: last, chain: chain, into: &verdict)
    }

    /// By its file and the line in it; records that are missing where a file begins were in a file of their own.
    private func placed(_ finding: AuditFinding) -> AuditFinding {
        guard let line = finding.line, let file = files.last(where: { $0.before < line }) else { return finding }
        var finding = finding
        let isBegin = finding.kind == .cut && line == file.before + 1
        if files.count == 1 {
            if isBegin { finding.movedFile = LogFiles.name(of: LogFiles.closedPath(of: path, first: finding.first)) }
            return finding
        }
        if isBegin {
            finding.kind = .missingFile
            finding.file = LogFiles.name(of: LogFiles.closedPath(of: path, first: finding.first))
            finding.line = nil
        } else {
            finding.file = file.name
            finding.line = line - file.before
        }
        return finding
    }

    /// What the end lacks was cut where it is known to have been written; else it is only late.
    private func judgeEnd(from expected: Int64, to last: Int64, chain: String, into verdict: inout AuditVerdict) {
        let logged = min(logged, last)
        let firstWhole = torn == nil ? expected : expected + 1
        if firstWhole <= logged {
            verdict.add(missingEnd(from: firstWhole, to: logged, chain: chain))
        }
        let lag = max(expected, logged + 1)
        if lag <= last { verdict.logLag = lag...last }
    }

    private func missingEnd(from first: Int64, to last: Int64, chain: String) -> AuditFinding {
        var finding = AuditFinding(place: .log, kind: .cut, chain: chain, first: first, last: last)
        guard let end = files.last else { return finding }
        if !hasPresent {
            finding.kind = .missingFile
            finding.file = LogFiles.name(of: path)
        } else if files.count > 1, end.before == lineCount {
            // The present file is empty: what is missing was in one that was closed.
            finding.kind = .missingFile
            finding.file = LogFiles.name(of: LogFiles.closedPath(of: path, first: first))
        } else if files.count > 1 {
            finding.file = end.name
        }
        return finding
    }
}
