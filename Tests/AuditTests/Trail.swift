import Domain
import Synchronization
import Testing

@testable import Audit

/// A journal in memory.
final class MemoryJournal: AuditLedger {
    struct Content {
        var chain = "chain-1"
        var lines: [AuditLine] = []
        var logged: Int64 = 0
        var unwritten: Set<Int64> = []
        var unpushed: Set<Int64> = []
    }

    let content: Mutex<Content>

    init(_ lines: [AuditLine] = [], chain: String = "chain-1") {
        content = Mutex(Content(chain: chain, lines: lines, logged: 0))
    }

    func change(_ body: (inout Content) -> Void) { content.withLock { body(&$0) } }

    func chainID() -> String { content.withLock { $0.chain } }
    func lastIndex() -> Int64 { content.withLock { $0.lines.last?.index ?? 0 } }
    func lines(after index: Int64, limit: Int) -> [AuditLine] {
        content.withLock { Array($0.lines.filter { $0.index > index }.prefix(limit)) }
    }
    func line(at index: Int64) -> AuditLine? { content.withLock { $0.lines.first { $0.index == index } } }
    func loggedThrough() -> Int64 { content.withLock { $0.logged } }
    func notesDue() -> (unwritten: Set<Int64>, unpushed: Set<Int64>) {
        content.withLock { ($0.unwritten, $0.unpushed) }
    }
    func logged(through index: Int64) { content.withLock { $0.logged = max($0.logged, index) } }
}

/// Sixty records in their three places: steps of rollouts of five bots, every fourth an outcome that is noted.
struct Trail {
    static let count = 60
    static let commits = (0..<5).map { CommitID(String(repeating: String($0 + 1), count: 40)) }

    /// Made once; every test changes its own copy.
    static let shared = Result { try Trail() }

    var lines: [AuditLine]

    init(chain: String = "chain-1", count: Int = Trail.count) throws {
        var writer = ChainWriter(head: ChainHead(id: chain))
        lines = []
        for number in 0..<count {
            let closes = number % 4 == 3
            let draft = AuditDraft(
                fields: [
                    "type": .string(closes ? "rollout.succeeded" : "step"), "number": .integer(Int64(number)),
                    "detail": .string("what was seen in step \(number)"),
                ], at: Timestamp(milliseconds: 1_790_000_000_000 + Int64(number)), bot: nil,
                rolloutId: "rollout-\(number / 4)", notedOn: closes ? Self.commits[number / 4 % 5] : nil,
                closesSteps: closes)
            lines.append(try writer.append(draft, firstStep: Int64(number / 4 * 4 + 1)))
        }
    }

    var noted: [AuditLine] { lines.filter { $0.notedOn != nil } }

    var log: [String] { lines.map(\.line) }

    var notes: [CommitID: [String]] {
        Dictionary(grouping: noted, by: { $0.notedOn ?? CommitID("") }).mapValues { $0.map(\.line) }
    }

    /// Everything of it is in the log, as far as the journal knows.
    var journal: MemoryJournal {
        let journal = MemoryJournal(lines)
        journal.logged(through: Int64(lines.count))
        return journal
    }
}

/// The same record with another content: with its old hash, or with one that fits.
func edited(_ line: String, resealed: Bool = false, _ change: (inout [String: JSONValue]) -> Void) throws -> String {
    guard case .object(var members) = try JSONText.parse(Array(line.utf8)) else {
        throw AuditError(.notJSON, "no object")
    }
    change(&members)
    guard resealed, case .object(var chain) = members["chain"] else { return try CanonicalJSON.text(.object(members)) }
    chain["hash"] = .string(SHA256Hex.of(try AuditRecord.hashed(.object(members))))
    members["chain"] = .object(chain)
    return try CanonicalJSON.text(.object(members))
}

/// Someone's own change of one field.
func edited(_ line: String, resealed: Bool = false) throws -> String {
    try edited(line, resealed: resealed) { $0["detail"] = .string("what was never seen") }
}

func text(_ lines: [String]) -> String { lines.map { $0 + "\n" }.joined() }

func notes(_ lines: [CommitID: [String]], place: AuditPlace = .notes) -> AuditVerifier.Notes {
    AuditVerifier.Notes(place: place, texts: lines.mapValues { text($0) })
}

/// What `verify` names first: kind and record.
struct First: Hashable, CustomStringConvertible {
    var place: AuditPlace
    var kind: AuditFinding.Kind
    var record: Int64

    init(_ place: AuditPlace, _ kind: AuditFinding.Kind, _ record: Int) {
        self.place = place
        self.kind = kind
        self.record = Int64(record)
    }

    init?(_ verdict: AuditVerdict) {
        guard let finding = verdict.findings.first else { return nil }
        self.init(finding.place, finding.kind, Int(finding.first))
    }

    var description: String { "\(place.rawValue) \(kind.rawValue) \(record)" }
}
