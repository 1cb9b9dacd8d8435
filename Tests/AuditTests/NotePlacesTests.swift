import Domain
import Testing

@testable import Audit

/// Notes that others wrote to, took away, or that went on while they were read.
@Suite("Notes as others and time leave them")
struct NotePlacesTests {
    private let trail: Trail

    init() throws { trail = try Trail.shared.get() }

    private func verify(_ pages: any NotePages, moment: NotesMoment? = nil, journal: MemoryJournal) throws
        -> AuditVerdict
    {
        try AuditVerifier(
            journal: journal, logPath: nil,
            notes: [AuditVerifier.Notes(place: .remoteNotes, pages: pages, moment: moment)]
        ).verifyNow()
    }

    private func texts(_ lines: [CommitID: [String]]) -> NoteTexts { NoteTexts(lines.mapValues { text($0) }) }

    @Test func notesThatAreGoneAltogetherAreOneFinding() throws {
        let verdict = try verify(NoteTexts([:]), journal: trail.journal)
        #expect(verdict.findings.map(\.kind) == [.missing])
        #expect(verdict.findings.first?.first == 4 && verdict.findings.first?.last == 60)
        #expect(
            "\(verdict.findings[0])"
                == "remote notes: there are none any more; they should hold what is noted of records 4 to 60")
        let foreign = try verify(NoteTexts([CommitID("ff"): "a remark\n"]), journal: trail.journal)
        #expect(foreign.findings.count == 15 && foreign.findings.allSatisfy { $0.kind == .cut })
    }

    private struct Huge: NotePages {
        let rest: [CommitID: String]
        let unread: [CommitID]

        func each(_ take: (CommitID, String?) throws -> Void) throws {
            for commit in unread { try take(commit, nil) }
            for (commit, text) in rest { try take(commit, text) }
        }
    }

    @Test func aNoteThatIsTooLargeIsNamedWithItsRecords() throws {
        var rest = trail.notes.mapValues { text($0) }
        rest[Trail.commits[1]] = nil
        let pages = Huge(rest: rest, unread: [Trail.commits[1], CommitID("ff")])
        let verdict = try verify(pages, journal: trail.journal)
        #expect(verdict.findings.map(\.kind) == [.unread])
        #expect(verdict.findings.first?.first == 8 && verdict.findings.first?.last == 48)
        #expect(verdict.findings.first?.commit == Trail.commits[1])
    }

    @Test func whatCameAfterTheNotesWereListedIsPending() throws {
        let journal = MemoryJournal(Array(trail.lines.prefix(56)))
        journal.change { $0.unpushed = [52] }
        let moment = try NotesMoment(journal)
        // All of it is written and pushed before the journal is read.
        journal.change { content in
            content.lines = trail.lines
            content.unpushed = []
        }
        var lines = trail.notes
        for index in [52, 60] { lines = lines.mapValues { $0.filter { $0 != self.trail.lines[index - 1].line } } }
        let verdict = try verify(texts(lines), moment: moment, journal: journal)
        #expect(verdict.isWhole && verdict.pendingNotes == [52, 60], "\(verdict.findings)")
        #expect(try verify(texts(lines), journal: journal).findings.count == 2)
        lines = lines.mapValues { $0.filter { $0 != self.trail.lines[55].line } }
        let cut = try verify(texts(lines), moment: moment, journal: journal)
        #expect(First(cut) == First(.remoteNotes, .cut, 56) && cut.findings.count == 1)
    }

    /// `git notes merge -s cat_sort_uniq` sorts the lines of a note by their bytes.
    @Test func linesThatGitSortedAreNobodysTampering() throws {
        var writer = ChainWriter(head: ChainHead(id: "chain-1"))
        let lines = try (0..<4).map { number in
            try writer.append(
                AuditDraft(
                    fields: ["detail": .string("\(number)")], at: Timestamp(milliseconds: 1_790_000_000_000), bot: nil,
                    rolloutId: nil, notedOn: Trail.commits[0]))
        }.map(\.line)
        #expect(lines.sorted() != lines)
        var whole = 0
        for order in Self.orders(of: lines) {
            // Turned round, and not by sorting.
            let isTampered = zip(order, order.dropFirst()).contains { one, next in
                one > next && (lines.firstIndex(of: one) ?? 0) > (lines.firstIndex(of: next) ?? 0)
            }
            if !isTampered { whole += 1 }
            for journal in [MemoryJournal(try Self.records(lines)), nil] {
                let verdict = try AuditVerifier(
                    journal: journal, logPath: nil, notes: [notes([Trail.commits[0]: order])]
                ).verifyNow()
                #expect(verdict.isWhole != isTampered, "\(order)")
                #expect(verdict.findings.allSatisfy { $0.kind == .reordered })
            }
            let beside = ["a remark"] + lines.sorted()
            #expect(
                try AuditVerifier(journal: nil, logPath: nil, notes: [notes([Trail.commits[0]: beside])])
                    .verifyNow().isWhole)
        }
        #expect((2..<24).contains(whole), "the written order, the sorted one, and not all")
    }

    private static func records(_ lines: [String]) throws -> [AuditLine] {
        lines.enumerated().map { number, line in
            AuditLine(
                index: Int64(number + 1), line: line, bot: nil, rolloutId: nil, notedOn: Trail.commits[0])
        }
    }

    private static func orders(of lines: [String]) -> [[String]] {
        guard let first = lines.first else { return [[]] }
        return orders(of: Array(lines.dropFirst())).flatMap { rest in
            (0...rest.count).map { Array(rest[..<$0]) + [first] + Array(rest[$0...]) }
        }
    }

    @Test func whatTheRemoteLostIsDueAgainByARebuild() throws {
        let ours = trail.notes.map { CommitNote(commit: $0.key, lines: $0.value) }
        let journal = trail.journal
        func rebuild(_ theirs: [CommitNote]?) throws -> TrailRebuild {
            try TrailRebuild(journal: journal, logPath: "/nowhere/audit.jsonl", notes: ours, remoteNotes: theirs)
        }
        #expect(try rebuild(ours).unpublished.isEmpty && rebuild(nil).unpublished.isEmpty)
        #expect(try rebuild([]).unpublished == trail.noted.map(\.index))
        journal.change { $0.unpushed = [4] }
        let older = trail.notes.map { CommitNote(commit: $0.key, lines: Array($0.value.prefix(2))) }
        #expect(try rebuild(older).unpublished == [44, 48, 52, 56, 60])
        #expect(try rebuild([]).unpublished == trail.noted.map(\.index).filter { $0 != 4 })
    }
}
