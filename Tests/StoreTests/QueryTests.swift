import Audit
import Domain
import Testing

@testable import Store

@Suite struct QueryTests {
    private func rollout(_ id: String, bot: Int, at: Int64, ended: Bool) -> Rollout {
        var rollout = Rollout(
            id: id, key: key(bot), name: "bot-\(bot)", labels: [:], provenance: Samples.provenance, cause: .manifest,
            settings: Samples.settings, from: nil, to: "v_2", direction: .deployment, isReturn: false, now: now(at))
        if ended {
            rollout.phase = .ended
            rollout.outcome = .succeeded
            rollout.endedAt = Timestamp(milliseconds: at + 1)
        }
        return rollout
    }

    @Test func rolloutsAreFoundByBotAndById() async throws {
        let opened = try await OpenStore()
        let store = opened.store
        let rollouts = (0..<6).map { rollout("0192-a\($0)", bot: $0 % 2, at: Int64($0), ended: $0 < 4) }
        try await store.commit(transaction { $0.changes = rollouts.map(StateChange.rollout) })
        let reader = try await StateReader.open(path: opened.fixture.path)
        #expect(try await reader.rollouts(of: key(1), limit: 2) == [rollouts[5], rollouts[3]])
        #expect(try await reader.rollouts(of: key(7), limit: 2).isEmpty)
        #expect(try await reader.rollouts(idPrefix: "0192-a3") == [rollouts[3]])
        #expect(try await reader.rollouts(idPrefix: "0192").count == 2)
        #expect(try await reader.rollouts(idPrefix: "x").isEmpty)
        #expect(try await reader.load().rollouts == [rollouts[4], rollouts[5]])
        try await store.commit(transaction { $0.changes = [.rollout(rollout("0192-a4", bot: 0, at: 4, ended: true))] })
        #expect(try await reader.load().rollouts.map(\.id) == ["0192-a5"])
    }

    @Test func recordsAndEventsAreFoundByWhatTheyAreAbout() async throws {
        let opened = try await OpenStore()
        let reader = opened.store.reader
        try await opened.store.commit(
            transaction {
                $0.records = (1...6).map { draft($0, rollout: $0 < 4 ? "r1" : "r2", bot: key($0 % 2)) }
                $0.events = (1...4).map {
                    OutboxEntry(event: event($0, at: Int64($0), bot: $0 % 2), sinks: ["sink"])
                }
            })
        #expect(try await reader.records(of: key(1), limit: 10).map(\.index) == [1, 3, 5])
        #expect(try await reader.records(of: key(1), after: 1, limit: 1).map(\.index) == [3])
        #expect(try await reader.records(ofRollout: "r2").map(\.index) == [4, 5, 6])
        #expect(try await reader.records(after: 4, limit: 10).map(\.index) == [5, 6])
        #expect(try await reader.records(after: 0, limit: 1).first?.bot == key(1))
        #expect(try await reader.events(of: key(0), limit: 5).map(\.id) == ["event-4", "event-2"])
    }

    @Test func deliveriesAreListedAndSentAgain() async throws {
        let opened = try await OpenStore()
        let store = opened.store
        try await store.commit(
            transaction {
                $0.events = (1...4).map { OutboxEntry(event: event($0, at: Int64($0)), sinks: ["a", "b"]) }
            })
        func state(_ number: Int, _ sink: String, _ status: DeliveryState.Status, at: Int64 = 0) -> DeliveryState {
            DeliveryState(
                eventId: "event-\(number)", sink: sink, stream: key(1).description, sequence: Int64(number),
                status: status, schedule: DeliverySchedule(attempts: 3, refusals: 1), notBefore: Tick(milliseconds: at),
                answer: "no",
                changedAt: Timestamp(milliseconds: 5))
        }
        try await store.commit(
            transaction(100) {
                $0.deliveries = [
                    state(1, "a", .dead), state(2, "a", .delivered), state(3, "a", .dead), state(4, "a", .dead),
                    state(1, "b", .pending, at: 600),
                ]
            })
        let dead = try await store.reader.deliveries(status: .dead)
        #expect(dead.map(\.state.eventId) == ["event-4", "event-3", "event-1"])
        #expect(dead[0].type == "rollout.succeeded" && dead[0].nextAt == nil && dead[0].state.attempts == 3)
        let waiting = try await store.reader.deliveries(ofEvent: "event-1").last
        #expect(waiting?.nextAt == now(600).wall)
        #expect(try await store.load().deliveries.count == 4)
        let again = try await store.redeliver(.sink(name: "a", since: Timestamp(milliseconds: 3)), now: now(200))
        #expect(again.map(\.eventId) == ["event-3", "event-4"])
        #expect(again.allSatisfy { $0.status == .pending && $0.attempts == 0 && $0.notBefore == now(200).tick })
        #expect(try await store.reader.deliveries(status: .dead).map(\.state.eventId) == ["event-1"])
        #expect(try await store.redeliver(.event(id: "event-1"), now: now(200)).count == 2)
        #expect(try await store.redeliver(.event(id: "nothing"), now: now(200)).isEmpty)
        #expect(try await store.event(id: "event-1") == event(1, at: 1))
    }

    @Test func whatASinkSaidLastIsItsTroubleUntilADeliverySucceeds() async throws {
        let opened = try await OpenStore()
        let store = opened.store
        try await store.commit(
            transaction {
                $0.events = (1...3).map {
                    OutboxEntry(event: event($0, at: Int64($0)), sinks: ["a", "b"])
                }
                var fleet = FleetRecord()
                fleet.logTrouble = "the disk is full"
                fleet.trailFinding = "log: record 3 was changed"
                $0.changes = [
                    .fleet(fleet),
                    .sink(SinkRecord(name: "c", settingsDigest: "", disabled: "410 Gone")),
                ]
            })
        func state(_ number: Int, _ status: DeliveryState.Status, _ attempts: Int, at: Int64) -> DeliveryState {
            DeliveryState(
                eventId: "event-\(number)", sink: "a", stream: key(1).description, sequence: Int64(number),
                status: status, schedule: DeliverySchedule(attempts: attempts, refusals: attempts),
                notBefore: Tick(milliseconds: 0), answer: "401 Unauthorized", changedAt: Timestamp(milliseconds: at))
        }
        try await store.commit(
            transaction { $0.deliveries = [state(1, .dead, 3, at: 10), state(2, .pending, 1, at: 9)] })
        let found = try await store.reader.troubles(sinks: ["a", "b", "c"])
        #expect(found.map(\.subject) == ["audit log", "audit trail", "sink a", "sink c"])
        #expect(found[2].message.hasPrefix("the last attempt failed: 401 Unauthorized; events for it: 2 waiting"))
        #expect(found[2].message.hasSuffix("1 given up") && found[3].message.contains("410 Gone"))
        try await store.commit(transaction { $0.deliveries = [state(2, .delivered, 2, at: 11)] })
        #expect(try await store.reader.troubles(sinks: ["a"]).map(\.subject) == ["audit log", "audit trail"])
    }

    @Test func whatIsSentAgainSaysWhereTheRestBegins() async throws {
        let opened = try await OpenStore()
        try await opened.store.commit(
            transaction {
                $0.events = (1...5).map {
                    OutboxEntry(event: event($0, at: Int64($0 * 10)), sinks: ["a"])
                }
            })
        let reader = opened.store.reader
        let some = try await reader.redeliveries(sink: "a", since: Timestamp(milliseconds: 20), limit: 3)
        #expect(some.0.map(\.eventId) == ["event-2", "event-3", "event-4"])
        #expect(some.rest == Timestamp(milliseconds: 50))
        let all = try await reader.redeliveries(sink: "a", since: Timestamp(milliseconds: 20), limit: 4)
        #expect(all.0.count == 4 && all.rest == nil)
    }

    @Test func deliveredEventsGoAfterNinetyDaysAndOthersStay() async throws {
        let opened = try await OpenStore()
        let store = opened.store
        let day: Int64 = 86_400_000
        let count = SQLiteStore.maxPrunedEvents + 10
        try await store.commit(
            transaction {
                $0.events = (1...count).map { OutboxEntry(event: event($0, at: 0), sinks: []) }
                $0.events += [
                    OutboxEntry(event: event(5001), sinks: ["a"]), OutboxEntry(event: event(5002), sinks: ["a"]),
                    OutboxEntry(event: event(5003, at: day), sinks: []),
                ]
                $0.deliveries = [
                    DeliveryState(
                        eventId: "event-5001", sink: "a", stream: "", sequence: 1, status: .delivered,
                        notBefore: Tick(milliseconds: 0), answer: "", changedAt: Timestamp(milliseconds: 0))
                ]
            })
        let later = Timestamp(milliseconds: 90 * day + 1)
        #expect(try await store.pruneEvents(now: Timestamp(milliseconds: 90 * day)) == 0)
        #expect(try await store.pruneEvents(now: later) == SQLiteStore.maxPrunedEvents)
        #expect(try await store.pruneEvents(now: later) == 11)
        #expect(try await store.pruneEvents(now: later) == 0)
        #expect(try await store.event(id: "event-5001") == nil)
        #expect(try await store.event(id: "event-5002") != nil)  // Still pending.
        #expect(try await store.event(id: "event-5003") != nil)
    }
}
