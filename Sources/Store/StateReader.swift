package import Audit
package import Domain
import Foundation
import GRDB

/// Reads a state, beside the process that owns it too. Never writes, never checkpoints.
package struct StateReader: Sendable {
    package let path: String
    let queue: DatabaseQueue

    init(queue: DatabaseQueue, path: String) {
        self.queue = queue
        self.path = path
    }

    /// - Throws: `missing` where there is no state yet, and all that opening a state can say but `inUse`.
    package static func open(path: String) async throws -> StateReader {
        try await Blocking.run {
            guard case .state(let version) = try StateFile.examine(path, supports: Schema.current.version) else {
                throw StoreError(
                    .missing,
                    "there is no state at \(path) yet; the first `ballast reconcile` or `ballast serve` makes it")
            }
            guard version == Schema.current.version else {
                throw StoreError(
                    .failed,
                    "the state \(path) is of version \(version), this Ballast needs \(Schema.current.version); the next "
                        + "`ballast reconcile` brings it up")
            }
            do {
                return StateReader(queue: try StateFile.reading(path), path: path)
            } catch {
                throw StoreError(error, path: path, doing: "open")
            }
        }
    }

    func read<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        try await Blocking.run { try readNow(body) }
    }

    /// Blocks; one consistent view of the state.
    func readNow<Value>(_ body: (Database) throws -> Value) throws -> Value {
        do {
            return try queue.unsafeRead { try Self.inOneView($0, body) }
        } catch {
            throw StoreError(error, path: path, doing: "read")
        }
    }

    /// As `DatabaseQueue.read`, which switches `query_only` to and fro, though: then SQLite prepares all statements anew.
    private static func inOneView<Value>(_ db: Database, _ body: (Database) throws -> Value) throws -> Value {
        try db.beginTransaction(.deferred)
        do {
            let value = try body(db)
            try db.commit()
            return value
        } catch {
            try? db.rollback()
            throw error
        }
    }

    /// A consistent copy while the state is in use.
    package func backup(to target: String) async throws {
        let queue = queue
        try await Blocking.run { try StateBackup.copy(from: queue, to: target) }
    }
}

extension StateReader: AuditJournal {
    package func chainID() throws -> String { try readNow { try ChainHead.stored($0).id } }

    package func lastIndex() throws -> Int64 {
        try readNow { try Int64.fetchOne($0, sql: "SELECT max(id) FROM records") ?? 0 }
    }

    package func lines(after index: Int64, limit: Int) throws -> [AuditLine] {
        try readNow { db in
            try AuditLine.fetch(db, where: "id > ? ORDER BY id LIMIT ?", [index, limit])
        }
    }

    package func line(at index: Int64) throws -> AuditLine? {
        try readNow { db in try AuditLine.fetch(db, where: "id = ?", [index]).first }
    }

    package func loggedThrough() throws -> Int64 { try readNow { try Meta.integer($0, Meta.logged) ?? 0 } }

    package func notesDue() throws -> (unwritten: Set<Int64>, unpushed: Set<Int64>) {
        try readNow { db in
            let unwritten = try Int64.fetchSet(db, sql: "SELECT id FROM notesDue WHERE written = 0")
            return (unwritten, try Int64.fetchSet(db, sql: "SELECT id FROM notesDue"))
        }
    }
}

extension AuditLine {
    /// Rows whose columns are damaged are found by the verifier, through the line itself.
    static func fetch(_ db: Database, where condition: String, _ arguments: StatementArguments) throws -> [AuditLine] {
        let statement = try db.cachedStatement(
            sql: "SELECT id, line, bot, rollout, notedOn FROM records WHERE \(condition)")
        return try Row.fetchAll(statement, arguments: arguments).map { row in
            let bot: String? = row[2]
            let notedOn: String? = row[4]
            return AuditLine(
                index: row[0], line: row[1], bot: bot.flatMap(BotKey.init(column:)), rolloutId: row[3],
                notedOn: notedOn.map { CommitID($0) })
        }
    }
}

extension BotKey {
    init?(column: String) {
        let parts = column.split(separator: "\u{1F}", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3 else { return nil }
        self.init(platform: parts[0], botId: parts[1], environment: parts[2])
    }
}

extension StateReader {
    /// What git notes still lack, in the order of the records.
    package func notesDueLines() async throws -> [NoteDue] {
        try await read { try NoteDue.fetch($0) }
    }
}
