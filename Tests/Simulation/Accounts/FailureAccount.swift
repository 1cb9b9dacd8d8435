package import Domain

/// Versions of which the process heard something that may put them in quarantine: at most these are, and rightly.
package struct FailureAccount: Sendable {
    /// Since the bot's spec changed or a person released it.
    package private(set) var sinceCommit: [BotKey: Set<String>] = [:]
    /// At any time.
    package private(set) var ever: [BotKey: Set<String>] = [:]
    private var specs: [BotKey: Manifest.Spec] = [:]

    mutating func see(_ sight: Sight, in scene: Scene) {
        switch sight {
        case .told(.exchanged(_, let exchange), let sent?): hear(exchange, sent, scene)
        case .committed:
            for (key, record) in scene.journal.bots {
                let spec = record.declared?.manifest.spec
                guard spec != specs[key] else { continue }
                specs[key] = spec
                sinceCommit[key] = nil
            }
        case .decided(.release(let name)):
            if let bot = scene.world.bots.first(where: { $0.name == name }) { sinceCommit[bot.key] = nil }
        case .decided(.rollbackWithoutGit(let name, let version?)):
            if let bot = scene.world.bots.first(where: { $0.name == name }) { sinceCommit[bot.key]?.remove(version) }
        default: break
        }
    }

    private mutating func add(_ version: String, _ key: BotKey) {
        sinceCommit[key, default: []].insert(version)
        ever[key, default: []].insert(version)
    }

    private mutating func hear(_ exchange: PlatformExchange, _ sent: Sent, _ scene: Scene) {
        switch (sent.request, exchange.result) {
        case (.deploy(let request), .failure(let failure)):
            guard let key = sent.deploymentKey else { return }
            switch failure.kind {
            case .invalid, .conflict(.dependencies), .conflict(.unclear): add(request.targetVersion, key)
            default: break
            }
        case (.status(let id), .success(.status(.failed, _))):
            if let rollout = open(scene, where: { $0.leg.jobId == id }) { add(rollout.leg.target, rollout.key) }
        case (.jobs(_, let environment, _), .success(.jobs(let jobs, _))):
            for job in jobs { hear(job, sent.platform, scene) }
            guard case .jobs(let bot?, _, _) = sent.request else { return }
            let key = BotKey(platform: sent.platform, botId: bot, environment: environment)
            servesAnother(key, Observation.latest(in: jobs)?.version, scene)
        case (.deployed(let bot, let environment), .success(.deployed(let version))):
            let key = BotKey(platform: sent.platform, botId: bot, environment: environment)
            servesAnother(key, version, scene)
        case (.test(let bot, let environment, let message), .success(.turn(let turn))):
            let key = BotKey(platform: sent.platform, botId: bot, environment: environment)
            guard let rollout = open(scene, where: { $0.key == key && $0.phase == .verifying }) else { return }
            let target = rollout.leg.target
            let hasFailed = rollout.settings.verify.contains { $0.message == message && turn.fails($0, target) }
            if hasFailed { add(target, key) }
        default: break
        }
    }

    /// A list repeats what ended long ago: it counts where somebody waits for just that job.
    private mutating func hear(_ job: JobInfo, _ platform: String, _ scene: Scene) {
        guard job.state == .failed else { return }
        let key = BotKey(platform: platform, botId: job.botId, environment: job.environment)
        let isAwaited = open(scene) { rollout in
            rollout.key == key
                && (rollout.leg.jobId == job.jobId || (rollout.leg.jobId == nil && rollout.leg.intent != nil))
        }
        if isAwaited != nil { add(job.targetVersion, key) }
    }

    /// The job completed, and what serves is another version.
    private mutating func servesAnother(_ key: BotKey, _ version: String?, _ scene: Scene) {
        guard let version,
            let rollout = open(scene, where: { $0.key == key && [.deploying, .triggering].contains($0.phase) }),
            version != rollout.leg.target
        else { return }
        add(rollout.leg.target, key)
    }

    private func open(_ scene: Scene, where fits: (Rollout) -> Bool) -> Rollout? {
        for id in scene.journal.open {
            if let rollout = scene.journal.rollouts[id], fits(rollout) { return rollout }
        }
        return nil
    }
}

extension TurnAnswer {
    /// A whole answer of that version, and not the one that was expected.
    func fails(_ test: VerifyCase, _ version: String) -> Bool {
        guard versionId == nil || versionId == version, let intent else { return false }
        return intent != test.intent || confidence.map { $0 < test.minConfidence } == true
    }
}
