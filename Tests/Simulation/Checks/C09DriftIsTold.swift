import Domain

/// 9. Drift is told when it begins, not again before `repeatInterval`, and its end is told, too.
struct DriftIsTold: Checker {
    let invariant = 9
    /// When it was told last, while it lasts.
    private var toldAt: [BotKey: Tick] = [:]

    mutating func see(_ sight: Sight, in scene: Scene) -> String? {
        switch sight {
        case .committed(let transactions):
            for event in transactions.lazy.flatMap(\.events).map(\.event) {
                guard let key = event.bot?.key, let wrong = note(event.type, key, scene) else { continue }
                return "\(key): \(wrong)"
            }
        case .settled:
            for (key, bot) in scene.journal.bots.inOrder where toldAt[key] != nil && bot.condition.state == .inSync {
                return "\(key): is in sync, and the end of its drift was never told"
            }
        case .finished:
            for (key, bot) in scene.journal.bots.inOrder where toldAt[key] == nil && bot.condition.state == .drifted {
                return "\(key): drifted, and nobody was told: \(bot.condition.message)"
            }
        default: break
        }
        return nil
    }

    private mutating func note(_ type: String, _ key: BotKey, _ scene: Scene) -> String? {
        let tick = scene.now.tick
        switch type {
        case "drift.detected":
            let least = scene.world.configuration.reconcile.repeatInterval
            if let told = toldAt[key], tick < told + least {
                return "the same drift was told twice within \(least.text)"
            }
            toldAt[key] = tick
        case "drift.changed":
            if toldAt[key] == nil { return "a drift changed that was never told" }
            toldAt[key] = tick
        case "drift.resolved":
            if toldAt.removeValue(forKey: key) == nil { return "the end of a drift was told that was never told" }
        default: break
        }
        return nil
    }
}
