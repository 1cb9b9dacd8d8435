import Domain

/// 1. The guards that hold what failed or is fought over: halt, contested.
struct HeldBots: Checker {
    let invariant = 1
    private var failures: [String: [(key: BotKey, at: Tick)]] = [:]
    private var halted: Set<String> = []
    private var contested: Set<BotKey> = []
    private var specs: [BotKey: Manifest.Spec] = [:]
    /// When drift made by others was put back last.
    private var putBack: [BotKey: Tick] = [:]

    mutating func see(_ sight: Sight, in scene: Scene) -> String? {
        switch sight {
        case .committed(let transactions):
            for event in transactions.lazy.flatMap(\.events).map(\.event) where event.type == "bot.contested" {
                if let key = event.bot?.key { contested.insert(key) }
            }
            noteSpecs(scene)
            for case .rollout(let rollout) in transactions.lazy.flatMap(\.changes) { note(rollout, scene) }
        case .decided(let kind): decided(kind, scene)
        case .sent(let sent): return sends(sent, scene)
        default: break
        }
        return nil
    }

    private mutating func decided(_ kind: Decision.Kind, _ scene: Scene) {
        switch kind {
        case .release(let name):
            if halted.remove(name) != nil { failures[name] = [] }
            if let bot = scene.world.bots.first(where: { $0.name == name }) { free(bot.key) }
        case .rollbackWithoutGit(let name, _):
            if let bot = scene.world.bots.first(where: { $0.name == name }) { free(bot.key) }
        default: break
        }
    }

    private mutating func free(_ key: BotKey) {
        contested.remove(key)
        putBack[key] = nil
    }

    private mutating func noteSpecs(_ scene: Scene) {
        for (key, record) in scene.journal.bots {
            let spec = record.declared?.manifest.spec
            if let spec, spec != specs[key] { free(key) }
            specs[key] = spec ?? specs[key]
        }
    }

    private mutating func note(_ rollout: Rollout, _ scene: Scene) {
        guard let outcome = rollout.outcome else { return }
        if outcome == .succeeded, rollout.cause == .platform { putBack[rollout.key] = scene.now.tick }
        guard [.failed, .failedOver, .degraded, .timedOut].contains(outcome) else { return }
        let name = rollout.key.platform
        let reconcile = scene.world.configuration.reconcile
        failures[name, default: []].removeAll { $0.key == rollout.key || $0.at + reconcile.haltWithin < scene.now.tick }
        failures[name, default: []].append((rollout.key, scene.now.tick))
        if failures[name, default: []].count >= reconcile.haltFailures { halted.insert(name) }
    }

    private func sends(_ sent: Sent, _ scene: Scene) -> String? {
        guard let request = sent.deployment, let key = sent.deploymentKey,
            let rollout = scene.journal.rollout(sending: request), !rollout.isFailover
        else { return nil }
        let tick = scene.now.tick
        if halted.contains(key.platform), !scene.people.isWaived(.halt, key, at: tick) {
            return "\(key): \(request.targetVersion) was sent though its platform is halted"
        }
        guard !scene.people.isWaived(.contested, key, at: tick) else { return nil }
        if contested.contains(key) { return "\(key): \(request.targetVersion) was sent though the bot is contested" }
        let within = scene.world.configuration.reconcile.contest
        if rollout.cause == .platform, let last = putBack[key], tick < last + within {
            return "\(key): drift was put back twice within \(within.text), which makes it contested"
        }
        return nil
    }
}
