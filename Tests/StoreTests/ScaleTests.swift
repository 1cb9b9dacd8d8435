import Audit
import Domain
import Testing

@testable import Store

/// Shapes of the work at the sizes that the product promises; times are printed by the benchmarks, not judged here.
@Suite struct ScaleTests {
    @Test func aGroupOfTransactionsIsOneCommit() async throws {
        let opened = try await OpenStore()
        let store = opened.store
        try await store.commit(
            (1...500).map { number in
                transaction(Int64(number)) {
                    $0.changes = [.bot(bot(number))]
                    $0.records = [draft(number, rollout: "r\(number)")]
                    $0.events = [OutboxEntry(event: event(number), sinks: ["a"])]
                }
            })
        let state = try await store.load()
        #expect(state.bots.count == 500 && state.deliveries.count == 500 && state.saved == now(500))
        #expect(try await AuditVerifier(journal: store, logPath: nil, notes: []).verify().proved == [.journal: 500])
    }

    @Test func manyBotsAreLoadedInTheirOrder() async throws {
        let opened = try await OpenStore()
        let bots = (10_000..<12_600).map(Samples.bot)
        try await opened.store.commit(transaction { $0.changes = bots.map(StateChange.bot) })
        #expect(try await opened.store.load().bots == bots)
    }

    /// A thousand outcomes on one commit: one transaction, and a note within its limit that proves itself.
    @Test func aThousandNotedRecordsOnOneCommitStaySmall() async throws {
        let opened = try await OpenStore()
        let store = opened.store
        try await store.commit(transaction { $0.records = (1...1000).map { draft($0, noted: 1) } })
        let due = try await store.load().notesDue
        #expect(due.count == 1000)
        let commit = due[0].commit
        var note = NoteText()
        for start in stride(from: 0, to: 1000, by: 100) {
            note.add(due[start..<start + 100].map { NoteLine(text: $0.line, record: $0.index) })
        }
        let text = note.allLines.map { $0 + "\n" }.joined()
        #expect(text.utf8.count <= NoteLimits.maxNoteBytes)
        try await store.commit(transaction { $0.notesWritten = due.map(\.index) })
        try await store.commit(transaction { $0.notesPushed = due.map(\.index) })
        let notes = AuditVerifier.Notes(place: .notes, texts: [commit: text])
        let verdict = try await AuditVerifier(journal: store, logPath: nil, notes: [notes]).verify()
        #expect(verdict.isWhole)
        #expect((verdict.proved[.notes] ?? 0) + verdict.leftToLog == 1000)
        #expect((verdict.proved[.notes] ?? 0) > 100)
    }
}
