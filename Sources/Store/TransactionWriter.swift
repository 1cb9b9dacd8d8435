import Audit
import Domain
import GRDB

/// Turns transactions of the engine into rows, inside one transaction of the database.
struct TransactionWriter {
    let db: Database
    private(set) var chain: ChainWriter
    private let documents = DocumentWriter()

    init(db: Database, chain: ChainWriter) {
        self.db = db
        self.chain = chain
    }

    mutating func write(_ transaction: Transaction) throws {
        for change in transaction.changes { try documents.apply(change, to: db) }
        for draft in transaction.records { try write(draft) }
        for entry in transaction.events { try write(entry, at: transaction.now) }
        for delivery in transaction.deliveries { try write(delivery) }
        for index in transaction.notesWritten {
            try db.cachedStatement(sql: "UPDATE notesDue SET written = 1 WHERE id = ?").execute(arguments: [index])
        }
        for index in transaction.notesPushed {
            try db.cachedStatement(sql: "DELETE FROM notesDue WHERE id = ?").execute(arguments: [index])
        }
    }

    /// When it was decided, so that elapsed time goes on after a restart.
    func stamp(_ now: Now) throws {
        try Meta.set(db, Meta.tick, now.tick.milliseconds)
        try Meta.set(db, Meta.wall, now.wall.milliseconds)
    }

    private mutating func write(_ draft: AuditDraft) throws {
        try Self.insert(try chain.append(draft, firstStep: try firstStep(of: draft)), into: db)
    }

    static func insert(_ line: AuditLine, into db: Database) throws {
        try db.cachedStatement(sql: "INSERT INTO records(id, bot, rollout, notedOn, line) VALUES(?, ?, ?, ?, ?)")
            .execute(arguments: [line.index, line.bot?.column, line.rolloutId, line.notedOn?.hex, line.line])
        if line.notedOn != nil {
            try db.cachedStatement(sql: "INSERT INTO notesDue(id, written) VALUES(?, 0)").execute(arguments: [
                line.index
            ])
        }
    }

    private func firstStep(of draft: AuditDraft) throws -> Int64? {
        guard draft.closesSteps, let rollout = draft.rolloutId else { return nil }
        return try Int64.fetchOne(
            db.cachedStatement(sql: "SELECT min(id) FROM records WHERE rollout = ?"), arguments: [rollout])
    }

    private func write(_ entry: OutboxEntry, at now: Now) throws {
        let event = entry.event
        let sql = "INSERT INTO events(id, type, stream, sequence, bot, time, body) VALUES(?, ?, ?, ?, ?, ?, ?)"
        try db.cachedStatement(sql: sql).execute(arguments: [
            event.id, event.type, event.stream, event.sequence, event.bot?.key.column, event.time.milliseconds,
            try documents.json(event),
        ])
        for sink in entry.sinks {
            try write(
                DeliveryState(
                    eventId: event.id, sink: sink, stream: entry.lane(of: sink), sequence: event.sequence,
                    status: .pending,
                    notBefore: now.tick, answer: "", changedAt: now.wall))
        }
    }

    private func write(_ delivery: DeliveryState) throws {
        let sql = """
            INSERT INTO deliveries(event, sink, stream, sequence, status, attempts, refusals, notBefore, answer,
                changedAt)
            VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) ON CONFLICT(event, sink)
            DO UPDATE SET status = ?5, attempts = ?6, refusals = ?7, notBefore = ?8, answer = ?9, changedAt = ?10
            """
        try db.cachedStatement(sql: sql).execute(arguments: [
            delivery.eventId, delivery.sink, delivery.stream, delivery.sequence, delivery.status.rawValue,
            delivery.attempts, delivery.schedule.refusals, delivery.notBefore.milliseconds, delivery.answer,
            delivery.changedAt.milliseconds,
        ])
    }
}

extension ChainHead {
    /// Where the journal's chain goes on, read from its last record and its last noted one.
    static func stored(_ db: Database) throws -> ChainHead {
        guard let id = try Meta.text(db, Meta.chainID) else {
            throw StoreError(.corrupt, "the state has no id; it is damaged and was left as it is; restore a copy")
        }
        var head = ChainHead(id: id)
        if let last = try record(db, "SELECT id, line FROM records ORDER BY id DESC LIMIT 1") {
            head.nextIndex = last.chain.index + 1
            head.previous = last.chain.hash
        }
        let noted = "SELECT id, line FROM records WHERE notedOn IS NOT NULL ORDER BY id DESC LIMIT 1"
        if let last = try record(db, noted), let note = last.note {
            head.nextNoteIndex = note.index + 1
            head.previousNoted = last.chain.hash
        }
        return head
    }

    /// A damaged end is refused: what would be chained to it could never be proved.
    private static func record(_ db: Database, _ sql: String) throws -> AuditRecord? {
        guard let row = try Row.fetchOne(db, sql: sql) else { return nil }
        let line: String = row[1]
        let index: Int64 = row[0]
        guard let record = AuditLineKind(Array(line.utf8)).record, record.chain.index == index else {
            throw StoreError(
                .corrupt, "the state's audit record \(index) is damaged; it was left as it is; restore a copy")
        }
        return record
    }
}
