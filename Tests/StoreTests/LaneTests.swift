import Domain
import Testing

@testable import Store

/// Deliveries whose order is not that of their events' streams.
@Suite struct LaneTests {
    private func entry(_ number: Int, bot: Int, sinks: [String], lanes: [String: String] = [:]) -> OutboxEntry {
        OutboxEntry(event: event(number, bot: bot), sinks: sinks, lanes: lanes)
    }

    @Test func laneAndOrderOutliveARestart() async throws {
        let fixture = try StoreFixture()
        var store = try await fixture.open()
        // Of different bots, so that their sequences say nothing about each other.
        for (number, bot) in [(9, 1), (3, 2), (7, 3)] {
            try await store.commit(
                transaction(Int64(number)) {
                    $0.events = [entry(number, bot: bot, sinks: ["ci", "forge"], lanes: ["forge": "commit/a/b"])]
                })
        }
        try await store.close()
        store = try await fixture.open()
        let loaded = try await store.load().deliveries
        #expect(loaded.filter { $0.sink == "forge" }.map(\.eventId) == ["event-9", "event-3", "event-7"])
        #expect(Set(loaded.filter { $0.sink == "forge" }.map(\.stream)) == ["commit/a/b"])
        #expect(Set(loaded.filter { $0.sink == "ci" }.map(\.stream)) == Set((1...3).map { key($0).description }))
    }

    @Test func whatANewerStateReplacedIsNotDueListedAsThatAndPrunedInTime() async throws {
        let opened = try await OpenStore()
        let store = opened.store
        try await store.commit(
            transaction(1) {
                $0.events = [entry(1, bot: 1, sinks: ["forge"], lanes: ["forge": "commit/a/b"])]
            })
        let due = try #require(try await store.load().deliveries.first)
        var superseded = due
        superseded.status = .superseded
        try await store.commit(transaction(2) { $0.deliveries = [superseded] })
        #expect(try await store.load().deliveries.isEmpty)
        let reader = try await StateReader.open(path: opened.fixture.path)
        #expect(try await reader.deliveries(status: .superseded).map(\.state.eventId) == ["event-1"])
        #expect(try await reader.countDeliveries(.dead) == 0)
        // A person may still want it.
        #expect(try await store.redeliver(.event(id: "event-1"), now: now(3)).map(\.status) == [.pending])
        try await store.commit(transaction(4) { $0.deliveries = [superseded] })
        let later = Timestamp(milliseconds: SQLiteStore.deliveredRetention.milliseconds + 1)
        #expect(try await store.pruneEvents(now: later) == 1)
    }
}
