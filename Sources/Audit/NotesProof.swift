import Domain

/// Proves the notes of one repository, against the journal where there is one; without it each chain's noted records, which
/// are numbered and chained among themselves, prove themselves.
struct NotesProof {
    struct Entry {
        var record: AuditRecord.Chain
        var note: AuditRecord.Note
        var commit: CommitID
        var line: Int
    }

    struct Suspect {
        var index: Int64
        var noteIndex: Int64?
        var commit: CommitID
        var line: Int
    }

    /// What the notes hold of one chain.
    struct Holding {
        var entries: [Int64: Entry] = [:]
        var suspects: [Suspect] = []
        var findings: [AuditFinding] = []
    }

    let notes: AuditVerifier.Notes
    var disowned: Set<String>
    var reference: JournalReference?
    private let keys: AuditKeys?
    private var holdings: [String: Holding] = [:]
    /// By commit: the records that its note leaves to the log.
    private(set) var left: [CommitID: [ClosedRange<Int64>]] = [:]

    init(notes: AuditVerifier.Notes, disowned: Set<String>, reference: JournalReference?, keys: AuditKeys?) {
        self.notes = notes
        self.disowned = disowned
        self.reference = reference
        self.keys = keys
    }

    mutating func prove(into verdict: inout AuditVerdict) throws {
        let texts = notes.texts.sorted { $0.key < $1.key }
        if reference == nil { collectDisowned(texts) }
        for (commit, text) in texts { try read(text, commit: commit, own: verdict.chain) }
        for (id, holding) in holdings.sorted(by: { $0.key < $1.key }) {
            var holding = holding
            holding.findings += findingsOfOrder(holding, chain: id)
            if id == verdict.chain, let reference = reference {
                try prove(holding, chain: id, against: reference, into: &verdict)
                continue
            }
            let (findings, leftToLog) = proveAlone(holding, chain: id)
            if verdict.chain == nil {
                verdict.proved[notes.place, default: 0] += holding.entries.count
                verdict.leftToLog += leftToLog
                for finding in findings { verdict.add(finding) }
                verdict.add(signatures(of: holding, chain: id))
            } else {
                verdict.otherChains.append(
                    AuditVerdict.OtherChain(
                        id: id, place: notes.place, records: holding.entries.count, findings: findings))
            }
        }
        if let own = verdict.chain, holdings[own] == nil, let reference = reference {
            try prove(Holding(), chain: own, against: reference, into: &verdict)
        }
    }

    private func signatures(of holding: Holding, chain: String) -> SignatureWalk {
        var walk = SignatureWalk(keys: keys, place: notes.place, chain: chain)
        for entry in holding.entries.values.sorted(by: { $0.record.index < $1.record.index }) {
            walk.add(entry.record, line: entry.line, commit: entry.commit)
        }
        return walk
    }

    private mutating func collectDisowned(_ texts: [(key: CommitID, value: String)]) {
        for (_, text) in texts where text.contains("\"\(AuditMember.disowned)\"") {
            for line in NoteLines.split(text) {
                guard let record = AuditLineKind(Array(line.utf8)).record, record.isGenuine else { continue }
                disowned.formUnion(record.disowned)
            }
        }
    }

    private mutating func read(_ text: String, commit: CommitID, own: String?) throws {
        for (position, line) in NoteLines.split(text).enumerated() {
            let bytes = Array(line.utf8)
            if !disowned.isEmpty, disowned.contains(SHA256Hex.of(bytes)) { continue }
            switch AuditLineKind(bytes) {
            case .more(let first, let last) where first <= last: left[commit, default: []].append(first...last)
            case .record(let record):
                let id = record.chain.id
                guard holdings[id] != nil || holdings.count < AuditVerdict.maxChains else { continue }
                let isCopy = !disowned.isEmpty && disowned.contains(NoteLines.digest(ofCopy: bytes, on: commit))
                try take(record, commit: commit, line: position + 1, own: own, isDisownedCopy: isCopy)
            default: continue
            }
        }
    }

    private mutating func take(
        _ record: AuditRecord, commit: CommitID, line: Int, own: String?, isDisownedCopy: Bool
    ) throws {
        let id = record.chain.id
        var holding = holdings[id] ?? Holding()
        defer { holdings[id] = holding }
        let genuine = id == own ? try reference?.line(at: record.chain.index) : nil
        if isDisownedCopy {
            let home = genuine?.notedOn ?? record.value["commit"]?["sha"]?.text.map { CommitID($0) }
            if home != commit || holding.entries[record.chain.index]?.commit == commit { return }
        }
        guard let note = record.note, record.isGenuine, genuine.map({ Array($0.line.utf8) == record.line }) ?? true
        else {
            holding.suspects.append(
                Suspect(index: record.chain.index, noteIndex: record.note?.index, commit: commit, line: line))
            return
        }
        let entry = Entry(record: record.chain, note: note, commit: commit, line: line)
        guard let first = holding.entries[record.chain.index] else {
            holding.entries[record.chain.index] = entry
            return
        }
        // The same record twice: the one on its own commit stays.
        let isHere = genuine?.notedOn == commit && first.commit != commit
        if isHere { holding.entries[record.chain.index] = entry }
        let extra = isHere ? first : entry
        holding.findings.append(finding(.added, record.chain.index, id, commit: extra.commit, line: extra.line))
    }

    /// The records of one chain stand in the order of their indexes in every note.
    private func findingsOfOrder(_ holding: Holding, chain: String) -> [AuditFinding] {
        var findings: [AuditFinding] = []
        for (_, entries) in Dictionary(grouping: holding.entries.values, by: \.commit) {
            let lines = entries.sorted { $0.line < $1.line }
            for (one, next) in zip(lines, lines.dropFirst()) where next.record.index < one.record.index {
                findings.append(finding(.reordered, next.record.index, chain, commit: next.commit, line: next.line))
            }
        }
        return findings
    }

    func finding(
        _ kind: AuditFinding.Kind, _ first: Int64, _ chain: String, commit: CommitID? = nil, line: Int? = nil
    ) -> AuditFinding {
        AuditFinding(
            place: notes.place, kind: kind, chain: chain, first: first, last: first, line: line, commit: commit)
    }
}
