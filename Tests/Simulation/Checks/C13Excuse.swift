import Domain

/// Why a bot is not where it should be, long after the faults. What the bot's own record says is believed only where the
/// accounts of what really happened say so, too.
struct Excuse {
    let bot: WorldBot
    let spec: Manifest.Spec
    let record: BotRecord
    let scene: Scene

    private var key: BotKey { bot.key }
    private var can: PlatformCapabilities { scene.world.capabilities[key.platform] ?? PlatformCapabilities() }
    private var target: String { record.meant?.version ?? spec.version }
    /// People ended whatever holds a bot after the faults; only in some of the worlds that they repaired they did not.
    private var isAllReleased: Bool { scene.world.isRepaired && scene.world.isReleased }
    /// Without jobs, a platform that names nothing never tells what became of a deployment.
    private var isUntold: Bool { !can.jobs && scene.platform(key.platform)?.serves(key) == nil }

    var isGood: Bool {
        // Part of a move of too many bots: the older manifest stays in force until a person approves, whatever it says.
        if !isAllReleased, scene.accounts.moves.holds(key, scene) { return true }
        return isGoodByItself
    }

    private var isGoodByItself: Bool {
        switch record.condition.state {
        case .waiting, .blocked: isStopped
        case .indeterminate:
            // Without intents, no turn proves anything.
            (!can.intents && !spec.verify.isEmpty) || (isUntold && !isAllReleased)
        case .held: !isAllReleased && isHeld
        case .degraded: !isAllReleased && isDegraded
        case .suspended:
            !scene.world.isRepaired && (spec.suspend || scene.people.isSuspended(key, at: scene.now.tick))
        case .drifted: !scene.world.isRepaired && isLeftAlone
        // The accepted head has a manifest of it that can be read, else nobody would ask.
        case .invalid, .failedOver, .inSync, .progressing, .unknown, .unmanaged: false
        }
    }

    private var isStopped: Bool {
        switch record.condition.guard {
        case .sessions: !can.sessions
        case .window: !scene.world.isRepaired && isWindowClosed
        case .version: !scene.world.isRepaired && !isAllowed
        default: false
        }
    }

    var isWindowClosed: Bool {
        let rollout = scene.journal.open.compactMap { scene.journal.rollouts[$0] }.first { $0.key == key }
        return spec.guards.windows.contains {
            $0.isClosedDaily(at: scene.now.wall, isReturn: rollout?.isReturn ?? false)
        }
    }

    private var isAllowed: Bool {
        let version = scene.platform(key.platform)?.bots.first { $0.key == key }?.version(target)
        return version.map { $0.isPublished || !spec.guards.requirePublished } ?? false
    }

    private var isHeld: Bool {
        switch record.condition.guard {
        case .trust: scene.accounts.head.holds(key)
        case .halt: scene.accounts.halts.halted.contains(key.platform)
        case .blastRadius: isWideDrift
        case .quarantine: hasFailed(target)
        case .contested: scene.accounts.contests.contested.contains(key)
        // A newer commit stands behind a deployment of which nothing can be told.
        case nil: isUntold && record.standing?.mayBeInFlight == true
        default: false
        }
    }

    private func hasFailed(_ version: String) -> Bool {
        scene.accounts.failures.sinceCommit[key]?.contains(version) ?? false
    }

    /// More bots of the platform than one move may roll are not as they should be. Counted anew on every pass.
    private var isWideDrift: Bool {
        guard let platform = scene.platform(key.platform) else { return false }
        let drifted = platform.bots.count { bot in
            guard let spec = scene.declared(bot.key)?.spec, spec.mode == .converge, spec.selfHeal else { return false }
            return platform.serves(bot.key) != scene.journal.bots[bot.key]?.meant?.version ?? spec.version
        }
        return drifted > scene.world.configuration.reconcile.maxBotsPerCommit
    }

    /// Something failed, and no way back was left or it failed, too: that there was none is judged when it happens.
    private var isDegraded: Bool {
        guard let standing = record.standing, standing.outcome == .degraded else { return hasFailed(target) }
        return scene.accounts.failures.ever[key]?.contains(standing.target) ?? false
    }

    /// Told, not touched: any drift, or what others deployed once it had been as its manifest says.
    private var isLeftAlone: Bool {
        if spec.mode == .alert { return true }
        guard !spec.selfHeal, let job = scene.platform(key.platform)?.servingJob(key) else { return false }
        return job.request == nil && scene.told.served[key]?.contains(target) == true
    }

    /// It serves another version than its manifest says because that one failed, or because a person said so.
    var hasFailedOver: Bool {
        guard !scene.world.isRepaired, let meant = record.meant else { return false }
        guard let id = meant.rolloutId else { return scene.people.rolledTo[key] != nil }
        return scene.journal.rollouts[id].map { hasFailed($0.to) } ?? false
    }
}
