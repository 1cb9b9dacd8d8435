/// What one bot's own jobs, or those of it in a feed, show.
extension Engine {
    mutating func askForBot(_ key: BotKey) {
        guard observing[key.platform]?.bots.insert(key).inserted == true else { return }
        ask(jobsRequest(key), of: key.platform, for: .bot(key), isFirstClass: false)
    }

    mutating func botAnswered(_ key: BotKey, _ exchange: PlatformExchange) {
        observing[key.platform]?.bots.remove(key)
        switch exchange.result {
        case .success(.deployed(let version)):
            observe(key, Observation(version: version, jobId: nil, by: nil, at: nil, idempotencyKey: nil))
            findStanding(key, serving: version)
        case .success(.jobs(let jobs, let page)):
            if botRead(key, jobs, page) { return }
        case .success, .failure: botPages[key] = nil
        }
        advance(key.platform)
    }

    /// Pages of one bot's own list that are read; what they don't show is unknown.
    static let maxBotPages = 20

    /// - Returns: whether a further page was asked for.
    private mutating func botRead(_ key: BotKey, _ jobs: [JobInfo], _ page: PageInfo) -> Bool {
        let all = (page.page > 1 ? botPages[key] ?? [] : []) + jobs
        botPages[key] = nil
        let isFound = showsEnough(all, of: key)
        guard !isFound, let next = page.next else {
            take(all, of: key, isWhole: true)
            return false
        }
        guard next > page.page, next <= Engine.maxBotPages else {
            if all.contains(where: { $0.state == .completed }) { take(all, of: key, isWhole: false) }
            return false
        }
        botPages[key] = all
        observing[key.platform]?.bots.insert(key)
        ask(
            .jobs(botId: key.botId, environment: key.environment, page: next), of: key.platform, for: .bot(key),
            isFirstClass: false)
        return true
    }

    /// What serves is among them, and what became of a POST whose fate is open.
    private func showsEnough(_ jobs: [JobInfo], of key: BotKey) -> Bool {
        guard jobs.contains(where: { $0.state == .completed }) else { return false }
        guard let standing = bots[key]?.standing, standing.mayBeInFlight else { return true }
        return jobs.contains { standing.isTrace($0) || standing.seenJobIds.contains($0.jobId) }
    }

    /// - Parameter isWhole: these are all jobs that matter, not only what is new.
    mutating func take(_ jobs: [JobInfo], of key: BotKey, isWhole: Bool) {
        let own = jobs.filter { $0.botId == key.botId && $0.environment == key.environment }
        let open = own.filter { !$0.state.hasEnded }
        let ended = Set(own.filter(\.state.hasEnded).map(\.jobId))
        update(key) { bot in
            let kept =
                isWhole
                ? []
                : bot.openJobs.filter { job in
                    !ended.contains(job.jobId) && !open.contains { $0.jobId == job.jobId }
                }
            bot.openJobs = Array((open + kept).prefix(Engine.maxOpenJobs))
        }
        if let latest = Observation.latest(in: own) {
            let known = bots[key]?.observed
            if known?.at.map({ at in (latest.at ?? at) >= at }) ?? true { observe(key, latest) }
        } else if isWhole {
            observe(key, Observation(version: nil, jobId: nil, by: nil, at: nil, idempotencyKey: nil))
        }
        findStanding(key, own, isWhole: isWhole)
    }

    /// Jobs in flight that are remembered for one bot.
    static let maxOpenJobs = 20

    mutating func observe(_ key: BotKey, _ observation: Observation) {
        guard bots[key]?.observed != observation else { return }
        update(key) { bot in
            bot.observed = observation
            // Once something else served, the same again is a change like any other.
            if observation != bot.settled { bot.settled = nil }
        }
        guard let id = standingRollout(of: key), let bot = bots[key], let target = machines[id]?.rollout.to else {
            return
        }
        // Somebody may have brought the target or a third version while the rollout stands before its POST.
        if observation.version != target,
            let reason = contestReason(bot, driftCause(bot, observation, target))
        {
            contest(key, reason)
        }
        drive(id, .worldChanged)
    }

    /// The bot's rollout, where it still stands before its first POST.
    func standingRollout(of key: BotKey) -> String? {
        guard let id = rolloutOf[key], let rollout = machines[id]?.rollout, !rollout.isFailover,
            [.planned, .guarding, .draining].contains(rollout.phase)
        else { return nil }
        return id
    }
}
