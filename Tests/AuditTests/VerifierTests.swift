import Domain
import Testing

@testable import Audit

/// Every single-record tampering of a trail of sixty records, in each of its three places, is named with its record.
@Suite("Invariant 18: the chain verifies from its first record; cutting, editing or reordering it is detected")
struct VerifierTests {
    let trail: Trail
    let folder: TemporaryFolder

    init() throws {
        trail = try Trail.shared.get()
        folder = try TemporaryFolder()
    }

    private func verify(
        journal: MemoryJournal? = nil, log: [String]? = nil, tail: String = "", notes: [CommitID: [String]]? = nil
    ) throws -> AuditVerdict {
        let path = try folder.write(text(log ?? trail.log) + tail, to: "audit.jsonl")
        return try AuditVerifier(
            journal: journal ?? trail.journal, logPath: path, notes: [AuditTests.notes(notes ?? trail.notes)]
        ).verifyNow()
    }

    @Test func aWholeTrailIsWhole() throws {
        let verdict = try verify()
        #expect(verdict.isWhole)
        #expect(verdict.proved == [.journal: 60, .log: 60, .notes: 15])
        #expect(verdict.otherChains.isEmpty && verdict.pendingNotes.isEmpty && verdict.logLag == nil)
    }

    // MARK: The log

    @Test(arguments: 0..<60) func aRecordCutFromTheLog(_ position: Int) throws {
        var log = trail.log
        log.remove(at: position)
        #expect(First(try verify(log: log)) == First(.log, .cut, position + 1))
    }

    @Test(arguments: 0..<60) func aRecordChangedInTheLog(_ position: Int) throws {
        for resealed in [false, true] {
            var log = trail.log
            log[position] = try edited(log[position], resealed: resealed)
            let kind: AuditFinding.Kind = resealed && position == 59 ? .differs : .changed
            #expect(First(try verify(log: log)) == First(.log, kind, position + 1))
        }
    }

    @Test(arguments: 0..<60) func aRecordMadeUnreadableInTheLog(_ position: Int) throws {
        var log = trail.log
        log[position] = "garbage " + log[position]
        // A changed last line without a successor looks like a torn one that was ended.
        #expect(First(try verify(log: log)) == First(.log, .changed, position + 1))
    }

    @Test(arguments: 0..<59) func recordsSwappedInTheLog(_ position: Int) throws {
        for other in Set([position + 1, min(position + 7, 59), 59]) {
            var log = trail.log
            log.swapAt(position, other)
            #expect(First(try verify(log: log)) == First(.log, .reordered, position + 1), "\(position) \(other)")
        }
    }

    @Test(arguments: 0...60) func aLineAddedToTheLog(_ position: Int) throws {
        let next = min(position, 59)
        let strangers = [
            trail.log[(position + 30) % 60], trail.log[next], try edited(trail.log[next]),
            try edited(trail.log[next], resealed: true), "no record at all", "{\"some\":\"object\"}",
        ]
        for stranger in strangers {
            var log = trail.log
            log.insert(stranger, at: position)
            let verdict = try verify(log: log)
            #expect(verdict.findings.first?.kind == .added, "\(position): \(verdict.findings)")
            #expect(verdict.findings.count == 1, "\(position): \(verdict.findings)")
        }
    }

    @Test(arguments: 0..<60) func theLogCutShort(_ kept: Int) throws {
        let log = Array(trail.log.prefix(kept))
        let verdict = try verify(log: log)
        #expect(First(verdict) == First(.log, .cut, kept + 1))
        #expect(verdict.findings.first?.last == 60)
        let torn = try verify(log: log, tail: String(trail.log[kept].prefix(trail.log[kept].count / 2)))
        #expect(torn.findings.map(\.kind) == (kept < 59 ? [.torn, .cut] : [.torn]))
        #expect(torn.findings.first?.first == Int64(kept + 1))
        // What was never known to be written is only late.
        let journal = trail.journal
        journal.change { $0.logged = Int64(kept) }
        let late = try verify(journal: journal, log: log)
        #expect(late.isWhole && late.logLag == Int64(kept + 1)...60)
    }

    @Test func aLogThatIsGone() throws {
        let verdict = try AuditVerifier(journal: trail.journal, logPath: folder.file("none"), notes: []).verifyNow()
        #expect(verdict.findings.map(\.kind) == [.missing])
    }

    @Test func anotherChainInTheLogIsToldAndProvedByItself() throws {
        let other = try Trail(chain: "chain-2", count: 8)
        let verdict = try verify(log: other.log + trail.log)
        #expect(verdict.isWhole)
        #expect(verdict.otherChains.map(\.id) == ["chain-2"] && verdict.otherChains[0].records == 8)
        #expect(verdict.otherChains[0].findings.isEmpty)
        var changed = other.log
        changed[3] = try edited(changed[3])
        let found = try verify(log: changed + trail.log)
        #expect(found.isWhole)
        #expect(found.otherChains[0].findings.map(\.first) == [4])
    }

    /// Without a state a log proves itself, but for what was rewritten at its end.
    @Test(arguments: 0..<58) func aLogAloneNamesARewrittenRecord(_ position: Int) throws {
        var log = trail.log
        log[position] = try edited(log[position], resealed: true)
        let path = try folder.write(text(log), to: "audit.jsonl")
        let verdict = try AuditVerifier(journal: nil, logPath: path, notes: []).verifyNow()
        #expect(First(verdict) == First(.log, .changed, position + 1))
        #expect(verdict.findings.count == 1)
    }

    // MARK: The journal

    @Test(arguments: 0..<60) func aRecordCutFromTheJournal(_ position: Int) throws {
        var lines = trail.lines
        lines.remove(at: position)
        let journal = MemoryJournal(lines)
        journal.logged(through: 60)
        let verdict = try verify(journal: journal)
        // The last one cannot be told from a state that was restored from a backup.
        let expected = position == 59 ? First(.log, .leads, 60) : First(.journal, .cut, position + 1)
        #expect(First(verdict) == expected)
    }

    @Test(arguments: 0..<60) func aRecordChangedInTheJournal(_ position: Int) throws {
        for resealed in [false, true] {
            var lines = trail.lines
            lines[position].line = try edited(lines[position].line, resealed: resealed)
            let journal = MemoryJournal(lines)
            journal.logged(through: 60)
            let verdict = try verify(journal: journal)
            let expected =
                resealed && position == 59 ? First(.log, .differs, 60) : First(.journal, .changed, position + 1)
            #expect(First(verdict) == expected, "\(verdict.findings)")
        }
    }

    @Test(arguments: 0..<59) func recordsSwappedInTheJournal(_ position: Int) throws {
        var lines = trail.lines
        let line = lines[position].line
        lines[position].line = lines[position + 1].line
        lines[position + 1].line = line
        let journal = MemoryJournal(lines)
        journal.logged(through: 60)
        #expect(First(try verify(journal: journal)) == First(.journal, .reordered, position + 1))
    }

    @Test(arguments: 0..<60) func theJournalCutShort(_ kept: Int) throws {
        let journal = MemoryJournal(Array(trail.lines.prefix(kept)))
        let verdict = try verify(journal: journal, notes: [:])
        #expect(verdict.findings.contains { $0.kind == .leads && $0.first == Int64(kept + 1) && $0.last == 60 })
    }
}
