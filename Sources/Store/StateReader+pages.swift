package import Audit
package import Domain
import GRDB

/// Lists that are read a page at a time, newest first. A cursor names the last row of a page, so that the next one goes on
/// there though newer rows came; nil where the cursor names no row.
extension StateReader {
    /// - Parameter bot: nil: of all.
    package func rollouts(of bot: BotKey?, before id: String?, limit: Int) async throws -> [Rollout]? {
        let documents = try await read { db -> [StoredDocument]? in
            var started = Int64.max
            if let id {
                let sql = "SELECT started FROM rollouts WHERE id = ? AND (?2 IS NULL OR bot = ?2)"
                guard let found = try Int64.fetchOne(db, sql: sql, arguments: [id, bot?.column]) else { return nil }
                started = found
            }
            // Two statements, so that each finds its rows by an index.
            let condition = bot == nil ? "?1 IS NULL" : "bot = ?1"
            return try StoredDocument.fetch(
                db,
                """
                SELECT 'rollout', id, body FROM rollouts
                WHERE \(condition) AND started <= ?2 AND (started < ?2 OR id < ?3)
                ORDER BY started DESC, id DESC LIMIT ?4
                """, [bot?.column, started, id ?? "", min(limit, Self.maxRows)])
        }
        return try await documents?.decoded(Rollout.self)
    }

    package func events(
        before id: String?, _ selection: EventSelection = EventSelection(), limit: Int
    ) async throws -> [Event]? {
        try await events(beside: id, "rowid < ?1", "ORDER BY rowid DESC", otherwise: .max, selection, limit: limit)
    }

    /// Oldest first; nil: from the first one.
    package func events(after id: String?, limit: Int) async throws -> [Event]? {
        try await events(beside: id, "rowid > ?1", "ORDER BY rowid", otherwise: 0, EventSelection(), limit: limit)
    }

    private func events(
        beside id: String?, _ condition: String, _ order: String, otherwise: Int64, _ selection: EventSelection,
        limit: Int
    ) async throws -> [Event]? {
        let documents = try await read { db -> [StoredDocument]? in
            var row = otherwise
            if let id {
                let sql = "SELECT rowid FROM events WHERE id = ?"
                guard let found = try Int64.fetchOne(db, sql: sql, arguments: [id]) else { return nil }
                row = found
            }
            return try StoredDocument.fetch(
                db,
                """
                SELECT 'event', id, body FROM events
                WHERE \(condition) AND (?2 IS NULL OR bot = ?2) AND (?3 IS NULL OR type GLOB ?3) \(order) LIMIT ?4
                """, [row, selection.bot?.column, selection.typeGlob, min(limit, Self.maxRows)])
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

    /// Newest events first, then by sink.
    /// - Parameter cursor: the last delivery of the page before. nil as an answer: there is none such.
    package func deliveries(
        status: DeliveryState.Status?, sink: String?, before cursor: (event: String, sink: String)?, limit: Int
    ) async throws -> [DeliveryListing]? {
        var row = Int64.max
        if let cursor {
            let found = try await read {
                try Int64.fetchOne($0, sql: "SELECT rowid FROM events WHERE id = ?", arguments: [cursor.event])
            }
            guard let found else { return nil }
            row = found
        }
        return try await deliveries(
            """
            (?1 IS NULL OR status = ?1) AND (?2 IS NULL OR sink = ?2)
            AND events.rowid <= ?3 AND (events.rowid < ?3 OR sink > ?4) ORDER BY events.rowid DESC, sink LIMIT ?5
            """, [status?.rawValue, sink, row, cursor?.sink ?? "", min(limit, Self.maxRows)])
    }

    /// The oldest of what a sink was sent since then.
    /// - Returns: where there is more, the time from which on.
    package func redeliveries(
        sink: String, since: Timestamp, limit: Int
    ) async throws -> ([DeliveryState], rest: Timestamp?) {
        let limit = min(limit, Self.maxRows)
        let found = try await deliveries(
            "sink = ? AND time >= ? ORDER BY events.rowid LIMIT ?", [sink, since.milliseconds, limit + 1])
        let more = found.dropFirst(limit).first
        return (found.prefix(limit).map(\.state), more?.time)
    }

    /// Noted records that the remote lacks.
    package func countNotesDue() async throws -> Int {
        try await read { try Int.fetchOne($0, sql: "SELECT count(*) FROM notesDue") ?? 0 }
    }

    /// Noted records that the remote has.
    package func countNotesPublished() async throws -> Int {
        try await read { db in
            try Int.fetchOne(
                db,
                sql: """
                    SELECT (SELECT count(*) FROM records WHERE notedOn IS NOT NULL) - (SELECT count(*) FROM notesDue)
                    """) ?? 0
        }
    }

    package func countDeliveries(_ status: DeliveryState.Status) async throws -> Int {
        try await read {
            try Int.fetchOne($0, sql: "SELECT count(*) FROM deliveries WHERE status = ?", arguments: [status.rawValue])
                ?? 0
        }
    }
}

/// Which events of all.
package struct EventSelection: Hashable, Sendable {
    package var bot: BotKey?
    /// `rollout.*`; of letters, dots, hyphens and `*` alone.
    package var typeGlob: String?

    package init(bot: BotKey? = nil, typeGlob: String? = nil) {
        self.bot = bot
        self.typeGlob = typeGlob
    }
}
