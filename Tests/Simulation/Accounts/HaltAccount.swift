import Domain

/// Platforms on which enough different bots failed within a while that nothing more is started there.
package struct HaltAccount: Sendable {
    private var failures: [String: [(key: BotKey, at: Tick)]] = [:]
    package private(set) var halted: Set<String> = []

    mutating func see(_ sight: Sight, in scene: Scene) {
        switch sight {
        case .committed(let transactions):
            for case .rollout(let rollout) in transactions.lazy.flatMap(\.changes) { note(rollout, scene) }
        case .decided(.release(let name)):
            if halted.remove(name) != nil { failures[name] = [] }
        default: break
        }
    }

    private mutating func note(_ rollout: Rollout, _ scene: Scene) {
        guard let outcome = rollout.outcome, [.failed, .failedOver, .degraded, .timedOut].contains(outcome) else {
            return
        }
        let name = rollout.key.platform
        let reconcile = scene.world.configuration.reconcile
        failures[name, default: []].removeAll { $0.key == rollout.key || $0.at + reconcile.haltWithin < scene.now.tick }
        failures[name, default: []].append((rollout.key, scene.now.tick))
        if failures[name, default: []].count >= reconcile.haltFailures { halted.insert(name) }
    }
}
