package import Domain

/// What stands on the disk, kept beside it from what was committed: the journal as somebody from outside reads it.
package struct JournalView: Sendable {
    package var bots: [BotKey: BotRecord] = [:]
    /// Ended ones, too.
    package var rollouts: [String: Rollout] = [:]
    /// Those that have not ended.
    package var open: Set<String> = []
    package var platforms: [String: PlatformRecord] = [:]
    package var source = SourceRecord()
    package var moves: [Int: MoveRecord] = [:]
    package var sinks: [String: SinkRecord] = [:]
    package var fleet = FleetRecord()
    package var files: [String: FileRecord] = [:]
    package var feeds: [FeedKey: FeedRecord] = [:]
    package var events: [String: Event] = [:]
    package var deliveries: [DeliveryKey: DeliveryState] = [:]
    package var recordCount = 0

    package struct DeliveryKey: Hashable, Comparable, Sendable {
        package var event: String
        package var sink: String

        package init(_ event: String, _ sink: String) {
            self.event = event
            self.sink = sink
        }

        package static func < (one: DeliveryKey, other: DeliveryKey) -> Bool {
            (one.event, one.sink) < (other.event, other.sink)
        }
    }

    package mutating func take(_ transaction: Transaction) {
        for change in transaction.changes { take(change) }
        for entry in transaction.events {
            events[entry.event.id] = entry.event
            for sink in entry.sinks {
                deliveries[DeliveryKey(entry.event.id, sink)] = DeliveryState(
                    eventId: entry.event.id, sink: sink, stream: entry.lane(of: sink), sequence: entry.event.sequence,
                    status: .pending, notBefore: transaction.now.tick, answer: "", changedAt: transaction.now.wall)
            }
        }
        for delivery in transaction.deliveries { deliveries[DeliveryKey(delivery.eventId, delivery.sink)] = delivery }
        recordCount += transaction.records.count
    }

    private mutating func take(_ change: StateChange) {
        switch change {
        case .bot(let bot): bots[bot.key] = bot
        case .removeBot(let key): bots[key] = nil
        case .rollout(let rollout):
            rollouts[rollout.id] = rollout
            if rollout.hasEnded { open.remove(rollout.id) } else { open.insert(rollout.id) }
        case .platform(let one): platforms[one.name] = one
        case .source(let record): source = record
        case .move(let move): moves[move.number] = move
        case .sink(let sink): sinks[sink.name] = sink
        case .fleet(let record): fleet = record
        case .file(let file): files[file.path] = file
        case .removeFile(let path): files[path] = nil
        case .feed(let feed): feeds[FeedKey(platform: feed.platform, environment: feed.environment)] = feed
        }
    }

    /// The one that sends this, and whether in its failover.
    package func rollout(sending request: DeploymentRequest) -> Rollout? {
        for id in open {
            if let rollout = rollouts[id], rollout.leg.intent?.request == request { return rollout }
        }
        return nil
    }

    /// What differs from what a new process loaded; nil: nothing.
    package func difference(from stored: StoredState) -> String? {
        for bot in stored.bots where bots[bot.key] != bot { return "bot \(bot.key)" }
        if stored.bots.count != bots.count { return "the number of bots" }
        for rollout in stored.rollouts where rollouts[rollout.id] != rollout { return "rollout \(rollout.id)" }
        if Set(stored.rollouts.map(\.id)) != open { return "the open rollouts" }
        if stored.source != source { return "the source" }
        if by(stored.platforms, \.name) != platforms { return "the platforms" }
        if by(stored.sinks, \.name) != sinks { return "the sinks" }
        if by(stored.files, \.path) != files { return "the files" }
        if by(stored.feeds, { FeedKey(platform: $0.platform, environment: $0.environment) }) != feeds {
            return "the feeds"
        }
        if by(stored.moves, \.number) != moves { return "the moves" }
        if stored.fleet != fleet { return "the fleet" }
        let pending = deliveries.filter { $0.value.status == .pending }
        if by(stored.deliveries, { DeliveryKey($0.eventId, $0.sink) }) != pending { return "the pending deliveries" }
        return nil
    }

    private func by<Key: Hashable, Record>(_ records: [Record], _ key: (Record) -> Key) -> [Key: Record] {
        Dictionary(records.map { (key($0), $0) }) { _, last in last }
    }
}
