import Domain
import Testing

@testable import Audit

/// Five hundred records, each of them noted, so that all stand in all three places. Every line is read once; what a case changes
/// is read anew.
private struct LongTrail {
    static let count = 500
    static let shared = Result { try LongTrail() }

    struct Line {
        var bytes: [UInt8]
        var kind: AuditLineKind

        init(_ text: String) {
            bytes = Array(text.utf8)
            kind = AuditLineKind(bytes)
        }
    }

    let lines: [AuditLine]
    let read: [Line]

    init() throws {
        var writer = ChainWriter(head: ChainHead(id: "chain-1"))
        lines = try (0..<Self.count).map { number in
            try writer.append(
                AuditDraft(
                    fields: ["detail": .string("what was seen in step \(number)")],
                    at: Timestamp(milliseconds: 1_790_000_000_000 + Int64(number)), bot: nil, rolloutId: nil,
                    notedOn: Self.commit(number)))
        }
        read = lines.map { Line($0.line) }
    }

    static func commit(_ number: Int) -> CommitID { Trail.commits[number % Trail.commits.count] }

    var reference: JournalReference { reference(to: Self.count) }

    func reference(to count: Int) -> JournalReference {
        let journal = MemoryJournal(Array(lines.prefix(count)))
        journal.logged(through: Int64(count))
        var reference = JournalReference(journal: journal, last: Int64(count))
        reference.isProved = true
        return reference
    }

    /// Another content under the old hash.
    func edited(_ position: Int) throws -> Line { Line(try AuditTests.edited(lines[position].line)) }
}

/// What can be done to one record.
enum Tampering: CaseIterable {
    case cut, edit, swap, insert, truncate

    /// Applied at a position of a row; `stride`: how far away the record is that it is swapped with.
    func applied<Line>(to row: [Line], at position: Int, stride: Int = 1, stranger: Line) -> [Line] {
        var row = row
        switch self {
        case .cut: row.remove(at: position)
        case .edit: row[position] = stranger
        case .swap: row.swapAt(position, Self.partner(position, stride, in: row.count))
        case .insert: row.insert(stranger, at: position)
        case .truncate: row.removeSubrange(position...)
        }
        return row
    }

    static func partner(_ position: Int, _ stride: Int, in count: Int) -> Int {
        position + stride < count ? position + stride : position - stride
    }

    /// The record that has to be named, from 1, and how.
    func expected(at position: Int, stride: Int = 1) -> (kind: AuditFinding.Kind, record: Int) {
        switch self {
        case .cut, .truncate: (.cut, position + 1)
        case .edit: (.changed, position + 1)
        case .swap: (.reordered, min(position, Self.partner(position, stride, in: LongTrail.count)) + 1)
        case .insert: (.added, position + 1)
        }
    }
}

@Suite("Every tampering with one record of 500, in each of the three places, is named with its record")
struct TamperingTests {
    private let trail: LongTrail

    init() throws { trail = try LongTrail.shared.get() }

    private func first(_ verdict: AuditVerdict) -> First? {
        var verdict = verdict
        verdict.findings.sort { $0.first < $1.first }
        return First(verdict)
    }

    // MARK: The journal

    @Test(arguments: Tampering.allCases) func journal(_ tampering: Tampering) throws {
        for position in 0..<LongTrail.count {
            let row = tampering.applied(to: trail.read, at: position, stranger: try trail.edited(position))
            let isShorter = tampering == .truncate || (tampering == .cut && position == LongTrail.count - 1)
            // Where only the end is gone, nothing of the rest is wrong: the log, which has more, tells it.
            let expected =
                isShorter
                ? First(.log, .leads, position + 1)
                : First(.journal, tampering.expected(at: position).kind, tampering.expected(at: position).record)
            let verdict = try verdict(journal: row, numbers: tampering == .cut)
            #expect(first(verdict) == expected, "\(tampering) at \(position): \(verdict.findings)")
        }
    }

    /// - Parameter numbers: a row that was deleted leaves its number free; rows that were put between others move those.
    private func verdict(journal row: [LongTrail.Line], numbers: Bool) throws -> AuditVerdict {
        var verdict = AuditVerdict()
        verdict.chain = "chain-1"
        var proof = JournalProof(chain: "chain-1")
        var last: Int64 = 0
        for (position, line) in row.enumerated() {
            last = numbers ? line.kind.record?.chain.index ?? last + 1 : Int64(position + 1)
            proof.take(line.kind, at: last)
        }
        _ = proof.finish(MemoryJournal(), last: last, into: &verdict)
        guard verdict.isWhole else { return verdict }
        return try self.verdict(log: trail.read, against: trail.reference(to: row.count))
    }

    // MARK: The log

    @Test(arguments: Tampering.allCases) func log(_ tampering: Tampering) throws {
        let reference = trail.reference
        for position in 0..<LongTrail.count {
            let row = tampering.applied(to: trail.read, at: position, stranger: try trail.edited(position))
            let expected = tampering.expected(at: position)
            let verdict = try verdict(log: row, against: reference)
            #expect(
                first(verdict) == First(.log, expected.kind, expected.record),
                "\(tampering) at \(position): \(verdict.findings)")
            #expect(verdict.findings.count == 1, "\(tampering) at \(position): \(verdict.findings)")
            guard tampering != .cut, tampering != .truncate else { continue }
            #expect(verdict.findings.first?.line == Self.line(tampering, position), "\(tampering) at \(position)")
        }
    }

    /// Of the file: a record that stands too early is seen where it stands.
    private static func line(_ tampering: Tampering, _ position: Int) -> Int {
        tampering == .swap ? min(position, Tampering.partner(position, 1, in: LongTrail.count)) + 1 : position + 1
    }

    private func verdict(log row: [LongTrail.Line], against reference: JournalReference) throws -> AuditVerdict {
        var verdict = AuditVerdict()
        verdict.chain = "chain-1"
        var proof = LogProof(path: "", disowned: [], reference: reference, keys: nil)
        try proof.begin()
        for (position, line) in row.enumerated() { try proof.take(line.kind, line: position + 1, own: "chain-1") }
        try proof.finish(into: &verdict)
        return verdict
    }

    // MARK: The notes

    @Test(arguments: Tampering.allCases) func notes(_ tampering: Tampering) throws {
        let reference = trail.reference
        let commits = Trail.commits.count
        let rows = Dictionary(grouping: trail.read.indices) { LongTrail.commit($0) }
            .mapValues { $0.map { trail.read[$0] } }
        for position in 0..<LongTrail.count {
            let commit = LongTrail.commit(position)
            var notes = rows
            notes[commit] = tampering.applied(
                to: rows[commit] ?? [], at: position / commits, stranger: try trail.edited(position))
            let expected = tampering.expected(at: position, stride: commits)
            let held = try verdict(notes: notes, against: reference)
            #expect(
                first(held) == First(.notes, expected.kind, expected.record),
                "\(tampering) at \(position): \(held.findings)")
            #expect(held.findings.first?.commit == commit)
            let alone = try verdict(notes: notes, against: nil)
            let isLastOne = position == LongTrail.count - 1 && (tampering == .cut || tampering == .truncate)
            // Nothing in a clone knows of a record after the last one.
            if isLastOne {
                #expect(alone.isWhole)
            } else {
                #expect(
                    first(alone) == First(.notes, expected.kind, expected.record),
                    "\(tampering) at \(position), alone: \(alone.findings)")
            }
        }
    }

    private func verdict(
        notes: [CommitID: [LongTrail.Line]], against reference: JournalReference?
    ) throws -> AuditVerdict {
        var verdict = AuditVerdict()
        verdict.chain = reference == nil ? nil : "chain-1"
        var proof = NotesProof(place: .notes, chain: verdict.chain, disowned: [], reference: reference, keys: nil)
        for (commit, lines) in notes.sorted(by: { $0.key < $1.key }) {
            proof.begin(commit)
            for (position, line) in lines.enumerated() {
                try proof.take(line.kind, line.bytes, of: commit, line: position + 1)
            }
        }
        try proof.finish(into: &verdict)
        return verdict
    }
}
