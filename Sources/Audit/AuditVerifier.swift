import Dispatch
package import Domain

/// Proves the trail over its three places. Journal and log are read once, line by line; the notes are handed in.
package struct AuditVerifier: Sendable {
    package struct Notes: Sendable {
        package var place: AuditPlace
        package var texts: [CommitID: String]

        package init(place: AuditPlace, texts: [CommitID: String]) {
            self.place = place
            self.texts = texts
        }
    }

    private let journal: (any AuditJournal)?
    private let logPath: String?
    private let notes: [Notes]
    private let keys: AuditKeys?

    /// - Parameters:
    ///   - journal: nil: a clone's notes, or a log, prove themselves.
    ///   - logPath: nil: the log is not looked at.
    ///   - keys: nil: signatures are counted, not judged.
    package init(journal: (any AuditJournal)?, logPath: String?, notes: [Notes], keys: AuditKeys? = nil) {
        self.journal = journal
        self.logPath = logPath
        self.notes = notes
        self.keys = keys
    }

    /// The work is done on a thread of its own.
    package func verify() async throws -> AuditVerdict {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(with: Result { try verifyNow() }) }
        }
    }

    /// Blocks.
    package func verifyNow() throws -> AuditVerdict {
        var verdict = AuditVerdict()
        verdict.hasKeys = keys != nil
        var disowned: Set<String> = []
        var reference: JournalReference?
        if let journal {
            verdict.chain = try journal.chainID()
            reference = try proveJournal(journal, disowned: &disowned, into: &verdict)
        }
        if let logPath {
            var proof = LogProof(path: logPath, disowned: disowned, reference: reference, keys: keys)
            try proof.prove(into: &verdict)
        }
        for place in notes {
            var proof = NotesProof(notes: place, disowned: disowned, reference: reference, keys: keys)
            try proof.prove(into: &verdict)
        }
        verdict.findings.sort { ($0.first, $0.place.order) < ($1.first, $1.place.order) }
        verdict.pendingNotes = Set(verdict.pendingNotes).sorted()
        return verdict
    }

    private func proveJournal(
        _ journal: any AuditJournal, disowned: inout Set<String>, into verdict: inout AuditVerdict
    ) throws -> JournalReference {
        let chain = try journal.chainID()
        let last = try journal.lastIndex()
        var walk = ChainWalk()
        var signatures = SignatureWalk(keys: keys, place: .journal, chain: chain)
        var misplaced: [Int64] = []
        var position: Int64 = 0
        while true {
            let lines = try journal.lines(after: position, limit: AuditLimits.maxLinesPerPage)
            guard let end = lines.last else { break }
            for line in lines {
                guard let record = AuditLineKind(Array(line.line.utf8)).record, record.isGenuine,
                    record.chain.id == chain
                else {
                    walk.addBad(line: nil)
                    continue
                }
                if record.chain.index != line.index { misplaced.append(line.index) }
                disowned.formUnion(record.disowned)
                walk.add(ChainWalk.Link(record, line: nil))
                signatures.add(record.chain)
            }
            position = end.index
        }
        walk.finish(last: last)
        verdict.proved[.journal] = walk.count
        verdict.add(signatures)
        var reference = JournalReference(journal: journal, last: last)
        for finding in walk.findings {
            verdict.add(AuditFinding(finding, place: .journal, chain: chain))
            if finding.kind == .changed { reference.untrusted.formUnion(finding.first...finding.last) }
        }
        if walk.findings.isEmpty, let first = misplaced.first {
            verdict.add(AuditFinding(place: .journal, kind: .reordered, chain: chain, first: first, last: first))
        }
        return reference
    }
}

extension AuditPlace {
    fileprivate var order: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

extension ChainWalk.Link {
    init(_ record: AuditRecord, line: Int?) {
        self.init(
            index: record.chain.index, previous: record.chain.previous, hash: record.chain.hash, line: line)
    }
}

extension AuditFinding {
    init(_ finding: ChainWalk.Finding, place: AuditPlace, chain: String) {
        self.init(
            place: place, kind: finding.kind, chain: chain, first: finding.first, last: finding.last, line: finding.line
        )
    }
}
