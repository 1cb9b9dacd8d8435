import Domain

/// What notes hold of one chain of which no journal tells. Its records are numbered among the noted ones, and each names the
/// hash of the one before.
struct NotesHolding {
    struct Judgement {
        var findings: [AuditFinding]
        var records: Int
        var leftToLog = 0
    }

    typealias Naming = (AuditFinding.Kind, _ first: Int64, NotesAtHome.Spot?) -> AuditFinding

    private struct Entry {
        var index: Int64
        var hash: CompactDigest
        var number: Int64
        var previous: CompactDigest
        var signature: SignatureMark
        var spot: NotesAtHome.Spot
    }

    private struct Suspect {
        var index: Int64
        var number: Int64?
        var spot: NotesAtHome.Spot
    }

    private let keys: AuditKeys?
    private var entries: [Int64: Entry] = [:]
    private var suspects: [Suspect] = []
    /// Records that stand twice, and those that stand after a later one of the same note.
    private var misplaced: [(kind: AuditFinding.Kind, index: Int64, spot: NotesAtHome.Spot)] = []
    private var order = NoteLineOrder()
    /// That signed the last record which a known key signed.
    private var signer: UInt16 = 0

    init(keys: AuditKeys?) { self.keys = keys }

    mutating func begin() { order = NoteLineOrder() }

    mutating func take(_ record: AuditRecord, on commit: CommitID, line: Int, isDisownedCopy: Bool) {
        let index = record.chain.index
        let spot = NotesAtHome.Spot(commit: commit, line: line)
        if isDisownedCopy {
            let home = record.value["commit"]?["sha"]?.text
            if home != commit.hex || entries[index]?.spot.commit == commit { return }
        }
        guard let note = record.note, record.isGenuine else {
            suspects.append(Suspect(index: index, number: record.note?.index, spot: spot))
            return
        }
        guard entries[index] == nil else {
            misplaced.append((.added, index, spot))
            return
        }
        let signature = SignatureMark(record.chain, keys: keys, near: Int(signer))
        if case .key(let known) = signature { signer = known }
        entries[index] = Entry(
            index: index, hash: CompactDigest(record.chain.hash), number: note.index,
            previous: CompactDigest(note.previous), signature: signature, spot: spot)
        if !order.allows(index, record.line) { misplaced.append((.reordered, index, spot)) }
    }

    /// The numbers have no gap that a full note does not explain, and each record continues the one before.
    func judge(left: [CommitID: [ClosedRange<Int64>]], _ named: Naming) -> Judgement {
        var judgement = Judgement(
            findings: misplaced.map { named($0.kind, $0.index, $0.spot) }, records: entries.count)
        var changed = Set<Int64>()
        for suspect in suspects {
            let isExtra = entries[suspect.index] != nil || suspect.number == nil
            if !isExtra, let number = suspect.number { changed.insert(number) }
            judgement.findings.append(named(isExtra ? .added : .changed, suspect.index, suspect.spot))
        }
        var before: Entry?
        var doubt: Entry?
        for entry in entries.values.sorted(by: { $0.number < $1.number }) {
            let expected = (before?.number ?? 0) + 1
            if entry.number < expected {
                judgement.findings.append(named(.added, entry.index, entry.spot))
                continue
            }
            if entry.number > expected {
                if Self.isLeft(left, after: before?.index ?? 0, before: entry.index) {
                    judgement.leftToLog += Int(clamping: entry.number - expected)
                } else if let gap = Self.missing(expected..<entry.number, but: changed, named) {
                    judgement.findings.append(gap)
                }
                if let doubt { judgement.findings.append(named(.changed, doubt.index, doubt.spot)) }
                doubt = nil
            } else if let suspect = doubt {
                doubt = nil
                let culprit = entry.previous == before?.hash ? suspect : before ?? suspect
                judgement.findings.append(named(.changed, culprit.index, culprit.spot))
            } else if entry.previous != before?.hash ?? CompactDigest(SHA256Hex.zeros) {
                if let before {
                    doubt = before
                } else {
                    judgement.findings.append(named(.changed, entry.index, entry.spot))
                }
            }
            before = entry
        }
        if let doubt { judgement.findings.append(named(.changed, doubt.index, doubt.spot)) }
        return judgement
    }

    /// Signatures are judged in the order of the chain, which is known only when every note was read.
    func signatures(_ walk: SignatureWalk) -> SignatureWalk {
        var walk = walk
        for entry in entries.values.sorted(by: { $0.index < $1.index }) {
            walk.add(entry.signature, index: entry.index, line: entry.spot.line, commit: entry.spot.commit)
        }
        return walk
    }

    private static func isLeft(_ left: [CommitID: [ClosedRange<Int64>]], after: Int64, before: Int64) -> Bool {
        guard after + 1 < before else { return false }
        return left.values.contains { $0.contains { $0.overlaps(after + 1...before - 1) } }
    }

    private static func missing(_ numbers: Range<Int64>, but changed: Set<Int64>, _ named: Naming) -> AuditFinding? {
        guard let first = numbers.first(where: { !changed.contains($0) }) else { return nil }
        var finding = named(.cut, first, nil)
        finding.last = numbers.upperBound - 1
        finding.isNoteNumber = true
        return finding
    }
}

/// A SHA-256 in a third of the memory that its digits take. What is no such digest equals no other.
struct CompactDigest: Equatable {
    private var a: UInt64 = 0
    private var b: UInt64 = 0
    private var c: UInt64 = 0
    private var d: UInt64 = 0
    private var isDigest = false

    init(_ hex: String) {
        let digits = Array(hex.utf8)
        guard digits.count == 64 else { return }
        func word(_ number: Int) -> UInt64? {
            UInt64(String(decoding: digits[number * 16..<(number + 1) * 16], as: UTF8.self), radix: 16)
        }
        guard let a = word(0), let b = word(1), let c = word(2), let d = word(3) else { return }
        (self.a, self.b, self.c, self.d, isDigest) = (a, b, c, d, true)
    }

    static func == (one: CompactDigest, other: CompactDigest) -> Bool {
        one.isDigest && other.isDigest && one.a == other.a && one.b == other.b && one.c == other.c && one.d == other.d
    }
}
