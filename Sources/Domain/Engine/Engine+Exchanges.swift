/// A request that waits for the budget or for its answer.
struct PendingExchange: Sendable {
    enum Owner: Hashable, Sendable {
        case rollout(String, step: Int)
        /// A page of an environment's deployments, in a pass.
        case feed(FeedKey)
        /// The same between passes, in place of many status polls.
        case feedPoll(FeedKey)
        /// One bot's own deployments.
        case bot(BotKey)
        /// What blocked or froze a bot is looked at again.
        case recheck(BotKey)
        case probe(BotKey)
    }

    var owner: Owner
    var platform: String
    var request: PlatformRequest
    var isFirstClass: Bool
    var renewCredentials = false
    var tries = 0
    var sentAt: Tick?
}

extension Engine {
    /// Tries of one read within a pass.
    static let maxReadTries = 3
    /// A POST that the budget holds longer than this was judged on observations that are old by now.
    static let maxHeldPost = Span.seconds(5)

    mutating func ask(
        _ request: PlatformRequest, of platform: String, for owner: PendingExchange.Owner, isFirstClass: Bool
    ) {
        lastExchange += 1
        exchanges[lastExchange] = PendingExchange(
            owner: owner, platform: platform, request: request, isFirstClass: isFirstClass)
        budgets[platform]?.enqueue(lastExchange, isFirstClass: isFirstClass, at: now.tick)
        if budgets[platform] == nil {
            let missing = PlatformExchange(
                result: .failure(PlatformFailure(.notSent, "platform \(platform) is not in the configuration")))
            let id = lastExchange
            exchanges[id]?.sentAt = now.tick
            exchanged(id, missing)
        }
    }

    /// Sends what the budgets allow now; a POST that waited too long goes back to its rollout instead.
    mutating func releaseRequests() {
        for name in budgets.keys.sorted() {
            while let released = budgets[name]?.release(at: now.tick), !released.isEmpty {
                for waiting in released { send(waiting, on: name) }
            }
        }
    }

    private mutating func send(_ waiting: RequestBudget.Waiting, on platform: String) {
        guard var pending = exchanges[waiting.exchange] else {
            budgets[platform]?.withdraw(waiting.exchange)
            return
        }
        if pending.request.isMutation, now.tick - waiting.since > Engine.maxHeldPost,
            case .rollout(let id, _) = pending.owner
        {
            exchanges[waiting.exchange] = nil
            budgets[platform]?.withdraw(waiting.exchange)
            drive(id, .budgetHeld)
            return
        }
        pending.sentAt = now.tick
        exchanges[waiting.exchange] = pending
        out.effects.append(
            .exchange(
                id: waiting.exchange, platform: platform, pending.request, renewCredentials: pending.renewCredentials))
    }

    mutating func exchanged(_ id: Int, _ exchange: PlatformExchange) {
        guard let pending = exchanges[id], pending.sentAt != nil else { return }
        budgets[pending.platform]?.answered(id, at: now.tick)
        if case .failure(let failure) = exchange.result {
            if failure.kind == .rateLimited || failure.retryAfter != nil {
                budgets[pending.platform]?.pause(for: failure.retryAfter, at: now.tick)
            }
            if asksAgain(id, pending, failure) { return }
        }
        exchanges[id] = nil
        noteReachability(of: pending.platform, exchange)
        switch pending.owner {
        case .rollout(let rollout, let step):
            drive(rollout, .answer(step: step, exchange, askedAt: pending.sentAt ?? now.tick))
        case .feed(let key): feedAnswered(key, exchange)
        case .feedPoll(let key): feedPollAnswered(key, exchange, askedAt: pending.sentAt ?? now.tick)
        case .bot(let key): botAnswered(key, exchange)
        case .recheck(let key): rechecked(key, exchange)
        case .probe(let key): probed(key, exchange)
        }
    }

    /// A 401 is asked once more with renewed credentials (nothing was done); a read that was limited goes back to the
    /// queue; a read of a pass that broke is tried again after a moment. Rollouts decide for themselves.
    private mutating func asksAgain(_ id: Int, _ pending: PendingExchange, _ failure: PlatformFailure) -> Bool {
        var again = pending
        again.sentAt = nil
        if failure.kind == .unauthorized, !pending.renewCredentials {
            again.renewCredentials = true
            exchanges[id] = again
            budgets[pending.platform]?.enqueue(id, isFirstClass: pending.isFirstClass, at: now.tick)
            return true
        }
        guard !pending.request.isMutation else { return false }
        if failure.kind == .rateLimited {
            exchanges[id] = again
            budgets[pending.platform]?.enqueue(id, isFirstClass: pending.isFirstClass, at: now.tick)
            return true
        }
        if case .rollout = pending.owner { return false }
        let mayPass = failure.kind == .notSent || failure.kind == .lost || failure.kind == .unclear
        guard mayPass, pending.tries + 1 < Engine.maxReadTries else { return false }
        again.tries += 1
        exchanges[id] = again
        timers.add(.retry(exchange: id), at: now.tick + .milliseconds(Int64(again.tries) * 500))
        return true
    }

    /// The pass that made the rollout which wants this exchange.
    package func pass(ofExchange id: Int) -> Int? {
        guard case .rollout(let rollout, _) = exchanges[id]?.owner else { return nil }
        return passOf[rollout]
    }

    mutating func retryNow(_ id: Int) {
        guard let pending = exchanges[id], pending.sentAt == nil else { return }
        budgets[pending.platform]?.enqueue(id, isFirstClass: pending.isFirstClass, at: now.tick)
    }

    /// A rollout that ended or moved on no longer wants its unsent request.
    mutating func withdrawRequests(of rollout: String) {
        let gone = exchanges.filter { _, pending in
            if case .rollout(rollout, _) = pending.owner { pending.sentAt == nil } else { false }
        }
        for (id, pending) in gone {
            exchanges[id] = nil
            budgets[pending.platform]?.remove { $0 == id }
        }
    }

    /// Refused credentials and a missing scope are the platform's trouble, told once, and its end is told too.
    private mutating func noteReachability(of platform: String, _ exchange: PlatformExchange) {
        // While what serves can't be read, other answers do not make the platform one that can be used.
        let isReadable = !staleFeeds.contains { $0.platform == platform }
        switch exchange.result {
        case .success:
            if isReadable { platformRecovered(platform) }
        case .failure(let failure):
            switch failure.kind {
            case .unauthorized, .forbidden: platformUnreachable(platform, failure.message)
            case .notFound, .invalid, .conflict, .unsupported: if isReadable { platformRecovered(platform) }
            case .notSent, .lost, .rateLimited, .unclear: break
            }
        }
    }

    mutating func platformUnreachable(_ name: String, _ message: String) {
        guard platforms[name]?.unreachable == nil else { return }
        updatePlatform(name) { $0.unreachable = message }
        emit("platform.unreachable", about: .platform(name), .critical, .failed, "platform \(name): \(message)")
    }

    mutating func platformRecovered(_ name: String) {
        guard platforms[name]?.unreachable != nil else { return }
        updatePlatform(name) { $0.unreachable = nil }
        emit("platform.recovered", about: .platform(name), .info, .success, "platform \(name) answers again")
    }
}
