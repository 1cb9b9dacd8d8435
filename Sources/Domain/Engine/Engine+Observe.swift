/// What one platform is being asked in the present pass.
struct PlatformObservation: Sendable {
    var feeds: [FeedKey: FeedReading] = [:]
    var bots: Set<BotKey> = []
    /// Whether some environment could be read, and why another could not.
    var hasReadFeed = false
    var failure: String?

    var isDone: Bool { feeds.isEmpty && bots.isEmpty }
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

    /// A platform that is still being observed for an earlier pass is observed again when that is done.
    mutating func beginObserving() {
        pass = .observing
        observingSince = now.tick
        let free = settings.platforms.map(\.name).filter { observing[$0] == nil }
        observeAgain.formUnion(observing.keys)
        for name in free { observing[name] = PlatformObservation() }
        for name in free.sorted() { beginObserving(name) }
        resumeAfterLook()
    }

    private mutating func beginObserving(_ name: String) {
        for key in environments(of: name) { beginFeed(key) }
        askForOpenFates(of: name)
        advance(name)
    }

    /// The environments that some manifest names, held ones included.
    private mutating func environments(of platform: String) -> [FeedKey] {
        var feeds: Set<FeedKey> = []
        var last: FeedKey?
        for key in keysInOrder() where key.platform == platform {
            // Neighbours in order mostly share their environment.
            if let last, last.environment == key.environment { continue }
            let feed = FeedKey(key)
            guard !feeds.contains(feed), bots[key]?.isManaged == true else { continue }
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
        case .failure(let failure): feedFailed(key, failure.message)
        case .success(.jobs(let jobs, let page)):
            let known = known(key)?.newest
            let fresh = jobs.prefix { $0.jobId != known }
            if reading.page > 1, let first = page.first, first == reading.first {
                feedFailed(key, "listDeployments answers the same page twice: it ignores paging")
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
        case .success: feedFailed(key, "the platform's answer does not fit the question")
        }
        advance(key.platform)
    }

    /// One environment that can't be read, such as one that the platform does not know, is no fault of the others.
    private mutating func feedFailed(_ key: FeedKey, _ message: String) {
        staleFeeds.insert(key)
        observing[key.platform]?.feeds[key] = nil
        observing[key.platform]?.failure = message
    }

    private mutating func feedRead(_ key: FeedKey, _ reading: FeedReading, reachesBack: Bool, hasGap: Bool) {
        staleFeeds.remove(key)
        observing[key.platform]?.hasReadFeed = true
        platformRecovered(key.platform)
        let byBot = Dictionary(grouping: reading.jobs) { $0.botId }
        let isNewToAll = reading.isWhole || hasGap
        for bot in isNewToAll ? members(of: key) : stirred(of: key, by: byBot.keys) {
            let own = byBot[bot.botId] ?? []
            if !own.isEmpty { take(own, of: bot, isWhole: false) }
            guard let record = bots[bot] else { continue }
            if record.observed == nil || (hasGap && !own.contains { $0.state == .completed }) {
                if reading.isWhole, reachesBack, own.allSatisfy({ !$0.state.hasEnded || $0.state == .failed }) {
                    observe(bot, Observation(version: nil, jobId: nil, by: nil, at: nil, idempotencyKey: nil))
                } else {
                    askForBot(bot)
                }
            } else if !record.openJobs.isEmpty, standingRollout(of: bot) != nil || rolloutOf[bot] == nil {
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

    /// When a platform's answers are all in, its bots are acted upon; other platforms are not waited for.
    mutating func advance(_ name: String) {
        guard let observation = observing[name], observation.isDone else { return }
        observing[name] = nil
        if let failure = observation.failure, !observation.hasReadFeed { platformUnreachable(name, failure) }
        let wall = now.wall
        if fleet.firstLookAt == nil { updateFleet { $0.firstLookAt = wall } }
        countMoves()
        act(on: name)
        // While the source is looked at, the pass that does so observes everything after.
        guard pass == .observing else { return }
        if observeAgain.remove(name) != nil {
            observing[name] = PlatformObservation()
            return beginObserving(name)
        }
        if observing.isEmpty { endPass() }
    }

    private mutating func endPass() {
        pass = .idle
        lastPassEndedAt = now.tick
        repeatShared()
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
