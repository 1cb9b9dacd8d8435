package import Audit
package import Domain
import GRDB

/// What people and time do to the outbox.
extension SQLiteStore {
    /// Delivered events are kept so long.
    package static let deliveredRetention = Span.days(90)
    package static let maxPrunedEvents = 1000

    package enum Redelivery: Hashable, Sendable {
        case event(id: String)
        /// All of one sink whose events are not older than that.
        case sink(name: String, since: Timestamp)
    }

    /// Makes deliveries due again from their first attempt on, whatever became of them, with the same ids, bodies and
    /// sequences; answers which.
    package func redeliver(_ what: Redelivery, now: Now) async throws -> [DeliveryState] {
        let (condition, arguments): (String, StatementArguments) =
            switch what {
            case .event(let id): ("event = ?", [id])
            case .sink(let name, let since):
                ("sink = ? AND event IN (SELECT id FROM events WHERE time >= ?)", [name, since.milliseconds])
            }
        return try await perform("write") { db in
            try db.inTransaction(.immediate, returning: []) {
                let found = try DeliveryState.fetch(
                    db, where: condition + " ORDER BY sink, stream, deliveries.rowid", arguments: arguments)
                let statement = try db.cachedStatement(
                    sql: """
                        UPDATE deliveries SET status = 'pending', attempts = 0, refusals = 0, notBefore = ?, changedAt = ?
                        WHERE event = ? AND sink = ?
                        """)
                return try found.map { old in
                    var delivery = old
                    delivery.status = .pending
                    delivery.schedule = DeliverySchedule()
                    delivery.notBefore = now.tick
                    delivery.changedAt = now.wall
                    try statement.execute(arguments: [
                        now.tick.milliseconds, now.wall.milliseconds, delivery.eventId, delivery.sink,
                    ])
                    return delivery
                }
            }
        }
    }

    /// Takes away events older than the retention whose every delivery succeeded; those given up stay to be seen. Answers how
    /// many; as many as `maxPrunedEvents`: call again.
    package func pruneEvents(now: Timestamp) async throws -> Int {
        let limit = now.advanced(by: Span(milliseconds: -Self.deliveredRetention.milliseconds))
        return try await perform("write") { db in
            let sql = """
                SELECT id FROM events WHERE time < ? AND NOT EXISTS
                    (SELECT 1 FROM deliveries WHERE event = events.id AND status NOT IN ('delivered', 'superseded'))
                ORDER BY time LIMIT ?
                """
            let ids = try String.fetchAll(db, sql: sql, arguments: [limit.milliseconds, Self.maxPrunedEvents])
            if ids.isEmpty { return 0 }
            try db.inTransaction(.immediate) {
                for id in ids {
                    try db.cachedStatement(sql: "DELETE FROM deliveries WHERE event = ?").execute(arguments: [id])
                    try db.cachedStatement(sql: "DELETE FROM events WHERE id = ?").execute(arguments: [id])
                }
                return .commit
            }
            return ids.count
        }
    }

    /// Takes records back that a restored state lacked; they continue its chain. Their notes are looked at again: lines that
    /// stand there already are not added twice.
    package func takeBack(_ lines: [AuditLine]) async throws {
        try await perform("write") { db in
            try db.inTransaction(.immediate) {
                for line in lines { try TransactionWriter.insert(line, into: db) }
                return .commit
            }
            try self.readChainAnew(db)
        }
    }

    /// Notes that lack these records are due again, here and at the remote.
    package func expectNotes(of indexes: [Int64]) async throws {
        try await perform("write") { db in
            try db.inTransaction(.immediate) {
                let sql = """
                    INSERT INTO notesDue(id, written) SELECT id, 0 FROM records WHERE id = ? AND notedOn IS NOT NULL
                    ON CONFLICT(id) DO UPDATE SET written = 0
                    """
                let statement = try db.cachedStatement(sql: sql)
                for index in indexes { try statement.execute(arguments: [index]) }
                return .commit
            }
        }
    }

    package func backup(to target: String) async throws { try await reader.backup(to: target) }
}

extension Database {
    /// `inTransaction` for a body that answers something; `start` where nothing was done.
    fileprivate func inTransaction<Value>(
        _ kind: TransactionKind, returning start: Value, _ body: () throws -> Value
    ) throws -> Value {
        var value = start
        try inTransaction(kind) {
            value = try body()
            return .commit
        }
        return value
    }
}
