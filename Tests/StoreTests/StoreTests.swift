import Audit
import Domain
import Foundation
import GRDB
import Testing

@testable import Store

@Suite struct StoreTests {
    @Test func aNewStateIsEmptyAndHasItsId() async throws {
        let opened = try await OpenStore()
        let state = try await opened.store.load()
        #expect(state.id == StoreFixture.chain && state.saved == nil && state.bots.isEmpty && state.notesDue.isEmpty)
    }

    @Test func everythingOfATransactionIsThereAfterAReopen() async throws {
        let fixture = try StoreFixture()
        var store = try await fixture.open()
        var fleet = FleetRecord()
        fleet.sequences = ["source": 3]
        var source = SourceRecord()
        source.accepted = CommitID("ab")
        let feed = FeedRecord(platform: "p", environment: "E", newest: "job", newestCreatedAt: nil)
        let moves = (1...12).reversed().map {
            MoveRecord(head: CommitID("head\($0)"), bots: [key(1)], counted: 1, status: .held, number: $0)
        }
        let file = FileRecord(path: "bots/a.yaml", documents: [], problems: [])
        let sink = SinkRecord(name: "pipeline", settingsDigest: "d", disabled: "410")
        try await store.commit(
            transaction(7) {
                $0.changes = [
                    .bot(bot(1)), .bot(bot(2)), .file(file), .platform(PlatformRecord(name: "p")), .feed(feed),
                    .source(source), .sink(sink), .fleet(fleet),
                ]
                $0.changes += moves.map(StateChange.move)
                $0.events = [OutboxEntry(event: event(1), sinks: ["a", "b"]), OutboxEntry(event: event(2), sinks: [])]
                $0.records = [draft(1), draft(2, noted: 1)]
            })
        try await store.close()
        store = try await fixture.open()
        let state = try await store.load()
        #expect(state.saved == now(7))
        #expect(state.bots == [bot(1), bot(2)] && state.files == [file] && state.feeds == [feed])
        #expect(state.platforms == [PlatformRecord(name: "p")] && state.source == source && state.fleet == fleet)
        #expect(state.sinks == [sink] && state.moves.map(\.number) == Array(1...12))
        #expect(state.deliveries.map(\.sink) == ["a", "b"])
        #expect(state.deliveries.allSatisfy { $0.status == .pending && $0.notBefore == now(7).tick })
        let noted = try store.line(at: 2)
        #expect(state.notesDue.map(\.index) == [2] && state.notesDue[0].line == noted?.line)
        #expect(try await store.event(id: "event-2") == event(2))
        #expect(try await store.event(id: "event-3") == nil)
    }

    @Test func notesThatLackARecordAreDueAgain() async throws {
        let opened = try await OpenStore()
        try await opened.store.commit(
            transaction { $0.records = [draft(1), draft(2, noted: 1), draft(3, noted: 1)] })
        try await opened.store.commit(transaction(1) { $0.notesWritten = [2, 3] })
        try await opened.store.commit(transaction(2) { $0.notesPushed = [2] })
        try await opened.store.expectNotes(of: [1, 2, 3, 4])
        let due = try opened.store.notesDue()
        #expect(due.unwritten == [2, 3] && due.unpushed == [2, 3])
    }

    @Test func laterDocumentsReplaceEarlierOnesAndRemovedOnesAreGone() async throws {
        let opened = try await OpenStore()
        let file = FileRecord(path: "a", documents: [], problems: [])
        try await opened.store.commit(transaction { $0.changes = [.bot(bot(1)), .bot(bot(2)), .file(file)] })
        try await opened.store.commit([
            transaction(1) { $0.changes = [.bot(bot(1, message: "new")), .removeBot(key(2))] },
            transaction(2) { $0.changes = [.removeFile(path: "a")] },
        ])
        let state = try await opened.store.load()
        #expect(state.bots == [bot(1, message: "new")] && state.files.isEmpty && state.saved == now(2))
    }

    /// Invariant 14: a pass that finds nothing new writes nothing.
    @Test func anEmptyTransactionWritesNothing() async throws {
        let opened = try await OpenStore()
        let store = opened.store
        try await store.commit(transaction(1) { $0.changes = [.bot(bot(1))] })
        let before = (try opened.fixture.bytes(), try opened.fixture.bytes("-wal"))
        let changed = try await changes(store)
        try await store.commit(Transaction(now: now(50)))
        try await store.commit([Transaction(now: now(51)), Transaction(now: now(52))])
        _ = try await store.load()
        #expect(try await self.changes(store) == changed)
        #expect(try opened.fixture.bytes() == before.0 && opened.fixture.bytes("-wal") == before.1)
        #expect(try await store.load().saved == now(1))
        try await store.commit(transaction(60) { $0.changes = [.bot(bot(2))] })
        #expect(try await self.changes(store) != changed)
    }

    /// Nor does the process that makes it: opening, loading, looking at the log and closing leave every byte as it was.
    @Test func aRunThatFindsNothingWritesNothing() async throws {
        let fixture = try StoreFixture()
        let path = fixture.folder + "/audit.jsonl"
        var store = try await fixture.open()
        var log = AuditLog(path: path, journal: store)
        try await log.start()
        try await store.commit(
            transaction(1) {
                $0.changes = [.bot(bot(1))]
                $0.records = [draft(1), draft(2, noted: 1)]
            })
        try await log.catchUp()
        try await store.close()
        let file = try fixture.bytes()
        let attributes = try FileManager.default.attributesOfItem(atPath: fixture.path)
        let written = try #require(attributes[.modificationDate] as? Date)
        for _ in 0..<2 {
            store = try await fixture.open()
            log = AuditLog(path: path, journal: store)
            #expect(try await log.start() == LogOpening())
            _ = try await store.load()
            try await store.commit(Transaction(now: now(500)))
            try await log.catchUp()
            try await store.close()
        }
        #expect(try fixture.bytes() == file)
        let later = try FileManager.default.attributesOfItem(atPath: fixture.path)[.modificationDate] as? Date
        #expect(later == written)
        #expect(!fixture.exists("-wal"))
    }

    /// Rows that the connection has changed since it was opened.
    private func changes(_ store: SQLiteStore) async throws -> Int64? {
        try await store.perform("look at") { db in
            try Int64.fetchOne(db, sql: "SELECT total_changes()")
        }
    }

    @Test func commitsAreSynced() async throws {
        let opened = try await OpenStore()
        let settings = try await opened.store.perform("look at") { db in
            (
                try Int.fetchOne(db, sql: "PRAGMA synchronous"), try String.fetchOne(db, sql: "PRAGMA journal_mode"),
                try Int.fetchOne(db, sql: "PRAGMA mmap_size")
            )
        }
        #expect(settings.0 == 2 && settings.1 == "wal" && (settings.2 ?? 0) == 0)
    }

    @Test func theChainGoesOnOverAReopen() async throws {
        let fixture = try StoreFixture()
        for round in 0..<4 {
            let store = try await fixture.open()
            for number in 0..<5 {
                try await store.commit(
                    transaction { $0.records = [draft(number, noted: number % 2 == 0 ? 1 : nil), draft(round)] })
            }
            #expect(try store.lastIndex() == Int64((round + 1) * 10))
            try await store.close()
        }
        let reader = try await StateReader.open(path: fixture.path)
        let verdict = try await AuditVerifier(journal: reader, logPath: nil, notes: []).verify()
        #expect(verdict.isWhole && verdict.proved == [.journal: 40])
    }

    @Test func theOutcomeNamesItsSteps() async throws {
        let opened = try await OpenStore()
        try await opened.store.commit(transaction { $0.records = [draft(0), draft(1, rollout: "r"), draft(2)] })
        try await opened.store.commit(
            transaction { $0.records = [draft(3, rollout: "r"), draft(4, rollout: "r", closes: true)] })
        try await opened.store.commit(transaction { $0.records = [draft(5, rollout: "other", closes: true)] })
        let lines = try opened.store.lines(after: 4, limit: 10)
        #expect(lines[0].line.contains(#""steps":{"first":2,"last":5}"#))
        #expect(lines[1].line.contains(#""steps":{"first":6,"last":6}"#))
    }

    @Test func aTransactionThatFailsLeavesNothingBehind() async throws {
        let opened = try await OpenStore()
        let store = opened.store
        try await store.commit(transaction { $0.events = [OutboxEntry(event: event(1), sinks: [])] })
        // The same event twice is a defect of the caller, and stops the whole of it.
        await #expect(throws: StoreError.self) {
            try await store.commit(
                transaction(9) {
                    $0.changes = [.bot(bot(1))]
                    $0.records = [draft(1)]
                    $0.events = [OutboxEntry(event: event(1), sinks: [])]
                })
        }
        let state = try await store.load()
        #expect(state.bots.isEmpty && state.saved == now(0))
        #expect(try store.lastIndex() == 0)
        try await store.commit(transaction { $0.records = [draft(1)] })
        #expect(try await AuditVerifier(journal: store, logPath: nil, notes: []).verify().isWhole)
    }

    @Test func notesAreDueUntilTheyArePushed() async throws {
        let opened = try await OpenStore()
        let store = opened.store
        try await store.commit(transaction { $0.records = (1...3).map { draft($0, noted: 1) } })
        try await store.commit(transaction { $0.notesWritten = [1, 2] })
        #expect(try await store.load().notesDue.map(\.isWritten) == [true, true, false])
        #expect(try store.notesDue() == (unwritten: [3], unpushed: [1, 2, 3]))
        try await store.commit(transaction { $0.notesPushed = [1, 2] })
        #expect(try await store.load().notesDue.map(\.index) == [3])
    }

    @Test func theLogFollowsTheStoreAndItsReachIsRemembered() async throws {
        let fixture = try StoreFixture()
        var store = try await fixture.open()
        let path = fixture.folder + "/audit.jsonl"
        try await store.commit(transaction { $0.records = [draft(1), draft(2)] })
        try await AuditLog(path: path, journal: store).start()
        try await store.commit(transaction { $0.records = [draft(3)] })
        try await store.close()
        store = try await fixture.open()
        #expect(try store.loggedThrough() == 2)
        try await store.close()
        store = try await fixture.open()
        let opening = try await AuditLog(path: path, journal: store).start()
        #expect(opening.standing == .whole && opening.completed == 3...3)
        try await store.close()
        store = try await fixture.open()
        #expect(try store.loggedThrough() == 3)
        #expect(try await AuditVerifier(journal: store, logPath: path, notes: []).verify().isWhole)
    }

    @Test func aDocumentThatCannotBeReadIsNamed() async throws {
        let opened = try await OpenStore()
        let store = opened.store
        try await store.commit(transaction { $0.changes = (1...3).map { .bot(bot($0)) } })
        try await store.perform("damage") { db in
            try db.execute(sql: "UPDATE bots SET body = '{}' WHERE key LIKE '%bot_2%'")
        }
        await #expect {
            try await store.load()
        } throws: {
            isStoreError($0, .undecodable) && "\($0)".contains("bot `default/bot_2/PRODUCTION`")
        }
    }
}
