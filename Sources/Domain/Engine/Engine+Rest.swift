/// Which bots a pass has to look through. Ten thousand bots in sync cost a pass nothing: it examines those that something
/// happened to since it found them at rest, and all of them only where something that they share is out of the ordinary.
extension Engine {
    /// What the bots of a platform share lets a bot at rest stay there.
    private func isCalm(_ name: String) -> Bool {
        guard let platform = platforms[name], source.held == nil, fleet.suspension == nil, fleet.restored == nil,
            staleFeeds.isEmpty, logFailure == nil
        else { return false }
        return platform.halted == nil && platform.unreachable == nil && platform.suspension == nil
            && platform.driftHeld.isEmpty && platform.driftApproved.isEmpty
    }

    /// In order.
    mutating func examined(of platform: String) -> [BotKey] {
        guard isCalm(platform) else { return keysInOrder().filter { $0.platform == platform } }
        return restless.filter { $0.platform == platform }.sorted()
    }

    /// The managed bots of an environment, in order.
    mutating func members(of feed: FeedKey) -> [BotKey] {
        keysInOrder().filter { isManaged($0, in: feed) }
    }

    /// Those that the newest jobs of the feed are about, or whose state is not known to be whole.
    func stirred(of feed: FeedKey, by botIds: some Sequence<String>) -> [BotKey] {
        var keys = restless.filter { isManaged($0, in: feed) }
        for botId in botIds {
            let key = BotKey(platform: feed.platform, botId: botId, environment: feed.environment)
            if isManaged(key, in: feed) { keys.insert(key) }
        }
        return keys.sorted()
    }

    private func isManaged(_ key: BotKey, in feed: FeedKey) -> Bool {
        key.platform == feed.platform && key.environment == feed.environment && bots[key]?.isManaged == true
    }

    /// Those that were found in sync, with nothing open, need not be looked at until something happens to them.
    mutating func letRest(_ keys: [BotKey]) {
        for key in keys where rolloutOf[key] == nil && bots[key]?.isAtRest == true { restless.remove(key) }
    }
}

extension BotRecord {
    /// Nothing about it changes by time or by what other bots do.
    fileprivate var isAtRest: Bool {
        guard hasNothingOpen, frozen == nil, openJobs.isEmpty, quarantine.isEmpty, waivers.isEmpty, contested == nil
        else { return false }
        switch condition.state {
        case .unmanaged: return declared == nil
        case .inSync: return observed != nil && observed?.version == target
        default: return false
        }
    }
}
