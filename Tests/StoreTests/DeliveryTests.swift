import Domain
import Foundation
import GRDB
import Testing

@testable import Store

@Suite("Delivery facts of the journal")
struct DeliveryTests {
    private static let commit = CommitID(String(repeating: "a", count: 40))

    private func rollout(_ id: String, _ cause: DriftCause = .manifest) -> Rollout {
        var rollout = Rollout(
            id: id, key: key(1), name: "bot-1", labels: ["team": "orders"], provenance: Samples.provenance,
            cause: cause, settings: Samples.settings, from: nil, to: "v_2", direction: .deployment, isReturn: false,
            now: now())
        rollout.outcome = .succeeded
        return rollout
    }

    private func draft(_ fields: [String: JSONValue], rollout: String? = nil, noted: Bool = true) -> AuditDraft {
        var fields = fields
        fields["timestamp"] = .string("2026-11-22T10:00:00.000Z")
        fields["bot"] = .object(["name": .string("bot-1")])
        fields["commit"] = .object(["sha": .string(Self.commit.hex)])
        return AuditDraft(
            fields: fields, at: now().wall, bot: key(1), rolloutId: rollout, notedOn: noted ? Self.commit : nil)
    }

    private func end(_ outcome: String, of rollout: String) -> AuditDraft {
        draft(
            ["type": "rollout.end", "outcome": outcome, "direction": "rollback"].mapValues { .string($0) },
            rollout: rollout)
    }

    private func drift(_ type: String, desired: String, deployed: String) -> AuditDraft {
        let drift = ["desired": desired, "deployed": deployed].mapValues { JSONValue.string($0) }
        return draft(["type": .string(type), "drift": .object(drift)])
    }

    private func all(_ reader: StateReader, limit: Int) async throws -> [DeliveryFact] {
        var facts: [DeliveryFact] = []
        var position: Int64 = 0
        while true {
            let page = try await reader.deliveryFacts(after: position, limit: limit)
            facts += page.facts
            guard let last = page.last else { return facts }
            #expect(last > position)
            position = last
        }
    }

    @Test(
        "ends of rollouts with what their rows know, and drifts that ended in sync; nothing else",
        arguments: [1, 2, 50])
    func facts(limit: Int) async throws {
        let opened = try await OpenStore()
        try await opened.store.commit(
            transaction {
                $0.changes = [.rollout(rollout("r1")), .rollout(rollout("r2", .platform))]
                $0.records = [
                    draft(["type": .string("rollout.intent")], rollout: "r1", noted: false),
                    end("failed-over", of: "r1"), end("succeeded", of: "r2"), end("superseded", of: "lost"),
                    drift("drift.detected", desired: "v_1", deployed: "v_1"),
                    drift("drift.resolved", desired: "v_1", deployed: "v_2"),
                    drift("drift.resolved", desired: "v_1", deployed: "v_1"),
                    draft(["type": .string("decision.suspend")]),
                ]
            })
        let facts = try await all(try await StateReader.open(path: opened.fixture.path), limit: limit)
        let committed = Samples.provenance.committedAt
        func ending(_ outcome: Outcome, _ cause: DriftCause?, _ time: Timestamp?) -> DeliveryFact.What {
            .ended(
                DeliveryFact.Ending(
                    outcome, direction: .rollback, cause: cause, commit: Self.commit, committedAt: time))
        }
        #expect(
            facts.map(\.what) == [
                ending(.failedOver, .manifest, committed), ending(.succeeded, .platform, committed),
                ending(.superseded, nil, nil), .inSync,
            ])
        #expect(facts.map(\.labels) == [["team": "orders"], ["team": "orders"], [:], [:]])
        #expect(facts.allSatisfy { $0.bot == key(1) && $0.name == "bot-1" })
        #expect(facts.allSatisfy { $0.at == Timestamp(iso8601: "2026-11-22T10:00:00Z") })
    }

    @Test("a state without records has none")
    func empty() async throws {
        let opened = try await OpenStore()
        let page = try await opened.store.reader.deliveryFacts(after: 0)
        #expect(page.facts.isEmpty)
        #expect(page.last == nil)
        #expect(try await opened.store.reader.inSyncFacts().isEmpty)
    }

    @Test("bots that are in sync now, since when")
    func inSync() async throws {
        let opened = try await OpenStore()
        var failed = bot(2)
        failed.condition = BotCondition(.failedOver, message: "no", since: Timestamp(milliseconds: 9))
        let changes = [StateChange.bot(bot(1)), .bot(failed)]
        try await opened.store.commit(transaction { $0.changes = changes })
        let expected = DeliveryFact(
            bot: key(1), name: "bot-1", labels: [:], at: Timestamp(milliseconds: 5), .inSync)
        #expect(try await opened.store.reader.inSyncFacts() == [expected])
        failed.restoredAt = Timestamp(milliseconds: 4)
        try await opened.store.commit(transaction { $0.changes = [.bot(failed)] })
        let restored = DeliveryFact(bot: key(2), name: "bot-2", labels: [:], at: Timestamp(milliseconds: 4), .inSync)
        #expect(try await opened.store.reader.inSyncFacts() == [restored, expected])
    }

    @Test("an end tells when the bot was restored before it")
    func restoredBefore() async throws {
        let opened = try await OpenStore()
        var end = end("succeeded", of: "r1")
        end.fields["restoredAt"] = .string("2026-11-22T09:00:00.000Z")
        try await opened.store.commit(
            transaction {
                $0.changes = [.rollout(rollout("r1"))]
                $0.records = [end]
            })
        let facts = try await opened.store.reader.deliveryFacts(after: 0).facts
        #expect(facts.map(\.at) == ["09", "10"].compactMap { Timestamp(iso8601: "2026-11-22T\($0):00:00Z") })
        #expect(facts.first?.what == .inSync && facts.count == 2)
    }

    @Test("a record that was damaged is named, never passed over")
    func damaged() async throws {
        let opened = try await OpenStore()
        try await opened.store.commit(transaction { $0.records = [end("succeeded", of: "r1")] })
        for line in ["{", #"{"outcome":"wonderful","timestamp":"2026-11-22T10:00:00.000Z"}"#, "{}"] {
            let queue = try DatabaseQueue(path: opened.fixture.path)
            try await queue.write { try $0.execute(sql: "UPDATE records SET line = ?", arguments: [line]) }
            try queue.close()
            await #expect {
                try await opened.store.reader.deliveryFacts(after: 0)
            } throws: {
                isStoreError($0, .undecodable) && "\($0)".contains("audit record 1 ")
            }
        }
    }
}
