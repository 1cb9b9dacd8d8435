/// The durable journal. One writer; everything of one transaction is kept or nothing is.
package protocol Store: Sendable {
    /// Everything the engine needs to go on where the last process stopped.
    func load() async throws -> StoredState
    /// Returns when the transaction is on the disk.
    func commit(_ transaction: Transaction) async throws
    func event(id: String) async throws -> Event?
}

/// What one step of the engine changes; the shell may merge several into one commit.
package struct Transaction: Sendable {
    /// When it was decided; stored, so that elapsed time goes on after a restart.
    package var now: Now
    package var changes: [StateChange] = []
    package var events: [OutboxEntry] = []
    package var records: [AuditDraft] = []
    package var deliveries: [DeliveryState] = []
    /// Notes that are now in the local notes ref, and those that reached the remote.
    package var notesWritten: [Int64] = []
    package var notesPushed: [Int64] = []

    package init(now: Now) { self.now = now }

    package var isEmpty: Bool {
        changes.isEmpty && events.isEmpty && records.isEmpty && deliveries.isEmpty && notesWritten.isEmpty
            && notesPushed.isEmpty
    }
}

/// One document of the state; a later one of the same kind and key replaces the earlier.
package enum StateChange: Sendable {
    case bot(BotRecord)
    case removeBot(BotKey)
    case file(FileRecord)
    case removeFile(path: String)
    case rollout(Rollout)
    case platform(PlatformRecord)
    case feed(FeedRecord)
    case source(SourceRecord)
    case move(MoveRecord)
    case sink(SinkRecord)
    case fleet(FleetRecord)
}

package struct OutboxEntry: Sendable {
    package var event: Event
    /// The sinks whose filters it passes; none: kept for the verbs alone.
    package var sinks: [String]
    /// By sink, where the order of deliveries is another than that of the event's stream.
    package var lanes: [String: String]
    /// The number of the pass that led to it, in this process; not stored.
    package var pass: Int?

    package init(event: Event, sinks: [String], lanes: [String: String] = [:], pass: Int? = nil) {
        self.event = event
        self.sinks = sinks
        self.lanes = lanes
        self.pass = pass
    }

    package func lane(of sink: String) -> String { lanes[sink] ?? event.stream }
}

/// One event's way to one sink.
package struct DeliveryState: Hashable, Codable, Sendable {
    package enum Status: String, Hashable, Codable, Sendable, CaseIterable {
        case pending, delivered, dead
        /// Not sent any more: the sink shows states, and there is a newer one.
        case superseded
    }

    package var eventId: String
    package var sink: String
    /// Deliveries of one stream are in order: the event's, or the commit and context of a status.
    package var stream: String
    package var sequence: Int64
    package var status: Status
    package var schedule: DeliverySchedule
    package var notBefore: Tick
    /// What the sink answered last, at most 1 KiB.
    package var answer: String
    package var changedAt: Timestamp

    package var attempts: Int { schedule.attempts }

    package init(
        eventId: String, sink: String, stream: String, sequence: Int64, status: Status,
        schedule: DeliverySchedule = DeliverySchedule(),
        notBefore: Tick,
        answer: String, changedAt: Timestamp
    ) {
        self.eventId = eventId
        self.sink = sink
        self.stream = stream
        self.sequence = sequence
        self.status = status
        self.schedule = schedule
        self.notBefore = notBefore
        self.answer = answer
        self.changedAt = changedAt
    }
}

/// A record's line that a git note still lacks, here or at the remote.
package struct NoteDue: Hashable, Sendable {
    /// The record's index in the chain.
    package var index: Int64
    package var commit: CommitID
    package var line: String
    package var isWritten: Bool

    package init(index: Int64, commit: CommitID, line: String, isWritten: Bool) {
        self.index = index
        self.commit = commit
        self.line = line
        self.isWritten = isWritten
    }
}

package struct StoredState: Sendable {
    /// The audit chain's id; part of every idempotency key.
    package var id: String
    /// nil: the state is new.
    package var saved: Now?
    package var bots: [BotRecord] = []
    package var files: [FileRecord] = []
    /// Those that have not ended.
    package var rollouts: [Rollout] = []
    package var platforms: [PlatformRecord] = []
    package var feeds: [FeedRecord] = []
    package var source = SourceRecord()
    package var moves: [MoveRecord] = []
    package var sinks: [SinkRecord] = []
    package var fleet = FleetRecord()
    package var deliveries: [DeliveryState] = []
    package var notesDue: [NoteDue] = []

    package init(id: String) { self.id = id }
}
