/// What an ended rollout left open is looked at again on every pass, until a finding, a newer commit or a person ends it.
extension Engine {
    /// A failure that put nothing in quarantine may be tried anew on the next pass.
    mutating func settleStanding(_ key: BotKey) {
        guard let bot = bots[key], !bot.hasNoStanding, let standing = bot.standing, standing.outcome == .failed
        else { return }
        if !bot.quarantine.contains(where: { $0.version == standing.target }) { update(key) { $0.standing = nil } }
    }

    /// Bots of which something of ours may be in flight are asked for one by one.
    mutating func askForOpenFates() {
        for key in restless.filter({ bots[$0]?.standing?.mayBeInFlight == true }).sorted() { askForBot(key) }
    }

    /// The deployments of a bot whose rollout's fate was open: found, its job is adopted without a POST; surely absent, the
    /// bot is free again.
    mutating func findStanding(_ key: BotKey, _ jobs: [JobInfo], isWhole: Bool) {
        guard let bot = bots[key], let standing = bot.standing, standing.mayBeInFlight, rolloutOf[key] == nil else {
            return
        }
        let job = jobs.first { job in
            if job.jobId == standing.jobId { return true }
            if let own = standing.idempotencyKey, let key = job.idempotencyKey { return own == key }
            return standing.jobId == nil && job.targetVersion == standing.target
                && !standing.seenJobIds.contains(job.jobId)
        }
        if let job {
            if standing.outcome == .timedOut, !job.state.hasEnded { return }
            update(key) { $0.standing = nil }
            let isWanted = bot.target == job.targetVersion && standing.target == bot.target
            if isWanted, settings.purpose == .act {
                makeRollout(for: bot, target: job.targetVersion, cause: .rollout, adopts: job.jobId)
            }
        } else if isWhole, standing.jobId == nil, let ended = bot.lastRolloutEndedAt,
            now.tick > ended + (settings.platform(key.platform)?.timeout ?? .seconds(30))
        {
            update(key) { $0.standing = nil }
        }
    }

    /// Guards that blocked, and verifications that proved nothing, are asked again on every pass.
    mutating func beginRechecks(_ members: [BotKey]) {
        guard settings.purpose == .act else { return }
        for key in members {
            guard let bot = bots[key], !bot.hasNoStanding, rolloutOf[key] == nil, let request = recheckRequest(bot) else { continue }
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
        guard let bot = bots[key], let standing = bot.standing, rolloutOf[key] == nil,
            case .success(let answer) = exchange.result
        else { return }
        switch answer {
        case .versions(let versions, let page):
            let guards = bot.declared?.manifest.spec.guards ?? Guards()
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
            if page.next == nil, count <= bot.declared?.manifest.spec.guards.maxActiveSessions ?? 0 { unblock(key) }
        case .turn(let turn):
            guard turn.intent != nil, turn.versionId == nil || turn.versionId == standing.target else { return }
            if let target = bot.target {
                makeRollout(for: bot, target: target, cause: .rollout, adopts: standing.jobId ?? bot.observed?.jobId)
            }
        case .jobs, .deployed, .status, .accepted: break
        }
    }

    private mutating func unblock(_ key: BotKey) {
        update(key) { $0.standing = nil }
        refresh(key)
    }

    /// Within every hour, spread over it, every bot is observed by itself, with at most a quarter of the rate limit.
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
        let isNewRound = now.tick >= sweep.roundStartedAt + Engine.sweepRound
        let rest = isNewRound ? managed : managed.filter { key in sweep.after.map { $0 < key } ?? true }
        let elapsed = Double((now.tick - sweep.lastAt).milliseconds)
        let share = elapsed / Double(Engine.sweepRound.milliseconds) * Double(managed.count)
        let most = elapsed / Double(max(1, limits.per.milliseconds)) * Double(limits.requests) / 4
        let batch = rest.prefix(max(1, Int(min(share, most, Double(limits.requests) / 4).rounded(.up))))
        guard let last = batch.last else { return }
        for key in batch { ask(jobsRequest(key), of: platform, for: .bot(key), isFirstClass: false) }
        let started = isNewRound ? now.tick : sweep.roundStartedAt
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
