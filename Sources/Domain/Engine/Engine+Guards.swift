/// The guards that need no request, judged on what is remembered: all that stand before the platform is asked anything.
extension Guard {
    /// What has to pass before a rollout is made.
    static let admission: [Guard] = [
        .manifest, .policy, .trust, .suspend, .halt, .blastRadius, .quarantine, .contested,
    ]
}

extension Engine {
    /// - Returns: the first that fails and was not waived; nil where all pass.
    func firstFailing(_ bot: BotRecord, target: String, among guards: [Guard]) -> GuardVerdict? {
        for one in guards {
            guard reason(of: one, bot, target: target) != nil else { continue }
            let verdict = verdict(of: one, bot, target: target)
            if !verdict.passes { return verdict }
        }
        return nil
    }

    /// nil: it passes.
    private func reason(of one: Guard, _ bot: BotRecord, target: String) -> String? {
        switch one {
        case .manifest:
            bot.frozen.map { $0.first.map(Engine.place) ?? "its manifest can't be read" }
                ?? (bot.declared == nil ? "no manifest is in force" : nil)
        case .policy: bot.declared.flatMap(policyViolation)
        case .trust: trustReason(bot.key)
        case .suspend: suspensionReason(bot)
        case .halt: haltReason(bot.key.platform)
        case .blastRadius: blastReason(bot)
        case .quarantine:
            bot.quarantine.first { $0.version == target }.map { "\(target) is in quarantine: \($0.reason)" }
        case .contested: bot.contested
        case .window, .cooldown, .version, .inFlight, .sessions: nil
        }
    }

    func verdict(of one: Guard, _ bot: BotRecord, target: String) -> GuardVerdict {
        let reason = reason(of: one, bot, target: target)
        let isWaived = reason != nil && waived(bot).contains(one)
        return GuardVerdict(one, reason == nil ? .pass : .block, reason ?? "passes", waived: isWaived)
    }

    func waived(_ bot: BotRecord) -> Set<Guard> {
        if bot.waivers.isEmpty { return [] }
        var found = Set(
            bot.waivers.filter { waiver in
                waiver.until > now.tick && (waiver.rolloutId == nil || waiver.rolloutId == rolloutOf[bot.key])
            }.map(\.guard))
        // A log that has to be written, and cannot be, stands in the place of a halt: nobody waived that.
        if settings.audit.required, logFailure != nil { found.remove(.halt) }
        return found
    }

    func policyViolation(_ declaration: Declaration) -> String? {
        settings.policy.violations(of: declaration.manifest, path: declaration.path).first
    }

    private func trustReason(_ key: BotKey) -> String? {
        guard let held = source.held, held.rewritten || held.bots.holdsSorted(key) else { return nil }
        return "\(held.message); held until `ballast approve \(held.head.short)`"
    }

    private func suspensionReason(_ bot: BotRecord) -> String? {
        if bot.declared?.manifest.spec.suspend == true { return "suspended by its manifest" }
        let ofPlatform = platforms[bot.key.platform]?.suspension
        if bot.suspension == nil, ofPlatform == nil, fleet.suspension == nil { return nil }
        let active = [bot.suspension, ofPlatform, fleet.suspension].compactMap { $0 }.first { suspension in
            suspension.until.map { $0 > now.tick } ?? true
        }
        return active.map { "suspended by \($0.by): \($0.reason)" }
    }

    private func haltReason(_ platform: String) -> String? {
        if settings.audit.required, let logFailure {
            return "the audit log can't be written: \(logFailure)"
        }
        return platforms[platform]?.halted
    }

    private func blastReason(_ bot: BotRecord) -> String? {
        if bot.pending != nil { return moveReason(bot) }
        guard let platform = platforms[bot.key.platform], platform.driftHeld.holdsSorted(bot.key) else { return nil }
        return "drift on more bots of platform \(platform.name) than \(settings.reconcile.maxBotsPerCommit); "
            + "held until `ballast approve --drift \(platform.name)`"
    }

    func moveReason(_ bot: BotRecord) -> String {
        guard let pending = bot.pending, let move = moves[pending.move] else { return "held" }
        if move.status == .uncounted {
            return "commit \(move.head.short) can't be counted before all its bots are observed"
        }
        return "commit \(move.head.short) would roll more than \(settings.reconcile.maxBotsPerCommit) bots; "
            + "held until `ballast approve \(move.head.short)`"
    }

    /// Window and cooldown, with the earliest tick at which the failing one could pass.
    func timeVerdicts(_ bot: BotRecord, guards: Guards, isReturn: Bool) -> (GuardVerdict, GuardVerdict, Tick?) {
        let isWaived = waived(bot)
        var retryAt: Tick?
        let hasWindows = !guards.windows.isEmpty || !guards.policyWindows.isEmpty
        var window = GuardVerdict(.window, .pass, hasWindows ? "open" : "no windows")
        if hasWindows,
            case .closed(let next, let because) = WindowSet(guards, zones: tools.zones)
                .judge(at: now.wall, isReturn: isReturn)
        {
            let isPassed = isWaived.contains(.window)
            window = GuardVerdict(.window, .wait, because.words, until: next, waived: isPassed)
            if !isPassed {
                let wait = next.map { max(0, $0.milliseconds - now.wall.milliseconds) } ?? Engine.maxWindowSleep
                retryAt = now.tick + .milliseconds(min(wait, Engine.maxWindowSleep))
            }
        }
        var cooldown = GuardVerdict(.cooldown, .pass, "long enough since the last rollout")
        if !isReturn, let last = bot.lastRolloutEndedAt, now.tick < last + guards.cooldown {
            let isPassed = isWaived.contains(.cooldown)
            let until = now.wall.advanced(by: last + guards.cooldown - now.tick)
            cooldown = GuardVerdict(
                .cooldown, .wait, "less than the cooldown since the last rollout", until: until, waived: isPassed)
            if !isPassed { retryAt = max(retryAt ?? last + guards.cooldown, last + guards.cooldown) }
        }
        return (window, cooldown, retryAt)
    }

    /// Windows are wall-clock time, which can jump: they are looked at again at least this often, in milliseconds.
    static let maxWindowSleep: Int64 = 3_600_000
}

extension [BotKey] {
    /// A search by halves: a hold over thousands of bots is asked about for each of them.
    fileprivate func holdsSorted(_ key: BotKey) -> Bool {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if self[middle] < key { low = middle + 1 } else { high = middle }
        }
        return low < count && self[low] == key
    }
}

extension Window {
    /// In the words of the manifest.
    var words: String { "the \(kind.rawValue) window `\(schedule)` (\(duration.text), \(timeZone))" }
}
