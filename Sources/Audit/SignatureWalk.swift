import Domain

/// Follows the signatures of one chain through one place, in the order of its records. A key that another one took the place
/// of signs no more: else one that leaked after it was replaced could sign what was never recorded.
struct SignatureWalk {
    private let keys: AuditKeys?
    private let place: AuditPlace
    private let chain: String
    private(set) var seen: AuditVerdict.Signatures?
    private(set) var findings: [AuditFinding] = []
    /// Of the newest key so far, among the known ones.
    private var newest = 0

    init(keys: AuditKeys?, place: AuditPlace, chain: String) {
        self.keys = keys
        self.place = place
        self.chain = chain
    }

    mutating func add(_ record: AuditRecord.Chain, line: Int? = nil, commit: CommitID? = nil) {
        guard let signature = record.signature else {
            if seen != nil, keys?.mustSign == true { report(.unsigned, record.index, line, commit) }
            return
        }
        var signatures = seen ?? AuditVerdict.Signatures(first: record.index)
        defer { seen = signatures }
        guard let keys else {
            signatures.unchecked += 1
            return
        }
        // Most records are signed by the key that signed the one before.
        let order = Array(keys.known.indices[newest...]) + Array(keys.known.indices[..<newest])
        guard let signer = order.first(where: { keys.known[$0].isSignature(signature, over: record.hash) }) else {
            return report(.badSignature, record.index, line, commit)
        }
        guard signer >= newest else { return report(.formerKey, record.index, line, commit) }
        newest = signer
        signatures.proved += 1
    }

    /// What follows without a gap is one finding.
    private mutating func report(_ kind: AuditFinding.Kind, _ index: Int64, _ line: Int?, _ commit: CommitID?) {
        if let last = findings.last, last.kind == kind, last.last == index - 1, last.commit == commit {
            findings[findings.count - 1].last = index
            return
        }
        guard findings.count < AuditVerdict.maxFindings else { return }
        findings.append(
            AuditFinding(place: place, kind: kind, chain: chain, first: index, last: index, line: line, commit: commit))
    }
}
