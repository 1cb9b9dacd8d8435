import Domain
import Foundation
import Store

extension Benchmarks {
    static let costedEvents = 10_000
    static let maxEventBytes = 4096.0

    /// What one event with one sink costs the state, by itself: one transaction each, then a hundred in one.
    static func outboxCost(_ claims: Claims) async throws {
        for (batch, words) in [(1, "a transaction each"), (100, "100 a transaction")] {
            try await withFolder { folder in
                let path = "\(folder)/state.db"
                let store = try await SQLiteStore.open(path: path, verb: "benchmark") { UUID().uuidString }
                let before = try bytes(of: path)
                let begun = ContinuousClock.now
                for start in stride(from: 0, to: costedEvents, by: batch) {
                    try await store.commit((start..<start + batch).map { transaction($0) })
                }
                let spent = (ContinuousClock.now - begun).milliseconds * 1000 / Double(costedEvents)
                try await store.close()
                let each = Double(try bytes(of: path) - before) / Double(costedEvents)
                say("  one event in the state, \(words): \(spent.text(0)) µs with its sync, \(each.text(0)) bytes")
                claims.expect(each < maxEventBytes, "under 4 KiB an event")
            }
        }
    }

    /// As a drift is: with the commit that declared the version.
    private static func transaction(_ number: Int) -> Transaction {
        let wall = Timestamp(milliseconds: 1_790_000_000_000 + Int64(number))
        let key = BotKey(platform: "default", botId: Stage.bot(number % 500), environment: "PRODUCTION")
        var event = Event(
            id: UUID().uuidString.lowercased(), type: "drift.changed", time: wall, severity: .warning,
            sequence: Int64(number / 500 + 1), stream: "bot/\(key)", fingerprint: String(repeating: "f", count: 64),
            message: "drift (platform): wants v_67890, serves v_70000", status: .failed)
        event.bot = Event.BotReference(key: key, name: "bot-\(number % 500)", labels: ["team": "orders"])
        event.from = "v_70000"
        event.to = "v_67890"
        event.commit = Event.CommitReference(
            sha: CommitID(String(repeating: "a", count: 40)), author: "Ada Lovelace <ada@example.com>",
            committer: "Ada Lovelace <ada@example.com>", message: "Move order-support to v_67890",
            committedAt: wall, reverts: nil, signature: "unsigned")
        event.drift = Event.DriftReference(
            cause: .platform, desired: "v_67890", deployed: "v_70000", changedBy: "console", changedAt: wall,
            firstSeen: wall, occurrence: number / 500 + 1)
        var transaction = Transaction(now: Now(tick: Tick(milliseconds: Int64(number)), wall: wall))
        transaction.events = [OutboxEntry(event: event, sinks: ["pipeline"])]
        return transaction
    }

    private static func bytes(of path: String) throws -> Int {
        ["", "-wal"].reduce(0) { sum, ending in
            let facts = try? FileManager.default.attributesOfItem(atPath: path + ending)
            return sum + ((facts?[.size] as? Int) ?? 0)
        }
    }
}
