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
        add(SignatureMark(record, keys: keys, near: newest), index: record.index, line: line, commit: commit)
    }

    mutating func add(_ mark: SignatureMark, index: Int64, line: Int?, commit: CommitID?) {
        guard mark != .none else {
            if seen != nil, keys?.mustSign == true { report(.unsigned, index, line, commit) }
            return
        }
        var signatures = seen ?? AuditVerdict.Signatures(first: index)
        defer { seen = signatures }
        switch mark {
        case .none: return
        case .unchecked: signatures.unchecked += 1
        case .unknown: report(.badSignature, index, line, commit)
        case .key(let signer):
            guard let place = place(of: Int(signer)) else { return report(.formerKey, index, line, commit) }
            newest = place
            signatures.proved += 1
        }
    }

    /// From the newest key on; one that is listed twice came into use again. nil: another took its place.
    private func place(of signer: Int) -> Int? {
        guard let known = keys?.known, known.indices.contains(signer) else { return nil }
        return known.indices[newest...].first { known[$0] == known[signer] }
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

/// What a signature says by itself, without the records around it: all that has to be kept of it until their order is known.
enum SignatureMark: Hashable, Sendable {
    /// There is none.
    case none
    /// No key was given.
    case unchecked
    /// By none of the known keys.
    case unknown
    /// By one of the known keys.
    case key(UInt16)

    /// - Parameter near: the key to try first: most records are signed by the one that signed the record before.
    init(_ record: AuditRecord.Chain, keys: AuditKeys?, near: Int = 0) {
        guard let signature = record.signature else {
            self = .none
            return
        }
        guard let known = keys?.known else {
            self = .unchecked
            return
        }
        let order = Array(known.indices[near...]) + Array(known.indices[..<near])
        let signer = order.first { known[$0].isSignature(signature, over: record.hash) }
        self = signer.flatMap { UInt16(exactly: $0) }.map { .key($0) } ?? .unknown
    }
}
