import GRDB

/// The tables, by version. A migration is never changed once it was released.
struct Schema: Sendable {
    struct Migration: Sendable {
        var sql: String
    }

    /// "BLST": marks a SQLite file as a state of Ballast.
    static let applicationID: Int32 = 0x424C_5354

    /// The n-th leads to version n.
    var migrations: [Migration]

    var version: Int { migrations.count }

    static let current = Schema(migrations: [Migration(sql: initial)])

    /// Documents are JSON in `body`; what is asked for by the verbs stands in columns beside it. Times are milliseconds.
    /// `records` is the journal: rows are added and never changed. A row of `notesDue` goes when its note reached the remote.
    private static let initial = """
        CREATE TABLE meta(key TEXT PRIMARY KEY, value) WITHOUT ROWID;
        CREATE TABLE bots(key TEXT PRIMARY KEY, body TEXT NOT NULL);
        CREATE TABLE files(key TEXT PRIMARY KEY, body TEXT NOT NULL);
        CREATE TABLE documents(kind TEXT NOT NULL, key TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY(kind, key));
        CREATE TABLE rollouts(id TEXT PRIMARY KEY, bot TEXT NOT NULL, started INTEGER NOT NULL, ended INTEGER,
            body TEXT NOT NULL);
        CREATE INDEX rolloutsByBot ON rollouts(bot, started);
        CREATE INDEX rolloutsByStart ON rollouts(started, id);
        CREATE INDEX rolloutsOpen ON rollouts(started) WHERE ended IS NULL;
        CREATE TABLE records(id INTEGER PRIMARY KEY, bot TEXT, rollout TEXT, notedOn TEXT, line TEXT NOT NULL);
        CREATE INDEX recordsByBot ON records(bot, id) WHERE bot IS NOT NULL;
        CREATE INDEX recordsByRollout ON records(rollout, id) WHERE rollout IS NOT NULL;
        CREATE INDEX recordsNoted ON records(id) WHERE notedOn IS NOT NULL;
        CREATE TABLE notesDue(id INTEGER PRIMARY KEY REFERENCES records(id), written INTEGER NOT NULL);
        CREATE TABLE events(id TEXT PRIMARY KEY, type TEXT NOT NULL, stream TEXT NOT NULL, sequence INTEGER NOT NULL,
            bot TEXT, time INTEGER NOT NULL, body TEXT NOT NULL);
        CREATE INDEX eventsByBot ON events(bot, time) WHERE bot IS NOT NULL;
        CREATE INDEX eventsByTime ON events(time);
        CREATE TABLE deliveries(event TEXT NOT NULL REFERENCES events(id), sink TEXT NOT NULL, stream TEXT NOT NULL,
            sequence INTEGER NOT NULL, status TEXT NOT NULL, attempts INTEGER NOT NULL,
            refusals INTEGER NOT NULL, notBefore INTEGER NOT NULL,
            answer TEXT NOT NULL, changedAt INTEGER NOT NULL, PRIMARY KEY(event, sink));
        CREATE INDEX deliveriesByStatus ON deliveries(status, changedAt);
        """

    /// Runs inside a transaction.
    func migrate(_ db: Database, from version: Int) throws {
        for migration in migrations[version...] { try db.execute(sql: migration.sql) }
        try db.execute(sql: "PRAGMA application_id = \(Self.applicationID); PRAGMA user_version = \(self.version)")
    }
}

/// Keys of the table `meta`.
enum Meta {
    static let chainID = "chain.id"
    static let tick = "saved.tick"
    static let wall = "saved.wall"
    /// Up to which record the log is known to be written.
    static let logged = "log.index"

    static func integer(_ db: Database, _ key: String) throws -> Int64? {
        try Int64.fetchOne(
            db.cachedStatement(sql: "SELECT value FROM meta WHERE key = ?"), arguments: [key])
    }

    static func text(_ db: Database, _ key: String) throws -> String? {
        try String.fetchOne(
            db.cachedStatement(sql: "SELECT value FROM meta WHERE key = ?"), arguments: [key])
    }

    static func set(_ db: Database, _ key: String, _ value: some DatabaseValueConvertible) throws {
        try db.cachedStatement(sql: "INSERT INTO meta VALUES(?1, ?2) ON CONFLICT(key) DO UPDATE SET value = ?2")
            .execute(arguments: [key, value])
    }
}
