package import Domain
import Foundation
import GRDB

extension StateReader {
    /// What keeps the trail or these sinks from being told, as the last pass left it.
    package func troubles(sinks names: [String]) async throws -> [ReportTrouble] {
        let (documents, failing) = try await read { db in
            (
                try StoredDocument.fetch(
                    db, "SELECT kind, key, body FROM documents WHERE kind IN (?, ?)",
                    [DocumentKind.fleet.rawValue, DocumentKind.sink.rawValue]),
                try names.compactMap { try Self.failing($0, db) }
            )
        }
        let decoder = JSONDecoder()
        var found: [ReportTrouble] = []
        var disabled: [String: String] = [:]
        for document in documents {
            if document.kind == DocumentKind.fleet.rawValue {
                found += ReportTrouble.ofTrail(try document.decoded(FleetRecord.self, with: decoder))
            } else {
                let sink = try document.decoded(SinkRecord.self, with: decoder)
                disabled[sink.name] = sink.disabled
            }
        }
        for name in names {
            if let answer = disabled[name] {
                found.append(.disabled(sink: name, answer: answer))
            } else if let one = failing.first(where: { $0.subject == "sink \(name)" }) {
                found.append(one)
            }
        }
        return found
    }

    /// nil: its last attempt succeeded, or there was none.
    private static func failing(_ sink: String, _ db: Database) throws -> ReportTrouble? {
        let sql = """
            SELECT answer, changedAt FROM deliveries WHERE status IN ('pending', 'dead') AND sink = ? AND attempts > 0
            ORDER BY changedAt DESC LIMIT 1
            """
        guard let last = try Row.fetchOne(db, sql: sql, arguments: [sink]) else { return nil }
        let at: Int64 = last[1]
        let isOver = try Bool.fetchOne(
            db,
            sql: """
                SELECT EXISTS (SELECT 1 FROM deliveries WHERE status = 'delivered' AND changedAt > ? AND sink = ?)
                """, arguments: [at, sink])
        guard isOver != true else { return nil }
        func count(_ status: DeliveryState.Status) throws -> Int {
            try Int.fetchOne(
                db, sql: "SELECT count(*) FROM deliveries WHERE status = ? AND sink = ?",
                arguments: [status.rawValue, sink]) ?? 0
        }
        return .failing(sink: sink, answer: last[0], waiting: try count(.pending), givenUp: try count(.dead))
    }
}
