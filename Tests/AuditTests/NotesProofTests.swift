import Domain
import Testing

@testable import Audit

/// Notes, against the journal and from a clone alone.
@Suite("Invariant 18: a clone's notes are proved by themselves")
struct NotesProofTests {
    let trail: Trail

    init() throws { trail = try Trail.shared.get() }

    private func verify(
        _ lines: [CommitID: [String]], journal: MemoryJournal? = nil, place: AuditPlace = .notes
    ) throws -> AuditVerdict {
        try AuditVerifier(journal: journal, logPath: nil, notes: [notes(lines, place: place)]).verifyNow()
    }

    /// Commit and line of the n-th noted record, from 0.
    private func place(_ number: Int) -> (commit: CommitID, line: Int, record: Int) {
        (Trail.commits[number % 5], number / 5, number * 4 + 4)
    }

    @Test func aCloneAloneProvesWholeNotes() throws {
        let verdict = try verify(trail.notes)
        #expect(verdict.isWhole && verdict.proved == [.notes: 15] && verdict.chain == nil)
    }

    @Test(arguments: 0..<15) func aRecordCut(_ number: Int) throws {
        let (commit, line, record) = place(number)
        var lines = trail.notes
        lines[commit]?.remove(at: line)
        #expect(First(try verify(lines, journal: trail.journal)) == First(.notes, .cut, record))
        let alone = try verify(lines)
        if number < 14 {
            #expect(alone.findings.map(\.kind) == [.cut])
            #expect(alone.findings.first?.first == Int64(number + 1) && alone.findings.first?.isNoteNumber == true)
        } else {
            #expect(alone.isWhole)  // Nothing in a clone knows of a record after the last one.
        }
    }

    @Test(arguments: 0..<15) func aRecordChanged(_ number: Int) throws {
        let (commit, line, record) = place(number)
        for resealed in [false, true] {
            var lines = trail.notes
            lines[commit]?[line] = try edited(trail.noted[number].line, resealed: resealed)
            let proved = try verify(lines, journal: trail.journal)
            #expect(proved.findings.map(\.kind) == [.changed], "\(proved.findings)")
            #expect(First(proved) == First(.notes, .changed, record))
            let alone = try verify(lines)
            if number < 14 || !resealed {
                #expect(First(alone) == First(.notes, .changed, record), "\(alone.findings)")
                #expect(alone.findings.count == 1)
            }
        }
    }

    @Test(arguments: 0..<10) func recordsSwapped(_ number: Int) throws {
        let (commit, line, record) = place(number)
        var lines = trail.notes
        lines[commit]?.swapAt(line, line + 1)
        for journal in [trail.journal, nil] {
            let verdict = try verify(lines, journal: journal)
            #expect(First(verdict) == First(.notes, .reordered, record))
            #expect(verdict.findings.count == 1)
        }
    }

    @Test(arguments: 0..<14) func recordsSwappedBetweenCommits(_ number: Int) throws {
        let (one, next) = (place(number), place(number + 1))
        var lines = trail.notes
        lines[one.commit]?[one.line] = trail.noted[number + 1].line
        lines[next.commit]?[next.line] = trail.noted[number].line
        let verdict = try verify(lines, journal: trail.journal)
        #expect(First(verdict) == First(.notes, .reordered, one.record))
    }

    @Test(arguments: 0..<15) func aLineAdded(_ number: Int) throws {
        let (commit, line, _) = place(number)
        let strangers = [
            trail.noted[number].line, trail.noted[(number + 7) % 15].line, try edited(trail.noted[number].line),
            try edited(trail.noted[number].line, resealed: true),
        ]
        for (position, stranger) in strangers.enumerated() {
            var lines = trail.notes
            lines[commit]?.insert(stranger, at: line + 1)
            let proved = try verify(lines, journal: trail.journal)
            #expect(proved.findings.map(\.kind) == [.added], "\(position): \(proved.findings)")
            if position != 1 {
                let alone = try verify(lines)
                #expect(alone.findings.map(\.kind) == [.added], "\(position): \(alone.findings)")
            }
        }
        var steps = trail.notes
        steps[commit]?.append(trail.lines[number * 4].line)
        #expect(try verify(steps, journal: trail.journal).findings.map(\.kind) == [.added])
    }

    @Test(arguments: 0..<15) func aNoteCutShort(_ number: Int) throws {
        let (commit, line, record) = place(number)
        var lines = trail.notes
        lines[commit] = lines[commit].map { Array($0.prefix(line)) }
        let verdict = try verify(lines, journal: trail.journal)
        #expect(First(verdict) == First(.notes, .cut, record))
        #expect(verdict.findings.count == 3 - line)
    }

    @Test func foreignLinesAreNobodysFinding() throws {
        var lines = trail.notes
        lines[Trail.commits[0]]?.insert("Reviewed-by: somebody", at: 1)
        lines[Trail.commits[1]]?.append("{\"v\":1,\"from\":\"another tool\"}")
        lines[CommitID("ff")] = ["a note of people"]
        #expect(try verify(lines, journal: trail.journal).isWhole)
        #expect(try verify(lines).isWhole)
    }

    @Test func anotherChainIsProvedByItself() throws {
        let other = try Trail(chain: "chain-2", count: 8)
        var lines = trail.notes
        lines[Trail.commits[0]]?.append(contentsOf: other.noted.map(\.line))
        let verdict = try verify(lines, journal: trail.journal)
        #expect(verdict.isWhole && verdict.otherChains.map(\.id) == ["chain-2"])
        lines[Trail.commits[0]]?.removeAll { $0 == other.noted[0].line }
        let cut = try verify(lines, journal: trail.journal)
        #expect(cut.isWhole && cut.otherChains[0].findings.map(\.kind) == [.cut])
    }

    @Test func aNoteThatIsDueIsNoFinding() throws {
        let journal = trail.journal
        journal.change {
            $0.unwritten = [60]
            $0.unpushed = [56, 60]
        }
        var lines = trail.notes
        lines[place(14).commit]?.removeLast()
        let local = try verify(lines, journal: journal)
        #expect(local.isWhole && local.pendingNotes == [60])
        lines[place(13).commit]?.removeLast()
        let remote = try verify(lines, journal: journal, place: .remoteNotes)
        #expect(remote.isWhole && remote.pendingNotes == [56, 60])
        #expect(First(try verify(lines, journal: journal)) == First(.notes, .cut, 56))
    }

    @Test func whatAFullNoteLeavesToTheLogIsNoFinding() throws {
        var lines = trail.notes
        for number in [5, 10] { lines[Trail.commits[0]]?.removeAll { $0 == trail.noted[number].line } }
        lines[Trail.commits[0]]?.append("{\"more\":{\"first\":24,\"last\":44}}")
        for journal in [trail.journal, nil] {
            let verdict = try verify(lines, journal: journal)
            #expect(verdict.isWhole, "\(verdict.findings)")
            #expect(verdict.leftToLog == 2)
        }
    }

    @Test func linesThatARebuildDisownsArePassedOver() throws {
        let forged = try edited(trail.noted[2].line)
        var writer = ChainWriter(head: ChainHead(id: "chain-1"))
        var lines: [AuditLine] = []
        for line in trail.lines {
            guard case .object(var fields) = try JSONText.parse(Array(line.line.utf8)) else { continue }
            for name in ["chain", "note", "steps", "v"] { fields[name] = nil }
            let draft = AuditDraft(
                fields: fields, at: Timestamp(milliseconds: 1_790_000_000_000 + line.index - 1), bot: nil,
                rolloutId: nil, notedOn: line.notedOn, closesSteps: line.notedOn != nil)
            lines.append(try writer.append(draft, firstStep: line.index - 3))
        }
        #expect(lines.map(\.line) == trail.lines.map(\.line))
        lines.append(
            try writer.append(
                AuditDraft(
                    fields: ["disowned": .array([.string(SHA256Hex.of(forged.utf8))])],
                    at: Timestamp(milliseconds: 0), bot: nil, rolloutId: nil, notedOn: nil)))
        var notes = trail.notes
        notes[place(2).commit]?.append(forged)
        #expect(try verify(notes, journal: trail.journal).findings.map(\.kind) == [.added])
        #expect(try verify(notes, journal: MemoryJournal(lines)).isWhole)
    }

    @Test func everyFindingIsASentence() {
        for kind in AuditFinding.Kind.allCases {
            var finding = AuditFinding(
                place: .log, kind: kind, chain: "c", first: 3, last: 5, line: 7, commit: CommitID("0123456789"))
            #expect(finding.description.hasPrefix("log: ") && finding.description.contains("3"))
            finding.last = 3
            #expect(finding.description.contains("(line 7 on commit 01234567)"))
        }
    }
}
