package import Domain
import Foundation
import GRDB

extension StateReader {
    /// Everything that the engine needs; documents are decoded outside the database's thread.
    package func load() async throws -> StoredState {
        let raw = try await read { try RawState($0) }
        var state = StoredState(id: raw.id)
        state.saved = raw.saved
        state.deliveries = raw.deliveries
        state.notesDue = raw.notesDue
        state.bots = try await raw.bots.decoded(BotRecord.self)
        state.files = try await raw.files.decoded(FileRecord.self)
        state.rollouts = try await raw.rollouts.decoded(Rollout.self)
        let decoder = JSONDecoder()
        for document in raw.documents {
            switch DocumentKind(rawValue: document.kind) {
            case .platform: state.platforms.append(try document.decoded(PlatformRecord.self, with: decoder))
            case .feed: state.feeds.append(try document.decoded(FeedRecord.self, with: decoder))
            case .source: state.source = try document.decoded(SourceRecord.self, with: decoder)
            case .move: state.moves.append(try document.decoded(MoveRecord.self, with: decoder))
            case .sink: state.sinks.append(try document.decoded(SinkRecord.self, with: decoder))
            case .fleet: state.fleet = try document.decoded(FleetRecord.self, with: decoder)
            case nil:
                throw StoreError(
                    .undecodable, "the state \(path) holds a `\(document.kind)` that this version does not know")
            }
        }
        state.moves.sort { $0.number < $1.number }
        return state
    }
}

/// One consistent view of the tables, before anything is decoded.
private struct RawState: Sendable {
    var id: String
    var saved: Now?
    var bots: [StoredDocument]
    var files: [StoredDocument]
    var rollouts: [StoredDocument]
    var documents: [StoredDocument]
    var deliveries: [DeliveryState]
    var notesDue: [NoteDue]

    init(_ db: Database) throws {
        id = try Meta.text(db, Meta.chainID) ?? ""
        if let tick = try Meta.integer(db, Meta.tick), let wall = try Meta.integer(db, Meta.wall) {
            saved = Now(tick: Tick(milliseconds: tick), wall: Timestamp(milliseconds: wall))
        }
        bots = try StoredDocument.fetch(db, "SELECT 'bot', key, body FROM bots ORDER BY key")
        files = try StoredDocument.fetch(db, "SELECT 'file', key, body FROM files ORDER BY key")
        rollouts = try StoredDocument.fetch(
            db, "SELECT 'rollout', id, body FROM rollouts WHERE ended IS NULL ORDER BY started, id")
        documents = try StoredDocument.fetch(db, "SELECT kind, key, body FROM documents ORDER BY kind, key")
        deliveries = try DeliveryState.fetch(
            db, where: "status = 'pending' ORDER BY sink, stream, deliveries.rowid", arguments: [])
        notesDue = try NoteDue.fetch(db)
    }
}

extension StoredDocument {
    static func fetch(_ db: Database, _ sql: String, _ arguments: StatementArguments = []) throws -> [StoredDocument] {
        var documents: [StoredDocument] = []
        let cursor = try Row.fetchCursor(db, sql: sql, arguments: arguments)
        while let row = try cursor.next() {
            documents.append(StoredDocument(kind: row[0], key: row[1], body: row[2]))
        }
        return documents
    }
}

extension DeliveryState {
    static func fetch(
        _ db: Database, where condition: String, arguments: StatementArguments
    ) throws -> [DeliveryState] {
        let sql = """
            SELECT event, sink, stream, sequence, status, attempts, refusals, notBefore, answer, changedAt FROM deliveries
            WHERE \(condition)
            """
        return try Row.fetchAll(db, sql: sql, arguments: arguments).map { try DeliveryState(row: $0) }
    }

    init(row: Row) throws {
        let status: String = row[4]
        let event: String = row[0]
        guard let known = Status(rawValue: status) else {
            throw StoreError(.undecodable, "the state holds a delivery of event `\(event)` with the status `\(status)`")
        }
        self.init(
            eventId: event, sink: row[1], stream: row[2], sequence: row[3], status: known,
            schedule: DeliverySchedule(attempts: row[5], refusals: row[6]), notBefore: Tick(milliseconds: row[7]),
            answer: row[8], changedAt: Timestamp(milliseconds: row[9]))
    }
}

extension NoteDue {
    static func fetch(_ db: Database) throws -> [NoteDue] {
        let sql = """
            SELECT records.id, notedOn, line, written FROM notesDue JOIN records ON records.id = notesDue.id
            ORDER BY records.id
            """
        return try Row.fetchAll(db, sql: sql).map { row in
            NoteDue(index: row[0], commit: CommitID(row[1]), line: row[2], isWritten: row[3])
        }
    }
}
