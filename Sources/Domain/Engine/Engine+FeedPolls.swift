/// With many jobs of ours open, one page of the feed tells of all of them what single polls would cost a request each.
struct FeedPoll: Sendable {
    var nextAt: Tick?
    var page = 1
    var jobs: [JobInfo] = []
}

extension Engine {
    /// More open jobs than this, and the feed is polled instead.
    static let maxPolledJobs = 8
    static let leastFeedPollInterval = Span.milliseconds(250)
    static let mostFeedPollInterval = Span.seconds(5)
    /// Of the rate limit, what these polls may take, as one part in so many: the rest is for what they wait for.
    static let feedPollShare: Int64 = 10
    static let maxFeedPollPages = 20

    /// Once the feed is polled it goes on until no job is open: who was told that the feed would bring its news waits for it.
    func pollsByFeed(_ key: FeedKey) -> Bool {
        let open = openRollouts(key).count
        return open > Engine.maxPolledJobs || (open > 0 && feedPolls[key] != nil)
    }

    private func feedPollInterval(_ key: FeedKey) -> Span {
        guard let limit = settings.platform(key.platform)?.rateLimit else { return Engine.mostFeedPollInterval }
        let share = Span.milliseconds(limit.per.milliseconds * Engine.feedPollShare / Int64(max(1, limit.requests)))
        return min(max(share, Engine.leastFeedPollInterval), Engine.mostFeedPollInterval)
    }

    private func openRollouts(_ key: FeedKey) -> [String] {
        queue.holders.filter { id in
            guard let rollout = machines[id]?.rollout, FeedKey(rollout.key) == key else { return false }
            return rollout.phase == .deploying && rollout.leg.jobId != nil
        }
    }

    mutating func pollFeeds() {
        guard settings.purpose == .act else { return }
        let keys = Set(queue.holders.compactMap { machines[$0].map { FeedKey($0.rollout.key) } })
        for key in keys.sorted() where pollsByFeed(key) {
            guard let poll = feedPolls[key] else {
                feedPolls[key] = FeedPoll(nextAt: now.tick + feedPollInterval(key))
                continue
            }
            guard let nextAt = poll.nextAt, nextAt <= now.tick else { continue }
            feedPolls[key] = FeedPoll(nextAt: nil)
            ask(
                .jobs(botId: nil, environment: key.environment, page: 1), of: key.platform, for: .feedPoll(key),
                isFirstClass: true)
        }
        for key in feedPolls.keys.sorted() where feedPolls[key]?.nextAt != nil && !pollsByFeed(key) {
            feedPolls[key] = nil
        }
    }

    mutating func feedPollAnswered(_ key: FeedKey, _ exchange: PlatformExchange, askedAt: Tick) {
        guard var poll = feedPolls[key] else { return }
        guard case .success(.jobs(let jobs, let page)) = exchange.result else {
            feedPolls[key] = FeedPoll(nextAt: now.tick + feedPollInterval(key))
            return
        }
        poll.jobs += jobs
        let open = openRollouts(key)
        let seen = Set(poll.jobs.map(\.jobId))
        let isMissing = open.contains { id in
            guard let jobId = machines[id]?.rollout.leg.jobId else { return false }
            return !seen.contains(jobId)
        }
        if isMissing, let next = page.next, poll.page < Engine.maxFeedPollPages {
            poll.page = next
            feedPolls[key] = poll
            ask(
                .jobs(botId: nil, environment: key.environment, page: next), of: key.platform, for: .feedPoll(key),
                isFirstClass: true)
            return
        }
        feedPolls[key] = FeedPoll(nextAt: now.tick + feedPollInterval(key))
        let byBot = Dictionary(grouping: poll.jobs) { $0.botId }
        for id in open.sorted() {
            guard let rollout = machines[id]?.rollout, let own = byBot[rollout.key.botId] else { continue }
            drive(id, .feed(own, lookedAt: askedAt))
        }
    }
}
