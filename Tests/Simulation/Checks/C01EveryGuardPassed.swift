import Domain

/// 1. Nothing is changed on a platform unless every guard passed, or was waived by name, on observations made after the last
/// relevant event: here the guards that ask the platform, and those of time and of the manifest.
struct EveryGuardPassed: Checker {
    let invariant = 1
    /// When each rollout was first seen in the journal.
    private var firstSeen: [String: Int64] = [:]
    /// When the bot's last POST was answered or given up.
    private var lastPost: [BotKey: Int64] = [:]
    private var lastEnd: [BotKey: Tick] = [:]
    /// Their last POST was answered with 401.
    private var renewed: Set<BotKey> = []

    mutating func see(_ sight: Sight, in scene: Scene) -> String? {
        switch sight {
        case .committed(let transactions):
            for case .rollout(let rollout) in transactions.lazy.flatMap(\.changes) { note(rollout, scene) }
            return nil
        case .told(.exchanged(_, let exchange), let sent?):
            guard let key = sent.deploymentKey else { return nil }
            // A 401 is asked once more with renewed credentials: nothing was done, and nothing happened.
            if case .failure(let failure) = exchange.result, failure.kind == .unauthorized {
                renewed.insert(key)
                return nil
            }
            renewed.remove(key)
            lastPost[key] = scene.elapsed
            return nil
        case .sent(let sent):
            guard let request = sent.deployment, let key = sent.deploymentKey,
                let rollout = scene.journal.rollout(sending: request)
            else { return nil }
            let wrong =
                rollout.isFailover ? failover(rollout, scene) : primary(rollout, request, scene)
            return wrong.map { "\(key): \(request.targetVersion) was sent \($0)" }
        default: return nil
        }
    }

    private mutating func note(_ rollout: Rollout, _ scene: Scene) {
        if firstSeen[rollout.id] == nil { firstSeen[rollout.id] = scene.elapsed }
        guard let outcome = rollout.outcome else { return }
        // One that was superseded before anything was sent is no rollout to cool down from.
        if outcome != .superseded || !rollout.jobIds.isEmpty { lastEnd[rollout.key] = scene.now.tick }
    }

    /// Milliseconds that the look at sessions, which comes after that at jobs, may take.
    private static let jobsMayAge: Int64 = 300_000
    /// Milliseconds that a POST may wait for the request budget.
    private static let mayWait: Int64 = 5_000

    private func primary(_ rollout: Rollout, _ request: DeploymentRequest, _ scene: Scene) -> String? {
        let key = rollout.key
        guard let spec = scene.declared(key)?.spec else { return nil }
        func waived(_ one: Guard) -> Bool { scene.people.isWaived(one, key, at: scene.now.tick) }
        if spec.mode == .alert { return "though its manifest only wants alerts" }
        if spec.suspend { return "though its manifest suspends it" }
        if scene.people.isSuspended(key, at: scene.now.tick) { return "though a person suspended it" }
        if let wrong = version(request.targetVersion, rollout, spec.guards, scene) { return wrong }
        if let wrong = jobs(rollout, scene) { return wrong }
        if !waived(.sessions), let wrong = sessions(key, spec.guards, scene) { return wrong }
        if !waived(.window), let window = spec.guards.windows.first,
            window.isClosedDaily(at: scene.now.wall, isReturn: rollout.isReturn)
        {
            return "though its window is closed"
        }
        if !waived(.cooldown), !rollout.isReturn, let last = lastEnd[key], scene.now.tick < last + spec.guards.cooldown
        {
            return "within its cooldown"
        }
        return nil
    }

    private func failover(_ rollout: Rollout, _ scene: Scene) -> String? {
        version(rollout.leg.target, rollout, rollout.settings.guards, scene) ?? jobs(rollout, scene)
    }

    private func version(_ target: String, _ rollout: Rollout, _ guards: Guards, _ scene: Scene) -> String? {
        let id = "\(rollout.key.platform)/\(rollout.key.botId)"
        // The newest look may be that for the same bot in another environment.
        let isShared = scene.world.bots.count { $0.key.botId == rollout.key.botId } > 1
        guard let look = scene.told.versions[id], look.failure == nil || isShared,
            look.answeredAt >= firstSeen[rollout.id] ?? 0
        else { return "without a look at its versions" }
        guard let found = look.versions.first(where: { $0.id == target }) else { return "though it does not exist" }
        let older = isShared ? scene.told.olderVersions[id]?.versions.first { $0.id == target } : nil
        if guards.requirePublished, found.status != "PUBLISHED", older?.status != "PUBLISHED" {
            return "though it is not published"
        }
        if guards.requireEnvironmentMatch, found.environment != rollout.key.environment {
            return "though it belongs to another environment"
        }
        return nil
    }

    private func jobs(_ rollout: Rollout, _ scene: Scene) -> String? {
        let key = rollout.key
        guard scene.world.capabilities[key.platform]?.jobs != false else { return nil }
        guard let look = scene.told.jobs[key], look.answeredAt >= lastPost[key] ?? 0 else {
            return "without a look at jobs after the last event"
        }
        let released = scene.journal.bots[key]?.releasedJobs ?? []
        if look.jobs.contains(where: { !$0.state.hasEnded && !released.contains($0.jobId) }) {
            return "though the last look showed a job in flight"
        }
        let timeout = scene.settings(of: key.platform)?.timeout.milliseconds ?? 30_000
        guard scene.elapsed - look.answeredAt <= Self.jobsMayAge + 2 * (Self.mayWait + timeout) else {
            return "on a look at jobs that is \(scene.elapsed - look.answeredAt) ms old"
        }
        return nil
    }

    private func sessions(_ key: BotKey, _ guards: Guards, _ scene: Scene) -> String? {
        guard let look = scene.told.sessions[key] else { return "without a look at sessions" }
        if let failure = look.failure { return "though the last look at sessions failed: \(failure.kind)" }
        if look.sessions > guards.maxActiveSessions { return "with \(look.sessions) sessions" }
        let timeout = scene.settings(of: key.platform)?.timeout.milliseconds ?? 30_000
        let mayWait = renewed.contains(key) ? 2 * Self.mayWait + timeout : Self.mayWait
        guard look.answeredAt >= lastPost[key] ?? 0, scene.elapsed - look.answeredAt <= mayWait else {
            return "on a look at sessions that is \(scene.elapsed - look.answeredAt) ms old"
        }
        return nil
    }
}
