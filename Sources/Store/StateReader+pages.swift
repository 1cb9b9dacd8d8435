package import Audit
package import Domain
import GRDB

/// Lists that are read a page at a time, newest first. A cursor names the last row of a page, so that the next one goes on
/// there though newer rows came; nil where the cursor names no row.
extension StateReader {
    package func rollouts(of bot: BotKey, before id: String?, limit: Int) async throws -> [Rollout]? {
        let documents = try await read { db -> [StoredDocument]? in
            var started = Int64.max
            if let id {
                let sql = "SELECT started FROM rollouts WHERE id = ? AND bot = ?"
                guard let found = try Int64.fetchOne(db, sql: sql, arguments: [id, bot.column]) else { return nil }
                started = found
            }
            return try StoredDocument.fetch(
                db,
                """
                SELECT 'rollout', id, body FROM rollouts WHERE bot = ?1 AND (started < ?2 OR (started = ?2 AND id < ?3))
                ORDER BY started DESC, id DESC LIMIT ?4
                """, [bot.column, started, id ?? "", min(limit, Self.maxRows)])
        }
        return try await documents?.decoded(Rollout.self)
    }

    package func events(before id: String?, limit: Int) async throws -> [Event]? {
        try await events(beside: id, "rowid < ?1 ORDER BY rowid DESC", otherwise: .max, limit: limit)
    }

    /// Oldest first.
    package func events(after id: String, limit: Int) async throws -> [Event]? {
        try await events(beside: id, "rowid > ?1 ORDER BY rowid", otherwise: 0, limit: limit)
    }

    private func events(
        beside id: String?, _ condition: String, otherwise: Int64, limit: Int
    ) async throws -> [Event]? {
        let documents = try await read { db -> [StoredDocument]? in
            var row = otherwise
            if let id {
                let sql = "SELECT rowid FROM events WHERE id = ?"
                guard let found = try Int64.fetchOne(db, sql: sql, arguments: [id]) else { return nil }
                row = found
            }
            return try StoredDocument.fetch(
                db, "SELECT 'event', id, body FROM events WHERE \(condition) LIMIT ?2",
                [row, min(limit, Self.maxRows)])
        }
        return try await documents?.decoded(Event.self)
    }

    package func newestEventID() async throws -> String? {
        try await read { try String.fetchOne($0, sql: "SELECT id FROM events ORDER BY rowid DESC LIMIT 1") }
    }

    /// - Parameter bot: nil: of all.
    package func records(of bot: BotKey?, before index: Int64, limit: Int) async throws -> [AuditLine] {
        let arguments: StatementArguments = [bot?.column, index, min(limit, Self.maxRows)]
        return try await read {
            try AuditLine.fetch($0, where: "(?1 IS NULL OR bot = ?1) AND id < ?2 ORDER BY id DESC LIMIT ?3", arguments)
        }
    }

    package func countDeliveries(_ status: DeliveryState.Status) async throws -> Int {
        try await read {
            try Int.fetchOne($0, sql: "SELECT count(*) FROM deliveries WHERE status = ?", arguments: [status.rawValue])
                ?? 0
        }
    }
}
