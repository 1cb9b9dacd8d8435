package import Audit
package import Domain
import Foundation
import GRDB

/// What the reading verbs ask for.
extension StateReader {
    /// Of one question; the verbs page or say that there is more.
    package static let maxRows = 10_000

    /// Newest first.
    package func rollouts(of bot: BotKey, limit: Int) async throws -> [Rollout] {
        try await rollouts(
            "WHERE bot = ? ORDER BY started DESC, id DESC LIMIT ?", [bot.column, min(limit, Self.maxRows)])
    }

    /// By its id or the beginning of it; several where that is not unique.
    package func rollouts(idPrefix: String, limit: Int = 2) async throws -> [Rollout] {
        try await rollouts(
            "WHERE substr(id, 1, ?1) = ?2 AND id >= ?2 ORDER BY id LIMIT ?3",
            [idPrefix.unicodeScalars.count, idPrefix, min(limit, Self.maxRows)])
    }

    private func rollouts(_ condition: String, _ arguments: StatementArguments) async throws -> [Rollout] {
        let documents = try await read {
            try StoredDocument.fetch($0, "SELECT 'rollout', id, body FROM rollouts " + condition, arguments)
        }
        return try await documents.decoded(Rollout.self)
    }

    package func bots() async throws -> [BotRecord] {
        let documents = try await read {
            try StoredDocument.fetch($0, "SELECT 'bot', key, body FROM bots ORDER BY key")
        }
        return try await documents.decoded(BotRecord.self)
    }

    package func bot(_ key: BotKey) async throws -> BotRecord? {
        let documents = try await read {
            try StoredDocument.fetch($0, "SELECT 'bot', key, body FROM bots WHERE key = ?", [key.column])
        }
        return try await documents.decoded(BotRecord.self).first
    }

    /// In the order of the chain.
    package func records(of bot: BotKey, after index: Int64 = 0, limit: Int) async throws -> [AuditLine] {
        let arguments: StatementArguments = [bot.column, index, min(limit, Self.maxRows)]
        return try await read { try AuditLine.fetch($0, where: "bot = ? AND id > ? ORDER BY id LIMIT ?", arguments) }
    }

    package func records(ofRollout id: String, limit: Int = maxRows) async throws -> [AuditLine] {
        let arguments: StatementArguments = [id, min(limit, Self.maxRows)]
        return try await read { try AuditLine.fetch($0, where: "rollout = ? ORDER BY id LIMIT ?", arguments) }
    }

    package func records(after index: Int64, limit: Int) async throws -> [AuditLine] {
        let arguments: StatementArguments = [index, min(limit, Self.maxRows)]
        return try await read { try AuditLine.fetch($0, where: "id > ? ORDER BY id LIMIT ?", arguments) }
    }

    package func event(id: String) async throws -> Event? {
        try await events("WHERE id = ?", [id]).first
    }

    /// Newest first.
    package func events(of bot: BotKey, limit: Int) async throws -> [Event] {
        try await events(
            "WHERE bot = ? ORDER BY time DESC, sequence DESC LIMIT ?", [bot.column, min(limit, Self.maxRows)])
    }

    private func events(_ condition: String, _ arguments: StatementArguments) async throws -> [Event] {
        let documents = try await read {
            try StoredDocument.fetch($0, "SELECT 'event', id, body FROM events " + condition, arguments)
        }
        return try await documents.decoded(Event.self)
    }
}

/// One event's way to one sink, as `ballast notifications` lists it.
package struct DeliveryListing: Hashable, Sendable {
    package var state: DeliveryState
    package var type: String
    package var time: Timestamp
    /// When the next attempt is due by the wall clock; nil where none is.
    package var nextAt: Timestamp?
}

extension StateReader {
    /// Newest events first. nil: whatever their status or sink.
    package func deliveries(
        status: DeliveryState.Status? = nil, sink: String? = nil, limit: Int = maxRows
    ) async throws -> [DeliveryListing] {
        let arguments: StatementArguments = [status?.rawValue, sink, min(limit, Self.maxRows)]
        return try await deliveries(
            "(?1 IS NULL OR status = ?1) AND (?2 IS NULL OR sink = ?2) ORDER BY time DESC, deliveries.sequence DESC, sink LIMIT ?3",
            arguments)
    }

    package func deliveries(ofEvent id: String) async throws -> [DeliveryListing] {
        try await deliveries("event = ? ORDER BY sink", [id])
    }

    func deliveries(_ condition: String, _ arguments: StatementArguments) async throws -> [DeliveryListing] {
        try await read { db in
            let sql = """
                SELECT event, sink, deliveries.stream, deliveries.sequence, status, attempts, refusals,
                    notBefore, answer, changedAt,
                    type, time
                FROM deliveries JOIN events ON events.id = deliveries.event WHERE \(condition)
                """
            let tick = try Meta.integer(db, Meta.tick) ?? 0
            let wall = try Meta.integer(db, Meta.wall) ?? 0
            return try Row.fetchAll(db, sql: sql, arguments: arguments).map { row in
                let state = try DeliveryState(row: row)
                let wait = Tick(milliseconds: tick)..<max(state.notBefore, Tick(milliseconds: tick))
                let next = Timestamp(milliseconds: wall).advanced(by: wait.upperBound - wait.lowerBound)
                return DeliveryListing(
                    state: state, type: row[10], time: Timestamp(milliseconds: row[11]),
                    nextAt: state.status == .pending ? next : nil)
            }
        }
    }
}
