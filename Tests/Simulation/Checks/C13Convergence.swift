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
        let isApproved = scene.people.approved[head] == true
        if !line.reached, trust.rewrites == .refuse, !isApproved { return nil }
        // What a person approved, and all before it, counts as trusted.
        let open = line.commits.prefix { scene.people.approved[$0.id] != true }
        if trust.signatures == .require, open.contains(where: { !$0.signature.isGood }) { return nil }
        return "the head \(head.short) is not in force, and nothing holds it"
    }

    private func judge(_ bot: WorldBot, _ scene: Scene) -> String? {
        guard let spec = scene.declared(bot.key)?.spec else { return nil }
        guard let record = scene.journal.bots[bot.key] else { return "it is not known at all" }
        let target = record.meant?.version ?? spec.version
        let serves = scene.platform(bot.key.platform)?.serves(bot.key)
        let state = record.condition.state
        let isOpen = scene.journal.open.contains { scene.journal.rollouts[$0]?.key == bot.key }
        let excuse = Excuse(bot: bot, spec: spec, record: record, scene: scene)
        if serves == target, !isOpen {
            if state == .inSync { return nil }
            if state == .failedOver, excuse.hasFailedOver { return nil }
        }
        if excuse.isGood { return nil }
        return "wants \(target), serves \(serves ?? "nothing"), and is \(state.rawValue): \(record.condition.message)"
    }
}
