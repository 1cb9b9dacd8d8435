import Audit
package import Domain
import Foundation
import GRDB

/// What delivery figures are made of, read from the journal a page at a time.
extension StateReader {
    /// The largest page of `deliveryFacts`, in records of at most 4 KiB each.
    package static let maxDeliveryRecords = 1000

    package struct DeliveryPage: Sendable {
        package var facts: [DeliveryFact]
        /// The index of the last record that was looked at; nil: there are no more.
        package var last: Int64?
    }

    /// Every rollout's end, and every drift that ended with the desired version serving, in the order of the chain. The
    /// record has outcome and time; what it leaves out (labels, the commit's time) stands in the rollout's row, which a state
    /// that was restored from a backup may lack.
    package func deliveryFacts(after index: Int64, limit: Int = maxDeliveryRecords) async throws -> DeliveryPage {
        let limit = min(limit, Self.maxDeliveryRecords)
        return try await read { db in
            let statement = try db.cachedStatement(
                sql: """
                    SELECT r.id, r.bot, r.rollout, r.line, json_extract(o.body, '$.outcome'),
                        json_extract(o.body, '$.cause'), json_extract(o.body, '$.labels'),
                        json_extract(o.body, '$.provenance.committedAt')
                    FROM records r LEFT JOIN rollouts o ON o.id = r.rollout
                    WHERE r.notedOn IS NOT NULL AND r.id > ? ORDER BY r.id LIMIT ?
                    """)
            let rows = try Row.fetchAll(statement, arguments: [index, limit])
            return DeliveryPage(facts: try rows.flatMap { try Self.deliveryFacts($0) }, last: rows.last?[0])
        }
    }

    /// The bots that are in sync now, since when, and those that came into sync since their last rollout: a commit that goes
    /// back to what serves needs none, of which a record tells only at the end of the next one.
    package func inSyncFacts() async throws -> [DeliveryFact] {
        try await read { db in
            let sql = """
                SELECT key, json_extract(body, '$.name'), json_extract(body, '$.condition.since') FROM bots
                WHERE json_extract(body, '$.condition.state') = ?
                UNION ALL
                SELECT key, json_extract(body, '$.name'), json_extract(body, '$.restoredAt') FROM bots
                WHERE json_extract(body, '$.restoredAt') IS NOT NULL
                ORDER BY 3
                """
            return try Row.fetchAll(db, sql: sql, arguments: [BotCondition.State.inSync.rawValue]).compactMap { row in
                guard let key = BotKey(column: row[0]) else { return nil }
                return DeliveryFact(
                    bot: key, name: row[1], labels: [:], at: Timestamp(milliseconds: row[2]), .inSync)
            }
        }
    }

    private static func deliveryFacts(_ row: Row) throws -> [DeliveryFact] {
        let index: Int64 = row[0]
        let column: String? = row[1]
        let line: String = row[3]
        guard let key = column.flatMap({ BotKey(column: $0) }) else { return [] }
        guard let record = try? CanonicalJSON.parse(Array(line.utf8)),
            let time = record["timestamp"]?.text.flatMap({ Timestamp(iso8601: $0) })
        else { throw unreadable(index) }
        let name = record["bot"]?["name"]?.text ?? key.description
        guard row.hasNull(atIndex: 2) else {
            let ending = try ending(record, row, index)
            let end = DeliveryFact(bot: key, name: name, labels: try labels(row[6]), at: time, .ended(ending))
            guard let restored = record["restoredAt"]?.text.flatMap({ Timestamp(iso8601: $0) }) else { return [end] }
            return [DeliveryFact(bot: key, name: name, labels: [:], at: restored, .inSync), end]
        }
        let drift = record["drift"]
        guard record["type"]?.text == "drift.resolved", let desired = drift?["desired"]?.text,
            drift?["deployed"]?.text == desired
        else { return [] }
        return [DeliveryFact(bot: key, name: name, labels: [:], at: time, .inSync)]
    }

    private static func ending(_ record: JSONValue, _ row: Row, _ index: Int64) throws -> DeliveryFact.Ending {
        let stored: String? = row[4]
        guard let outcome = (record["outcome"]?.text ?? stored).flatMap({ Outcome(rawValue: $0) }) else {
            throw unreadable(index)
        }
        let cause: String? = row[5]
        let committed: Int64? = row[7]
        return DeliveryFact.Ending(
            outcome, direction: record["direction"]?.text.flatMap { Direction(rawValue: $0) },
            cause: cause.flatMap { DriftCause(rawValue: $0) },
            commit: record["commit"]?["sha"]?.text.map { CommitID($0) },
            committedAt: committed.map { Timestamp(milliseconds: $0) })
    }

    private static func labels(_ json: String?) throws -> [String: String] {
        guard let json else { return [:] }
        return try JSONDecoder().decode([String: String].self, from: Data(json.utf8))
    }

    private static func unreadable(_ index: Int64) -> StoreError {
        StoreError(
            .undecodable,
            "the state's audit record \(index) cannot be read as the end of a rollout or of a drift; `ballast audit verify` "
                + "says whether it was changed")
    }
}
