/// Which bots each commit moves, and how far they are: what one status for many bots is made of. Kept up with every change
/// of a bot, so that an event costs the same for one bot as for ten thousand.
struct CommitTally: Sendable {
    private enum Verdict: Hashable, Sendable { case open, reached, failed }

    private struct Member: Hashable, Sendable {
        var commit: CommitID
        var verdict: Verdict
    }

    private struct Place: Hashable, Sendable {
        var commit: CommitID
        var environment: String
    }

    private struct Count: Sendable {
        var progress = CommitProgress(bots: 0, reached: 0, failed: 0)
        /// The state that each sink was told last.
        var told: [String: CommitStatus.State] = [:]
    }

    private var members: [BotKey: Member] = [:]
    private var places: [Place: Count] = [:]
    private var totals: [CommitID: Int] = [:]
    /// What a bot of these serves is not verified yet.
    private var rolling: Set<BotKey> = []

    init(_ bots: [BotKey: BotRecord], rolling: some Sequence<BotKey>) {
        self.rolling = Set(rolling)
        for bot in bots.values { note(bot) }
    }

    /// To be called after every change of a bot.
    mutating func note(_ bot: BotRecord) {
        let member = bot.latest.map { latest in
            Member(
                commit: latest.provenance.commit,
                verdict: rolling.contains(bot.key) ? .open : CommitTally.verdict(bot, latest))
        }
        set(member, for: bot.key)
    }

    mutating func began(_ bot: BotRecord) {
        rolling.insert(bot.key)
        note(bot)
    }

    /// A rollout ended; its end counts before what it means for the bot is written down.
    mutating func ended(_ bot: BotRecord, _ state: CommitStatus.State) {
        rolling.remove(bot.key)
        note(bot)
        guard var member = members[bot.key] else { return }
        switch state {
        case .success: member.verdict = .reached
        case .failure: member.verdict = .failed
        case .pending, .cancelled: return
        }
        set(member, for: bot.key)
    }

    func bots(of commit: CommitID) -> Int { totals[commit] ?? 0 }

    func progress(of commit: CommitID, in environment: String) -> CommitProgress? {
        places[Place(commit: commit, environment: environment)]?.progress
    }

    /// Whether that sink was told another state last; then it counts as told.
    mutating func isNews(_ state: CommitStatus.State, of commit: CommitID, in environment: String, to sink: String)
        -> Bool
    {
        let place = Place(commit: commit, environment: environment)
        guard places[place] != nil else { return true }
        return places[place]?.told.updateValue(state, forKey: sink) != state
    }

    private static func verdict(_ bot: BotRecord, _ latest: Declaration) -> Verdict {
        switch bot.standing?.outcome {
        case .failed, .degraded, .indeterminate, .timedOut, .failedOver: return .failed
        case .succeeded, .blocked, .superseded, nil: break
        }
        if bot.meant?.rolloutId != nil { return .failed }
        return bot.observed?.version == latest.manifest.spec.version ? .reached : .open
    }

    private mutating func set(_ member: Member?, for key: BotKey) {
        let before = members[key]
        guard before != member else { return }
        members[key] = member
        if let before { add(-1, before, key.environment) }
        if let member { add(1, member, key.environment) }
    }

    private mutating func add(_ number: Int, _ member: Member, _ environment: String) {
        totals[member.commit, default: 0] += number
        if totals[member.commit] == 0 { totals[member.commit] = nil }
        let place = Place(commit: member.commit, environment: environment)
        var count = places[place] ?? Count()
        count.progress.bots += number
        switch member.verdict {
        case .open: break
        case .reached: count.progress.reached += number
        case .failed: count.progress.failed += number
        }
        places[place] = count.progress.bots == 0 ? nil : count
    }
}
