/// What one platform is being asked in the present pass.
struct PlatformObservation: Sendable {
    var feeds: [FeedKey: FeedReading] = [:]
    var bots: Set<BotKey> = []
    var rechecks: Set<BotKey> = []

    var isDone: Bool { feeds.isEmpty && bots.isEmpty && rechecks.isEmpty }
}

/// How far one environment's deployments were read in the present pass.
struct FeedReading: Sendable {
    var page = 1
    var jobs: [JobInfo] = []
    var first: String?
    /// Nothing was remembered: read to the end.
    var isWhole: Bool
}

/// Observation: the feed of deployments costs one request an environment where nothing changed.
extension Engine {
    /// Pages of one feed that are read before bots are asked one by one.
    static let maxFeedPages = 400

    mutating func beginObserving() {
        pass = .observing
        observing = [:]
        for platform in settings.platforms { observing[platform.name] = PlatformObservation() }
        for key in environments() { beginFeed(key) }
        askForOpenFates()
        for name in observing.keys.sorted() { advance(name) }
    }

    /// The environments that some manifest names, held ones included.
    private mutating func environments() -> [FeedKey] {
        var feeds: Set<FeedKey> = []
        var last: FeedKey?
        for key in keysInOrder() {
            // Neighbours in order mostly share their environment.
            if let last, last.environment == key.environment, last.platform == key.platform { continue }
            let feed = FeedKey(key)
            guard !feeds.contains(feed), observing[key.platform] != nil, bots[key]?.isManaged == true else { continue }
            feeds.insert(feed)
            last = feed
        }
        return feeds.sorted()
    }

    private mutating func beginFeed(_ key: FeedKey) {
        guard settings.capabilities[key.platform]?.jobs != false else {
            for bot in members(of: key) { askForBot(bot) }
            return
        }
        let isWhole = known(key) == nil
        observing[key.platform]?.feeds[key] = FeedReading(isWhole: isWhole)
        ask(
            .jobs(botId: nil, environment: key.environment, page: 1), of: key.platform, for: .feed(key),
            isFirstClass: true)
    }

    /// How far it was read; after a restored backup that does not count.
    private func known(_ key: FeedKey) -> FeedRecord? { fleet.restored == nil ? feeds[key] : nil }

    mutating func feedAnswered(_ key: FeedKey, _ exchange: PlatformExchange) {
        guard var reading = observing[key.platform]?.feeds[key] else { return }
        switch exchange.result {
        case .failure(let failure):
            staleFeeds.insert(key)
            observing[key.platform]?.feeds[key] = nil
            platformUnreachable(key.platform, failure.message)
        case .success(.jobs(let jobs, let page)):
            let known = known(key)?.newest
            let fresh = jobs.prefix { $0.jobId != known }
            if reading.page > 1, let first = page.first, first == reading.first {
                staleFeeds.insert(key)
                observing[key.platform]?.feeds[key] = nil
                platformUnreachable(key.platform, "listDeployments answers the same page twice: it ignores paging")
                break
            }
            reading.jobs += fresh
            reading.first = page.first
            let isCaughtUp = fresh.count < jobs.count
            if !isCaughtUp, let next = page.next, reading.page < Engine.maxFeedPages {
                reading.page = next
                observing[key.platform]?.feeds[key] = reading
                ask(
                    .jobs(botId: nil, environment: key.environment, page: next), of: key.platform, for: .feed(key),
                    isFirstClass: !reading.isWhole)
                return
            }
            observing[key.platform]?.feeds[key] = nil
            feedRead(key, reading, reachesBack: isCaughtUp || page.next == nil, hasGap: known != nil && !isCaughtUp)
        case .success:
            staleFeeds.insert(key)
            observing[key.platform]?.feeds[key] = nil
        }
        advance(key.platform)
    }

    private mutating func feedRead(_ key: FeedKey, _ reading: FeedReading, reachesBack: Bool, hasGap: Bool) {
        staleFeeds.remove(key)
        platformRecovered(key.platform)
        let byBot = Dictionary(grouping: reading.jobs) { $0.botId }
        let isNewToAll = reading.isWhole || hasGap
        for bot in isNewToAll ? members(of: key) : stirred(of: key, by: byBot.keys) {
            let own = byBot[bot.botId] ?? []
            if !own.isEmpty { take(own, of: bot, isWhole: false) }
            guard let record = bots[bot] else { continue }
            if record.observed == nil || (hasGap && own.isEmpty) {
                if reading.isWhole, reachesBack, own.allSatisfy({ !$0.state.hasEnded || $0.state == .failed }) {
                    observe(bot, Observation(version: nil, jobId: nil, by: nil, at: nil, idempotencyKey: nil))
                } else {
                    askForBot(bot)
                }
            } else if !record.openJobs.isEmpty, rolloutOf[bot] == nil {
                askForBot(bot)
            }
        }
        if let newest = reading.jobs.first {
            put(
                FeedRecord(
                    platform: key.platform, environment: key.environment, newest: newest.jobId,
                    newestCreatedAt: newest.createdAt), at: key)
        } else if feeds[key] == nil {
            put(
                FeedRecord(platform: key.platform, environment: key.environment, newest: nil, newestCreatedAt: nil),
                at: key)
        }
    }

    mutating func askForBot(_ key: BotKey) {
        guard observing[key.platform]?.bots.insert(key).inserted == true else { return }
        ask(jobsRequest(key), of: key.platform, for: .bot(key), isFirstClass: false)
    }

    mutating func botAnswered(_ key: BotKey, _ exchange: PlatformExchange) {
        observing[key.platform]?.bots.remove(key)
        switch exchange.result {
        case .success(.deployed(let version)):
            observe(key, Observation(version: version, jobId: nil, by: nil, at: nil, idempotencyKey: nil))
        case .success(.jobs(let jobs, let page)):
            let hasCompleted = jobs.contains { $0.state == .completed }
            if !hasCompleted, let next = page.next, next <= Engine.maxFeedPages {
                observing[key.platform]?.bots.insert(key)
                ask(
                    .jobs(botId: key.botId, environment: key.environment, page: next), of: key.platform, for: .bot(key),
                    isFirstClass: false)
                return
            }
            take(jobs, of: key, isWhole: true)
        case .success, .failure: break
        }
        advance(key.platform)
    }

    /// - Parameter isWhole: these are all jobs that matter, not only what is new.
    private mutating func take(_ jobs: [JobInfo], of key: BotKey, isWhole: Bool) {
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
        update(key) { $0.observed = observation }
    }

    /// When a platform's answers are all in, its bots are acted upon; other platforms are not waited for.
    mutating func advance(_ name: String) {
        guard pass == .observing, observing[name]?.isDone == true else { return }
        observing[name] = nil
        let wall = now.wall
        if fleet.firstLookAt == nil { updateFleet { $0.firstLookAt = wall } }
        countMoves()
        act(on: name)
        if observing.isEmpty { endPass() }
    }

    private mutating func endPass() {
        pass = .idle
        lastPassEndedAt = now.tick
        if passKind == .look { rhythm.observed(at: now.tick, fraction: jitter()) }
        endRestoration()
    }
}

extension Observation {
    /// Deployed is the COMPLETED job with the latest `completedAt`, `createdAt` where absent.
    package static func latest(in jobs: [JobInfo]) -> Observation? {
        let completed = jobs.filter { $0.state == .completed }
        // Jobs come newest first, so that of equal times the first is the later one.
        guard var best = completed.first else { return nil }
        for job in completed.dropFirst() where (job.completedAt ?? job.createdAt) > (best.completedAt ?? best.createdAt)
        {
            best = job
        }
        return Observation(
            version: best.targetVersion, jobId: best.jobId, by: best.createdBy, at: best.completedAt ?? best.createdAt,
            idempotencyKey: best.idempotencyKey)
    }
}
