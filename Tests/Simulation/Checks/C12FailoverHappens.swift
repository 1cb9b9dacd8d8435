import Domain

/// 12, from the other side: where a job or a verification failed and a way back is known, it is gone; and a failover that began
/// sends its deployment, unless what stops it is one of the few things that may.
struct FailoverHappens: Checker {
    let invariant = 12
    /// By bot, versions that were verified here, as it was told.
    private var verified: [BotKey: Set<String>] = [:]
    /// When each failover was first seen, by the engine's clock.
    private var begun: [String: Tick] = [:]
    /// Of which the platform said that it knows no such bot.
    private var unknown: Set<String> = []
    /// What a look after the job's end showed as serving, by rollout.
    private var served: [String: String] = [:]

    mutating func see(_ sight: Sight, in scene: Scene) -> String? {
        switch sight {
        case .told(.exchanged(_, let exchange), let sent?): noteServed(exchange, sent, scene)
        case .committed(let transactions):
            for transaction in transactions {
                for case .rollout(let rollout) in transaction.changes {
                    if rollout.isFailover, begun[rollout.id] == nil { begun[rollout.id] = scene.now.tick }
                    if let wrong = judge(rollout, scene) { return "\(rollout.key): \(wrong)" }
                }
                for event in transaction.events.map(\.event) { noteVerified(event) }
            }
        default: break
        }
        return nil
    }

    private mutating func noteVerified(_ event: Event) {
        guard let key = event.bot?.key else { return }
        if event.type == "rollout.succeeded", let version = event.to { verified[key, default: []].insert(version) }
        if event.type == "rollout.failed-over", let version = event.rollout?.fallback {
            verified[key, default: []].insert(version)
        }
    }

    private mutating func noteServed(_ exchange: PlatformExchange, _ sent: Sent, _ scene: Scene) {
        if case .versions(let bot, _) = sent.request {
            let name = "\(sent.platform)/\(bot)"
            if case .failure(let failure) = exchange.result, failure.kind == .notFound {
                unknown.insert(name)
            } else {
                unknown.remove(name)
            }
        }
        guard let (key, version) = Self.shown(exchange, sent) else { return }
        for id in scene.journal.open {
            guard let rollout = scene.journal.rollouts[id], rollout.key == key, rollout.leg.asking == .readBack else {
                continue
            }
            served[id] = version
        }
    }

    private static func shown(_ exchange: PlatformExchange, _ sent: Sent) -> (BotKey, String)? {
        switch (sent.request, exchange.result) {
        case (.jobs(let bot?, let environment, _), .success(.jobs(let jobs, _))):
            Observation.latest(in: jobs)?.version.map {
                (BotKey(platform: sent.platform, botId: bot, environment: environment), $0)
            }
        case (.deployed(let bot, let environment), .success(.deployed(let version?))):
            (BotKey(platform: sent.platform, botId: bot, environment: environment), version)
        default: nil
        }
    }

    private func judge(_ rollout: Rollout, _ scene: Scene) -> String? {
        guard let outcome = rollout.outcome else { return nil }
        if rollout.isFailover { return outcome == .degraded ? unsent(rollout, scene) : nil }
        guard outcome == .failed || outcome == .degraded, rollout.settings.onFailure == .failover,
            let way = wayBack(rollout, scene)
        else { return nil }
        return "\(rollout.to) failed, and ended as \(outcome.rawValue) though \(way) is known to go back to"
    }

    /// nil: nothing failed that a failover follows, or there is none.
    private func wayBack(_ rollout: Rollout, _ scene: Scene) -> String? {
        // What was found after a failover that had no end is the end of it, and a failover happens once.
        if rollout.adopts != nil, scene.journal.bots[rollout.key]?.meant?.version == rollout.to { return nil }
        let ways: Set<String>
        if rollout.primary.jobFailure != nil {
            // Unknown is no reason to send anything.
            guard let serving = served[rollout.id] else { return nil }
            ways = serving == rollout.to ? open(rollout, scene) : named(rollout).subtracting([serving])
        } else {
            guard rollout.turns.last?.verdict == .failed else { return nil }
            ways = open(rollout, scene)
        }
        let bad = Set(scene.journal.bots[rollout.key]?.quarantine.map(\.version) ?? [])
            .intersection(scene.accounts.failures.sinceCommit[rollout.key] ?? [])
        return ways.subtracting(bad).subtracting([rollout.to]).min()
    }

    private func named(_ rollout: Rollout) -> Set<String> { Set([rollout.settings.fallbackVersion].compactMap { $0 }) }

    /// The manifest's own, and those that were verified or in sync here and that people did not take the bot away from.
    private func open(_ rollout: Rollout, _ scene: Scene) -> Set<String> {
        var rejected = Set(scene.journal.bots[rollout.key]?.rejected ?? [])
        if let version = rollout.rejects { rejected.insert(version) }
        var own = verified[rollout.key] ?? []
        if let version = scene.accounts.syncs.synced[rollout.key] { own.insert(version) }
        return named(rollout).union(own.subtracting(rejected))
    }

    /// A failover that sent nothing and is over: its version may not be rolled out, or `drainTimeout` is.
    private func unsent(_ rollout: Rollout, _ scene: Scene) -> String? {
        guard let leg = rollout.failover, leg.attempt == 0 else { return nil }
        let name = "\(rollout.key.platform)/\(rollout.key.botId)"
        guard !unknown.contains(name) else { return nil }
        let versions = scene.told.versions[name]
        let found = versions?.versions.first { $0.id == leg.target }
        let guards = rollout.settings.guards
        let isAllowed = found.map { version in
            (!guards.requirePublished || version.status == "PUBLISHED")
                && (!guards.requireEnvironmentMatch || version.environment == rollout.key.environment)
        }
        if isAllowed != true { return nil }
        let waited = begun[rollout.id].map { scene.now.tick - $0 } ?? .zero
        if waited >= guards.drainTimeout { return nil }
        return "the failover to \(leg.target) was given up after \(waited.text), and nothing was sent for it"
    }
}
