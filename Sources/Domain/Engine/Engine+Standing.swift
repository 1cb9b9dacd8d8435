/// What an ended rollout left open is looked at again on every pass, until a finding, a newer commit or a person ends it.
extension Engine {
    /// A failure that put nothing in quarantine may be tried anew on the next pass.
    mutating func settleStanding(_ key: BotKey) {
        guard let bot = bots[key], !bot.hasNoStanding, let standing = bot.standing, standing.outcome == .failed
        else { return }
        if !bot.quarantine.contains(where: { $0.version == standing.target }) { update(key) { $0.standing = nil } }
    }

    /// Bots of which something of ours may be in flight are asked for one by one.
    mutating func askForOpenFates(of platform: String) {
        let open = restless.filter { $0.platform == platform && bots[$0]?.standing?.mayBeInFlight == true }
        for key in open.sorted() { askForBot(key) }
    }

    /// The deployments of a bot whose rollout's fate was open: found, its job is adopted without a POST; surely absent, the
    /// bot is free again.
    mutating func findStanding(_ key: BotKey, _ jobs: [JobInfo], isWhole: Bool) {
        guard let bot = bots[key], let standing = bot.standing, standing.mayBeInFlight, rolloutOf[key] == nil else {
            return
        }
        if let job = jobs.first(where: standing.isTrace) {
            if standing.outcome == .timedOut, !job.state.hasEnded { return }
            adopt(job.jobId, of: key, standing)
        } else if isWhole, standing.jobId == nil, isLongAgo(bot) {
            update(key) { $0.standing = nil }
        }
    }

    /// The same on a platform without jobs: what serves is all that it can tell. Where it names nothing, nothing is told.
    mutating func findStanding(_ key: BotKey, serving version: String?) {
        guard let bot = bots[key], let standing = bot.standing, standing.mayBeInFlight, rolloutOf[key] == nil else {
            return
        }
        if version == standing.awaited {
            adopt(Rollout.whatServes, of: key, standing)
        } else if version != nil, isLongAgo(bot) {
            update(key) { $0.standing = nil }
        }
    }

    private func isLongAgo(_ bot: BotRecord) -> Bool {
        guard let ended = bot.lastRolloutEndedAt else { return false }
        return now.tick > ended + (settings.platform(bot.key.platform)?.timeout ?? .seconds(30))
    }

    /// A new rollout takes the job up, where what it brings is still wanted: the target, or the fallback of a failover whose
    /// failed version still is in quarantine.
    private mutating func adopt(_ jobId: String, of key: BotKey, _ standing: Standing) {
        update(key) { $0.standing = nil }
        guard settings.purpose == .act, let bot = bots[key], bot.target == standing.target else { return }
        if let fallback = standing.fallback {
            guard bot.quarantine.contains(where: { $0.version == standing.target }) else { return }
            update(key) { $0.mean(fallback, because: standing.message, rolloutId: standing.rolloutId) }
        }
        makeRollout(for: bot, target: standing.awaited, cause: .rollout, adopts: jobId)
    }

    /// Guards that blocked, and verifications that proved nothing, are asked again on every pass.
    mutating func beginRechecks(_ members: [BotKey]) {
        guard settings.purpose == .act else { return }
        for key in members {
            guard let bot = bots[key], !bot.hasNoStanding, rolloutOf[key] == nil, let request = recheckRequest(bot)
            else { continue }
            ask(request, of: key.platform, for: .recheck(key), isFirstClass: false)
        }
    }

    private func recheckRequest(_ bot: BotRecord) -> PlatformRequest? {
        guard let standing = bot.standing, let declared = bot.declared, standing.target == bot.target else {
            return nil
        }
        switch (standing.outcome, standing.guard) {
        case (.blocked, .version): return .versions(botId: bot.key.botId, page: 1)
        case (.blocked, .sessions):
            return .sessions(botId: bot.key.botId, environment: bot.key.environment, page: 1)
        case (.indeterminate, _):
            guard !standing.mayBeInFlight, let first = declared.manifest.spec.verify.first else { return nil }
            return .test(botId: bot.key.botId, environment: bot.key.environment, message: first.message)
        default: return nil
        }
    }

    mutating func rechecked(_ key: BotKey, _ exchange: PlatformExchange) {
        guard let bot = bots[key], let standing = bot.standing, rolloutOf[key] == nil, let declared = bot.declared,
            case .success(let answer) = exchange.result
        else { return }
        let guards = effectiveSettings(declared, platform: key.platform).guards
        switch answer {
        case .versions(let versions, let page):
            let verdict = VersionJudge.verdict(
                standing.target, among: versions, guards: guards, environment: key.environment)
            if verdict.passes {
                unblock(key)
            } else if !versions.contains(where: { $0.id == standing.target }), let next = page.next,
                next <= Engine.maxFeedPages
            {
                ask(.versions(botId: key.botId, page: next), of: key.platform, for: .recheck(key), isFirstClass: false)
            }
        case .sessions(let count, let page):
            let seen = (page.page > 1 ? recheckedSessions[key] ?? 0 : 0) + max(0, count)
            recheckedSessions[key] = nil
            guard seen <= guards.maxActiveSessions else { return }
            guard let next = page.next else { return unblock(key) }
            guard next > page.page, next <= Engine.maxFeedPages else { return }
            recheckedSessions[key] = seen
            let request = PlatformRequest.sessions(botId: key.botId, environment: key.environment, page: next)
            ask(request, of: key.platform, for: .recheck(key), isFirstClass: false)
        case .turn(let turn):
            if let serves = bot.observed?.version, serves != standing.awaited, turn.versionId == serves {
                // The platform and the bot itself say so: what could not be verified is gone, and this is drift.
                return unblock(key)
            }
            guard turn.intent != nil, turn.versionId == nil || turn.versionId == standing.awaited else { return }
            adopt(standing.jobId ?? bot.observed?.jobId ?? Rollout.whatServes, of: key, standing)
        case .jobs, .deployed, .status, .accepted: break
        }
    }

    private mutating func unblock(_ key: BotKey) {
        update(key) { $0.standing = nil }
        refresh(key)
    }

    /// Within every hour, spread over it, every bot is observed by itself, with at most a quarter of the rate limit: where
    /// that is not enough, a round takes longer.
    mutating func sweep(_ platform: String) {
        guard settings.purpose == .act, let limits = settings.platform(platform)?.rateLimit else { return }
        let known = platforms[platform]?.sweep
        if let known, now.tick < known.lastAt + Engine.sweepPause { return }
        let managed = keysInOrder().filter { $0.platform == platform && bots[$0]?.isManaged == true }
        guard let sweep = known else {
            // The first observation saw them all.
            let seen = PlatformRecord.Sweep(roundStartedAt: now.tick, lastAt: now.tick, after: managed.last)
            updatePlatform(platform) { $0.sweep = seen }
            return
        }
        guard !managed.isEmpty else { return }
        var rest = managed.filter { key in sweep.after.map { $0 < key } ?? true }
        var started = sweep.roundStartedAt
        if rest.isEmpty, now.tick >= started + Engine.sweepRound { (rest, started) = (managed, now.tick) }
        let elapsed = Double((now.tick - sweep.lastAt).milliseconds)
        let share = elapsed / Double(Engine.sweepRound.milliseconds) * Double(managed.count)
        let quarter = Double(limits.requests) / 4
        let most = min(elapsed / Double(max(1, limits.per.milliseconds)) * quarter, max(1, quarter))
        let batch = rest.prefix(min(Int(share.rounded(.up)), Int(most)))
        guard let last = batch.last else { return }
        for key in batch { ask(jobsRequest(key), of: platform, for: .bot(key), isFirstClass: false) }
        let next = PlatformRecord.Sweep(roundStartedAt: started, lastAt: now.tick, after: last)
        updatePlatform(platform) { $0.sweep = next }
    }

    static let sweepRound = Span.hours(1)
    /// A pass right after another sweeps nothing.
    static let sweepPause = Span.minutes(1)

    func jobsRequest(_ key: BotKey) -> PlatformRequest {
        settings.capabilities[key.platform]?.jobs == false
            ? .deployed(botId: key.botId, environment: key.environment)
            : .jobs(botId: key.botId, environment: key.environment, page: 1)
    }
}
