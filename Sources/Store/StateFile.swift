import GRDB
import Glibc

/// What lies at the path, judged before anything is opened for writing, so that a file that is not ours stays as it is.
enum StateFile {
    enum Finding {
        case absent
        case state(version: Int)
    }

    static let busyTimeoutSeconds = 5.0
    static let minDatabaseBytes = 512

    static func examine(_ path: String, supports version: Int) throws(StoreError) -> Finding {
        guard try hasContent(path) else { return .absent }
        let found: (application: Int32, version: Int)
        do {
            found = try reading(path).read { db in
                (
                    try Int32.fetchOne(db, sql: "PRAGMA application_id") ?? 0,
                    try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
                )
            }
        } catch let error as DatabaseError
            where error.extendedResultCode == .SQLITE_READONLY_ROLLBACK && UnfinishedBeginning.isAt(path)
        {
            return .absent
        } catch {
            throw StoreError(error, path: path, doing: "open")
        }
        if found == (0, 0), try isEmpty(path) { return .absent }
        guard found.application == Schema.applicationID else {
            throw StoreError(
                .notAState, "\(path) is a database of another program and was left as it is; check `state`")
        }
        guard found.version <= version else {
            throw StoreError(
                .newer,
                "the state \(path) was made by a newer Ballast (version \(found.version), this one knows \(version)) and "
                    + "was left as it is; use that Ballast, or the backup beside it")
        }
        return .state(version: found.version)
    }

    /// False: there is no file, or one without a byte. The file is not opened: closing a second descriptor of it would drop
    /// the locks that SQLite holds for this process.
    private static func hasContent(_ path: String) throws(StoreError) -> Bool {
        var information = stat()
        if stat(path, &information) == 0 {
            guard information.st_mode & S_IFMT == S_IFREG else {
                throw StoreError(.notADatabase, "the state \(path) is no file; check `state`")
            }
            // SQLite takes what is shorter than its smallest page for an empty database, and would write over it.
            guard information.st_size == 0 || information.st_size >= minDatabaseBytes else {
                throw StoreError(.notADatabase, "the state \(path) is no database and was left as it is; check `state`")
            }
            return information.st_size > 0
        }
        if errno == ENOENT { return false }
        throw StoreError(.inaccessible, "cannot open the state \(path): \(String(cString: strerror(errno)))")
    }

    /// A process that died while it made the file leaves a database without tables.
    private static func isEmpty(_ path: String) throws(StoreError) -> Bool {
        do {
            return try reading(path).read { try Int.fetchOne($0, sql: "SELECT count(*) FROM sqlite_schema") == 0 }
        } catch {
            throw StoreError(error, path: path, doing: "open")
        }
    }

    /// A connection that cannot write and never checkpoints: SQLite 3.40 can damage a file where two connections do.
    static func reading(_ path: String) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.label = "state.reader"
        configuration.busyMode = .timeout(busyTimeoutSeconds)
        configuration.prepareDatabase { db in
            try db.execute(sql: "PRAGMA mmap_size = 0; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON")
        }
        return try DatabaseQueue(path: path, configuration: configuration)
    }

    /// A new state may be read by its owner and its group; the files beside it get the same mode from SQLite. Where it can't
    /// be made, opening it says why.
    private static func makePrivate(_ path: String) {
        let descriptor = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o640)
        if descriptor >= 0 { close(descriptor) }
    }

    /// The one connection that writes, with a full sync at every commit.
    static func writing(_ path: String) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.label = "state.writer"
        configuration.busyMode = .timeout(busyTimeoutSeconds)
        configuration.prepareDatabase { db in
            try db.execute(sql: "PRAGMA mmap_size = 0; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON")
        }
        makePrivate(path)
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        try queue.writeWithoutTransaction { db in
            let mode = try String.fetchOne(db, sql: "PRAGMA journal_mode = WAL")
            try db.execute(
                sql: """
                    PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 2000; PRAGMA journal_size_limit = 67108864
                    """)
            let synchronous = try Int.fetchOne(db, sql: "PRAGMA synchronous")
            let full = 2
            guard mode == "wal", synchronous == full else {
                throw StoreError(
                    .failed,
                    "the state \(path) cannot be written safely: journal \(mode ?? "?"), synchronous \(synchronous ?? -1)"
                )
            }
        }
        return queue
    }
}
