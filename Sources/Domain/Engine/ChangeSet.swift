/// What the present step touched, with what stood before: only what really changed is written.
struct ChangeSet: Sendable {
    var bots: [BotKey: BotRecord?] = [:]
    var files: [String: FileRecord?] = [:]
    var platforms: [String: PlatformRecord?] = [:]
    var feeds: [FeedKey: FeedRecord?] = [:]
    var moves: [Int: MoveRecord?] = [:]
    var sinks: [String: SinkRecord?] = [:]
    var rollouts: [String: Rollout?] = [:]
    /// Those that ended in this step, as they ended.
    var ended: [String: Rollout] = [:]
    var source: SourceRecord?
    var fleet: FleetRecord?
}

extension Engine {
    mutating func update(_ key: BotKey, _ change: (inout BotRecord) -> Void) {
        guard var bot = bots[key] else { return }
        if changed.bots[key] == nil { changed.bots[key] = .some(bot) }
        change(&bot)
        bots[key] = bot
        tally?.note(bot)
        restless.insert(key)
    }

    mutating func put(_ bot: BotRecord) {
        if changed.bots[bot.key] == nil { changed.bots[bot.key] = .some(bots[bot.key]) }
        bots[bot.key] = bot
        tally?.note(bot)
        restless.insert(bot.key)
    }

    mutating func put(_ file: FileRecord?, at path: String) {
        if changed.files[path] == nil { changed.files[path] = .some(files[path]) }
        files[path] = file
    }

    mutating func updatePlatform(_ name: String, _ change: (inout PlatformRecord) -> Void) {
        if changed.platforms[name] == nil { changed.platforms[name] = .some(platforms[name]) }
        var record = platforms[name] ?? PlatformRecord(name: name)
        change(&record)
        platforms[name] = record
    }

    mutating func put(_ feed: FeedRecord, at key: FeedKey) {
        if changed.feeds[key] == nil { changed.feeds[key] = .some(feeds[key]) }
        feeds[key] = feed
    }

    mutating func put(_ move: MoveRecord) {
        if changed.moves[move.number] == nil { changed.moves[move.number] = .some(moves[move.number]) }
        moves[move.number] = move
    }

    mutating func updateSink(_ name: String, _ change: (inout SinkRecord) -> Void) {
        guard var record = sinks[name] else { return }
        if changed.sinks[name] == nil { changed.sinks[name] = .some(record) }
        change(&record)
        sinks[name] = record
    }

    mutating func updateSource(_ change: (inout SourceRecord) -> Void) {
        if changed.source == nil { changed.source = source }
        change(&source)
    }

    mutating func updateFleet(_ change: (inout FleetRecord) -> Void) {
        if changed.fleet == nil { changed.fleet = fleet }
        change(&fleet)
    }

    /// In a fixed order, so that the same inputs write the same bytes.
    mutating func collectChanges() {
        var changes: [StateChange] = []
        for key in changed.bots.keys.sorted() {
            let before = changed.bots[key].flatMap { $0 }
            if let bot = bots[key] {
                if bot != before { changes.append(.bot(bot)) }
            } else if before != nil {
                changes.append(.removeBot(key))
            }
        }
        for path in changed.files.keys.sorted() {
            let before = changed.files[path].flatMap { $0 }
            if let file = files[path] {
                if file != before { changes.append(.file(file)) }
            } else if before != nil {
                changes.append(.removeFile(path: path))
            }
        }
        for id in changed.rollouts.keys.sorted() {
            if let rollout = machines[id]?.rollout ?? changed.ended[id],
                rollout != changed.rollouts[id].flatMap({ $0 })
            {
                changes.append(.rollout(rollout))
            }
        }
        changes += remaining(changed.platforms, platforms).map(StateChange.platform)
        changes += remaining(changed.feeds, feeds).map(StateChange.feed)
        changes += remaining(changed.moves, moves).map(StateChange.move)
        changes += remaining(changed.sinks, sinks).map(StateChange.sink)
        if let before = changed.source, before != source { changes.append(.source(source)) }
        if let before = changed.fleet, before != fleet { changes.append(.fleet(fleet)) }
        out.transaction.changes = changes
    }

    private func remaining<Key: Comparable & Hashable, Value: Equatable>(
        _ before: [Key: Value?], _ present: [Key: Value]
    ) -> [Value] {
        before.keys.sorted().compactMap { key in
            guard let value = present[key], value != before[key].flatMap({ $0 }) else { return nil }
            return value
        }
    }
}
