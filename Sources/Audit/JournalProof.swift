/// Proves the journal by itself: each line is a genuine record of the chain, continues the one before, and bears the signature
/// that is due. What equals a line of it elsewhere needs no second proof of either.
struct JournalProof {
    private(set) var disowned: Set<String> = []
    private let chain: String
    private var walk = ChainWalk()
    private var signatures: SignatureWalk
    /// Records that stand under another number than their own.
    private var misplaced: [Int64] = []

    init(chain: String, keys: AuditKeys? = nil) {
        self.chain = chain
        signatures = SignatureWalk(keys: keys, place: .journal, chain: chain)
    }

    mutating func take(_ kind: AuditLineKind, at index: Int64) {
        guard let record = kind.record, record.isGenuine, record.chain.id == chain else {
            walk.addBad(line: nil)
            return
        }
        if record.chain.index != index { misplaced.append(index) }
        disowned.formUnion(record.disowned)
        walk.add(ChainWalk.Link(record, line: nil))
        signatures.add(record.chain)
    }

    /// - Parameter last: the index under which the last line stands.
    /// - Returns: what the other places are held against.
    mutating func finish(
        _ journal: any AuditJournal, last: Int64, into verdict: inout AuditVerdict
    ) -> JournalReference {
        walk.finish(last: last)
        verdict.proved[.journal] = walk.count
        verdict.add(signatures)
        var reference = JournalReference(journal: journal, last: last)
        reference.isProved = walk.findings.isEmpty && misplaced.isEmpty
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
