import Domain
import Foundation
import Testing

@testable import Audit

@Suite("A rebuild of the trail from the journal")
struct TrailRebuildTests {
    let trail: Trail
    let folder: TemporaryFolder
    var path: String { folder.file("audit.jsonl") }

    init() throws {
        trail = try Trail.shared.get()
        folder = try TemporaryFolder()
    }

    private func plan(
        log: [String]? = nil, notes: [CommitID: [String]]? = nil, journal: MemoryJournal? = nil
    ) throws -> TrailRebuild {
        _ = try folder.write(text(log ?? trail.log), to: "audit.jsonl")
        return try TrailRebuild(
            journal: journal ?? trail.journal, logPath: path,
            notes: (notes ?? trail.notes).map { CommitNote(commit: $0.key, lines: $0.value) })
    }

    private func place(_ lines: [CommitID: [String]]) -> AuditVerifier.Notes {
        AuditVerifier.Notes(place: .notes, texts: lines.mapValues { text($0) })
    }

    /// The journal with the record of that rebuild at its end, as the verb leaves it.
    private func recorded(_ plan: TrailRebuild) throws -> MemoryJournal {
        var head = ChainHead(id: "chain-1")
        let last = try #require(AuditLineKind(Array(trail.lines[Trail.count - 1].line.utf8)).record)
        head.nextIndex = last.chain.index + 1
        head.previous = last.chain.hash
        var writer = ChainWriter(head: head)
        let record = try writer.append(
            AuditDraft(
                fields: ["disowned": .array(plan.disowned.map(JSONValue.string))], at: Timestamp(milliseconds: 0),
                bot: nil, rolloutId: nil, notedOn: nil))
        let journal = MemoryJournal(trail.lines + [record])
        journal.logged(through: Int64(Trail.count))
        return journal
    }

    /// What the notes are when each holds the records that it should, in order, and every line that it held.
    private func restored(_ notes: [CommitID: [String]], _ plan: TrailRebuild) -> [CommitID: [String]] {
        var notes = notes
        for addition in plan.notes {
            let own = addition.lines.map(\.text)
            var lines = notes[addition.commit] ?? []
            lines += own.filter { !lines.contains($0) }
            let slots = own.compactMap { lines.firstIndex(of: $0) }.sorted()
            for (slot, line) in zip(slots, own) { lines[slot] = line }
            notes[addition.commit] = lines
        }
        return notes
    }

    @Test("changes nothing where the trail is whole")
    func whole() throws {
        let plan = try plan()
        #expect(!plan.isNeeded && !plan.writesLog && plan.notes.isEmpty && plan.disowned.isEmpty)
    }

    @Test("leaves alone what is only late, and records of another state")
    func late() throws {
        let journal = trail.fresh(logged: 50)
        journal.change { $0.unwritten = [60] }
        var notes = trail.notes
        notes[Trail.commits[4]]?.removeLast()
        notes[Trail.commits[0]]?.append("somebody's own remark")
        let other = try Trail(chain: "chain-2", count: 4)
        notes[Trail.commits[1]]?.append(other.lines[3].line)
        let plan = try plan(log: other.log + trail.log.prefix(55), notes: notes, journal: journal)
        #expect(!plan.isNeeded)
    }

    static let tamperings: [(String, @Sendable (inout [String]) throws -> Void)] = [
        ("cut", { $0.remove(at: 20) }), ("cut at its end", { $0.removeLast(3) }),
        ("changed", { $0[20] = try edited($0[20]) }),
        ("changed and sealed again", { $0[20] = try edited($0[20], resealed: true) }),
        ("reordered", { $0.swapAt(20, 30) }), ("given a line", { $0.insert("no record", at: 20) }),
        ("given a record twice", { $0.insert($0[20], at: 40) }), ("emptied", { $0.removeAll() }),
        ("given a blank line", { $0.insert("", at: 20) }),
    ]

    @Test("writes a log again that was tampered with, and keeps the old one", arguments: tamperings.indices)
    func log(_ number: Int) async throws {
        let (name, tamper) = Self.tamperings[number]
        var lines = trail.log
        try tamper(&lines)
        let plan = try plan(log: lines)
        #expect(plan.writesLog, "\(name)")
        let journal = try recorded(plan)
        let log = AuditLog(path: path, journal: journal)
        let replacement = try LogReplacement(of: path, aside: folder.file("aside"), from: trail.journal)
        #expect(replacement.sha256 == SHA256Hex.of(text(lines).utf8) && replacement.records == 60)
        #expect(try folder.read("audit.jsonl") == text(lines))
        await log.replace(with: replacement)
        #expect(try await log.catchUp() == 61)
        #expect(try folder.read("audit.jsonl") == text(journal.lines(after: 0, limit: 100).map(\.line)))
        #expect(try folder.read("aside") == text(lines))
        #expect(try AuditVerifier(journal: journal, logPath: path, notes: [place(trail.notes)]).verifyNow().isWhole)
        let again = try TrailRebuild(
            journal: journal, logPath: path,
            notes: trail.notes.map { CommitNote(commit: $0.key, lines: $0.value) })
        #expect(!again.isNeeded)
    }

    static let noteTamperings: [(String, @Sendable (inout [CommitID: [String]]) throws -> Void)] = [
        ("cut", { $0[Trail.commits[0]]?.remove(at: 1) }), ("deleted", { $0[Trail.commits[0]] = nil }),
        ("all deleted", { $0 = [:] }),
        (
            "changed",
            { notes in
                let line = try edited(try line(notes, 0, 1))
                notes[Trail.commits[0]]?[1] = line
            }
        ),
        (
            "changed and sealed again",
            { notes in
                let line = try edited(try line(notes, 0, 1), resealed: true)
                notes[Trail.commits[0]]?[1] = line
            }
        ),
        ("reordered", { $0[Trail.commits[0]]?.swapAt(0, 2) }),
        ("copied to a commit before", { try copy(&$0, to: 0) }),
        ("copied to a commit after", { try copy(&$0, to: 4) }),
        (
            "moved",
            { notes in
                try copy(&notes, to: 4)
                notes[Trail.commits[1]]?.remove(at: 0)
            }
        ),
        ("given a line twice", { try copy(&$0, to: 1) }),
    ]

    private static func line(_ notes: [CommitID: [String]], _ commit: Int, _ position: Int) throws -> String {
        try #require(notes[Trail.commits[commit]]?[position])
    }

    private static func copy(_ notes: inout [CommitID: [String]], to commit: Int) throws {
        let line = try line(notes, 1, 0)
        notes[Trail.commits[commit]]?.append(line)
    }

    @Test("gives notes what they lack, takes no line away, and disowns the rest", arguments: noteTamperings.indices)
    func notes(_ number: Int) throws {
        let (name, tamper) = Self.noteTamperings[number]
        var tampered = trail.notes
        try tamper(&tampered)
        let plan = try plan(notes: tampered)
        #expect(plan.isNeeded && !plan.writesLog, "\(name)")
        let mended = restored(tampered, plan)
        for (commit, lines) in tampered {
            let kept = mended[commit] ?? []
            for line in Set(lines) {
                #expect(kept.filter { $0 == line }.count >= lines.filter { $0 == line }.count, "\(name)")
            }
        }
        let journal = try recorded(plan)
        let verdict = try AuditVerifier(journal: journal, logPath: nil, notes: [place(mended)]).verifyNow()
        #expect(verdict.isWhole, "\(name): \(verdict.findings)")
        #expect(verdict.proved[.notes] == 15, "\(name)")
        let again = try TrailRebuild(
            journal: journal, logPath: path, notes: mended.map { CommitNote(commit: $0.key, lines: $0.value) })
        #expect(!again.isNeeded, "\(name)")
    }

    @Test("is refused where the journal itself does not verify")
    func journal() throws {
        var lines = trail.lines
        lines[10].line = try edited(lines[10].line)
        #expect { try plan(journal: MemoryJournal(lines)) } throws: { ($0 as? AuditError)?.code == .journalBroken }
    }

    @Test("that was interrupted anywhere is done again")
    func interrupted() async throws {
        _ = try folder.write("no record\n", to: "audit.jsonl")
        _ = try LogReplacement(of: path, aside: folder.file("first"), from: trail.journal)
        #expect(try folder.read("audit.jsonl") == "no record\n")
        // The old log has its second name, and still its first.
        try FileManager.default.linkItem(atPath: path, toPath: folder.file("second"))
        let replacement = try LogReplacement(of: path, aside: folder.file("second"), from: trail.journal)
        let log = AuditLog(path: path, journal: trail.journal)
        await log.replace(with: replacement)
        try await log.catchUp()
        #expect(try folder.read("audit.jsonl") == text(trail.log))
        #expect(try folder.read("second") == "no record\n")
    }

    @Test("takes no other file's place")
    func taken() async throws {
        _ = try folder.write("no record\n", to: "audit.jsonl")
        _ = try folder.write("kept\n", to: "aside")
        let log = AuditLog(path: path, journal: trail.journal)
        await log.replace(with: try LogReplacement(of: path, aside: folder.file("aside"), from: trail.journal))
        await #expect { try await log.catchUp() } throws: { ($0 as? AuditError)?.code == .logUnwritable }
        #expect(try folder.read("audit.jsonl") == "no record\n")
        #expect(try folder.read("aside") == "kept\n")
    }
}
