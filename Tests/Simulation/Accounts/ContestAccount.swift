package import Domain

/// Bots at which two hands are, and when drift made by others was put back.
package struct ContestAccount: Sendable {
    package private(set) var contested: Set<BotKey> = []
    package private(set) var putBack: [BotKey: Tick] = [:]
    private var specs: [BotKey: Manifest.Spec] = [:]

    mutating func see(_ sight: Sight, in scene: Scene) {
        switch sight {
        case .committed(let transactions):
            // A bot may be contested in the very step in which its manifest comes into force.
            noteSpecs(scene)
            for event in transactions.lazy.flatMap(\.events).map(\.event) where event.type == "bot.contested" {
                if let key = event.bot?.key { contested.insert(key) }
            }
            for case .rollout(let rollout) in transactions.lazy.flatMap(\.changes)
            where rollout.outcome == .succeeded && rollout.cause == .platform {
                putBack[rollout.key] = scene.now.tick
            }
        case .decided(.release(let name)), .decided(.rollbackWithoutGit(let name, _)):
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
            // One that was gone and comes back is a newer commit, too.
            specs[key] = spec
        }
    }
}
