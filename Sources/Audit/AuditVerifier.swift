import Dispatch
package import Domain

/// Proves the trail over its three places, each read once, line by line; no record is kept that was proved. Notes
/// without a journal are the exception: what proves them is sorted first, a hundred bytes for each record.
package struct AuditVerifier: Sendable {
    package struct Notes: Sendable {
        package var place: AuditPlace
        package var pages: any NotePages
        /// nil: nothing is written or pushed while the trail is proved.
        package var moment: NotesMoment?

        package init(place: AuditPlace, pages: any NotePages, moment: NotesMoment? = nil) {
            self.place = place
            self.pages = pages
            self.moment = moment
        }

        package init(place: AuditPlace, texts: [CommitID: String]) {
            self.init(place: place, pages: NoteTexts(texts))
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
            var proof = NotesProof(
                place: place.place, chain: verdict.chain, disowned: disowned, reference: reference, keys: keys)
            proof.moment = place.moment
            if reference == nil {
                try place.pages.each { _, text in
                    if let text { proof.collectDisowned(text) }
                }
            }
            try place.pages.each { commit, text in
                if let text { try proof.take(text: text, of: commit) } else { proof.takeUnread(commit) }
            }
            try proof.finish(into: &verdict)
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
        var proof = JournalProof(chain: chain, keys: keys)
        var position: Int64 = 0
        while true {
            let lines = try journal.lines(after: position, limit: AuditLimits.maxLinesPerPage)
            guard let end = lines.last else { break }
            for line in lines { proof.take(AuditLineKind(Array(line.line.utf8)), at: line.index) }
            position = end.index
        }
        disowned = proof.disowned
        return proof.finish(journal, last: last, into: &verdict)
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
