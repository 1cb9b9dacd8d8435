package import Domain
import GRDB

/// Pages of all bots together, for the dashboard.
extension StateReader {
    /// Newest first: ids are UUIDv7, in the order of time, so that no bot's index is needed.
    package func rollouts(before id: String?, limit: Int) async throws -> [Rollout] {
        let arguments: StatementArguments = [id, min(limit, Self.maxRows)]
        let documents = try await read {
            try StoredDocument.fetch(
                $0, "SELECT 'rollout', id, body FROM rollouts WHERE ?1 IS NULL OR id < ?1 ORDER BY id DESC LIMIT ?2",
                arguments)
        }
        return try await documents.decoded(Rollout.self)
    }

    /// Where a page of deliveries ended.
    package struct DeliveryCursor: Hashable, Sendable {
        package var changedAt: Timestamp
        package var event: String
        package var sink: String

        package init(changedAt: Timestamp, event: String, sink: String) {
            self.changedAt = changedAt
            self.event = event
            self.sink = sink
        }
    }

    /// The last changed first.
    package func deliveries(
        _ status: DeliveryState.Status, before cursor: DeliveryCursor?, limit: Int
    ) async throws -> [DeliveryListing] {
        try await deliveries(
            """
            status = ?1 AND (changedAt < ?2 OR (changedAt = ?2 AND (event, sink) < (?3, ?4)))
            ORDER BY changedAt DESC, event DESC, sink DESC LIMIT ?5
            """,
            [
                status.rawValue, cursor?.changedAt.milliseconds ?? .max, cursor?.event ?? "", cursor?.sink ?? "",
                min(limit, Self.maxRows),
            ])
    }

    package func countNotesDue() async throws -> Int {
        try await read { try Int.fetchOne($0, sql: "SELECT count(*) FROM notesDue") ?? 0 }
    }
}
