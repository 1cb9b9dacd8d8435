import Domain

/// 13. When faults stop, every bot that no guard stops converges, within a bound that is computed (`Bounds`).
struct Convergence: Checker {
    let invariant = 13

    mutating func see(_ sight: Sight, in scene: Scene) -> String? {
        guard case .settled = sight else { return nil }
        return wrong(scene)
    }

    /// nil: every bot is where it should be.
    func wrong(_ scene: Scene) -> String? {
        if let wrong = head(scene) { return wrong }
        for bot in scene.world.bots {
            if let wrong = judge(bot, scene) { return "\(bot.key): \(wrong)" }
        }
        return nil
    }

    /// The newest head is in force, or rightly held.
    private func head(_ scene: Scene) -> String? {
        let branch = scene.branch
        guard let head = branch.head, scene.journal.source.accepted != head else { return nil }
        if scene.world.isRepaired {
            return "the head \(head.short) is not in force, though a person approved what is held"
        }
        let trust = scene.world.configuration.source.trust
        let line = branch.line(from: head, to: scene.journal.source.accepted)
        if !line.reached, trust.rewrites == .refuse { return nil }
        if trust.signatures == .require, line.commits.contains(where: { !$0.signature.isGood }) { return nil }
        return "the head \(head.short) is not in force, and nothing holds it"
    }

    private func judge(_ bot: WorldBot, _ scene: Scene) -> String? {
        guard let spec = scene.declared(bot.key)?.spec else { return nil }
        guard let record = scene.journal.bots[bot.key] else { return "it is not known at all" }
        let target = record.meant?.version ?? spec.version
        let serves = scene.platform(bot.key.platform)?.serves(bot.key)
        let state = record.condition.state
        let isOpen = scene.journal.open.contains { scene.journal.rollouts[$0]?.key == bot.key }
        if serves == target, !isOpen, state == .inSync || state == .failedOver { return nil }
        if isJustified(bot, spec, record, scene) { return nil }
        // Part of a move that would roll too many bots; the older manifest stays in force until a person approves.
        let most = scene.world.configuration.reconcile.maxBotsPerCommit
        if record.pending != nil, !scene.world.isRepaired, scene.world.bots.count > most { return nil }
        return "wants \(target), serves \(serves ?? "nothing"), and is \(state.rawValue): \(record.condition.message)"
    }

    private func isJustified(_ bot: WorldBot, _ spec: Manifest.Spec, _ record: BotRecord, _ scene: Scene) -> Bool {
        let can = scene.world.capabilities[bot.key.platform] ?? PlatformCapabilities()
        let one = record.condition.guard
        switch record.condition.state {
        case .waiting, .blocked:
            switch one {
            case .sessions: return !can.sessions
            case .window: return !scene.world.isRepaired && !spec.guards.windows.isEmpty
            case .version: return !scene.world.isRepaired && !isAllowed(spec, bot, record, scene)
            default: return false
            }
        case .indeterminate:
            // Without jobs, a platform that names nothing never tells what became of a deployment.
            let isUntold = !can.jobs && scene.platform(bot.key.platform)?.serves(bot.key) == nil
            return !can.intents || (isUntold && !scene.world.isRepaired)
        case .held, .degraded, .suspended, .drifted, .invalid, .failedOver:
            if scene.world.isRepaired { return false }
            return isHeld(bot, spec, record, scene)
        case .inSync, .progressing, .unknown, .unmanaged: return false
        }
    }

    private func isHeld(_ bot: WorldBot, _ spec: Manifest.Spec, _ record: BotRecord, _ scene: Scene) -> Bool {
        switch record.condition.state {
        case .held, .degraded:
            guard record.condition.guard == .quarantine || record.condition.state == .degraded else { return true }
            // Without any fault only a version that is not sound comes to that.
            let isCalm = scene.world.rates.rates.isEmpty
            let version = scene.platform(bot.key.platform)?.bots.first { $0.key == bot.key }?.version(spec.version)
            return !isCalm || version?.isSound != true || record.meant != nil
        case .suspended: return spec.suspend || scene.people.isSuspended(bot.key, at: scene.now.tick)
        case .drifted: return spec.mode == .alert || !spec.selfHeal
        case .invalid: return true
        default: return false
        }
    }

    private func isAllowed(_ spec: Manifest.Spec, _ bot: WorldBot, _ record: BotRecord, _ scene: Scene) -> Bool {
        let target = record.meant?.version ?? spec.version
        let version = scene.platform(bot.key.platform)?.bots.first { $0.key == bot.key }?.version(target)
        return version.map { $0.isPublished || !spec.guards.requirePublished } ?? false
    }
}
