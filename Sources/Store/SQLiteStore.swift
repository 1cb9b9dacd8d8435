package import Audit
package import Domain
import GRDB
import Synchronization

/// The state in one SQLite file with one writing connection; owned by one process at a time.
package final class SQLiteStore: Store, Sendable {
    package let path: String
    /// The same queries that another process has, over this connection.
    package let reader: StateReader

    let queue: DatabaseQueue
    private let lock: StateLock
    /// Both change on the connection's queue alone.
    private let chain: Mutex<ChainWriter>
    private let loggedIndex: Mutex<Logged>

    private struct Logged {
        var stored: Int64
        var reached: Int64
    }

    /// Opens the state, or makes one.
    /// - Parameters:
    ///   - verb: what runs, for the message that a second writer prints.
    ///   - signer: signs every record from now on.
    ///   - newID: makes the chain's id of a new state, a UUID.
    package static func open(
        path: String, verb: String, signer: AuditSigner? = nil, newID: @escaping @Sendable () -> String
    ) async throws -> SQLiteStore {
        try await open(path: path, verb: verb, schema: .current, signer: signer, newID: newID)
    }

    static func open(
        path: String, verb: String, schema: Schema, signer: AuditSigner? = nil, newID: @escaping @Sendable () -> String
    ) async throws -> SQLiteStore {
        try await Blocking.run {
            try SQLiteStore(path: path, verb: verb, schema: schema, signer: signer, newID: newID)
        }
    }

    private init(path: String, verb: String, schema: Schema, signer: AuditSigner?, newID: () -> String) throws {
        self.path = path
        lock = try StateLock(state: path, verb: verb)
        let finding = try StateFile.examine(path, supports: schema.version)
        do {
            queue = try Self.opened(path, finding, schema: schema, newID: newID)
            reader = StateReader(queue: queue, path: path)
            let (head, logged) = try queue.read { db in
                (try ChainHead.stored(db), try Meta.integer(db, Meta.logged) ?? 0)
            }
            chain = Mutex(ChainWriter(head: head, signer: signer))
            loggedIndex = Mutex(Logged(stored: logged, reached: logged))
        } catch {
            throw StoreError(error, path: path, doing: "open")
        }
    }

    private static func opened(
        _ path: String, _ finding: StateFile.Finding, schema: Schema, newID: () -> String
    ) throws -> DatabaseQueue {
        switch finding {
        case .absent:
            let queue = try StateFile.writing(path)
            let id = newID()
            try queue.write { db in
                try schema.migrate(db, from: 0)
                try Meta.set(db, Meta.chainID, id)
            }
            try StateBackup.sync(StateBackup.folder(of: path))
            return queue
        case .state(let version) where version < schema.version:
            try StateBackup.copy(from: try StateFile.reading(path), to: "\(path).before-migration-\(schema.version)")
            let queue = try StateFile.writing(path)
            try queue.write { try schema.migrate($0, from: version) }
            return queue
        case .state:
            return try StateFile.writing(path)
        }
    }

    package func load() async throws -> StoredState { try await reader.load() }

    package func event(id: String) async throws -> Event? { try await reader.event(id: id) }

    package func commit(_ transaction: Transaction) async throws { try await commit([transaction]) }

    /// One transaction on the disk for all of them, in order: one sync, whatever their number. Not cancellable.
    package func commit(_ transactions: [Transaction]) async throws {
        let transactions = transactions.filter { !$0.isEmpty }
        guard !transactions.isEmpty else { return }
        try await perform("write") { db in
            var chain = self.chain.withLock { $0 }
            let logged = self.loggedIndex.withLock { $0 }
            try db.inTransaction(.immediate) {
                var writer = TransactionWriter(db: db, chain: chain)
                for transaction in transactions { try writer.write(transaction) }
                if let now = transactions.last?.now { try writer.stamp(now) }
                if logged.reached > logged.stored { try Meta.set(db, Meta.logged, logged.reached) }
                chain = writer.chain
                return .commit
            }
            self.chain.withLock { $0 = chain }
            self.loggedIndex.withLock { $0.stored = logged.reached }
        }
    }

    func readChainAnew(_ db: Database) throws {
        let head = try ChainHead.stored(db)
        chain.withLock { $0 = ChainWriter(head: head, signer: $0.signer) }
    }

    /// Runs on the connection's own thread, to its end even where the caller is cancelled.
    func perform<Value: Sendable>(
        _ what: String, _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws -> Value {
        let path = path
        return try await withCheckedThrowingContinuation { continuation in
            queue.asyncWriteWithoutTransaction { db in
                do {
                    continuation.resume(returning: try body(db))
                } catch {
                    continuation.resume(throwing: StoreError(error, path: path, doing: what))
                }
            }
        }
    }

    /// Ends the ownership; the store cannot be used after it. How far the log reached since the last commit is kept.
    package func close() async throws {
        let logged = loggedIndex.withLock { $0 }
        if logged.reached > logged.stored {
            try await perform("write") { try Meta.set($0, Meta.logged, logged.reached) }
        }
        let queue = queue
        let path = path
        try await Blocking.run {
            do { try queue.close() } catch { throw StoreError(error, path: path, doing: "close") }
        }
        lock.release()
    }
}

extension SQLiteStore: AuditLedger {
    package func chainID() throws -> String { try reader.chainID() }
    package func lastIndex() throws -> Int64 { try reader.lastIndex() }
    package func lines(after index: Int64, limit: Int) throws -> [AuditLine] {
        try reader.lines(after: index, limit: limit)
    }
    package func line(at index: Int64) throws -> AuditLine? { try reader.line(at: index) }
    package func loggedThrough() throws -> Int64 { loggedIndex.withLock { $0.reached } }
    package func notesDue() throws -> (unwritten: Set<Int64>, unpushed: Set<Int64>) { try reader.notesDue() }
    package func logged(through index: Int64) { loggedIndex.withLock { $0.reached = max($0.reached, index) } }
}
