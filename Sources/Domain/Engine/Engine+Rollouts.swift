/// Drives the rollouts' machines and carries out what they want.
extension Engine {
    mutating func startRollouts() {
        if isStopping || awaitsLook { return }
        while let id = queue.nextToStart() {
            if machines[id] != nil { drive(id, .resume) } else { queue.forget(id) }
        }
        let paused = Set(budgets.filter { _, budget in budget.pausedUntil.map { $0 > now.tick } ?? false }.keys)
        while fleet.restored == nil, let id = queue.nextSlot(isPaused: paused.contains) {
            if machines[id] != nil { drive(id, .slotGranted) } else { queue.forget(id) }
        }
    }

    /// A plan leaves open rollouts as they are: another process may be moving them, and each step could be a mutation.
    mutating func drive(_ id: String, _ event: RolloutEvent) {
        guard settings.purpose == .act, var machine = machines[id] else { return }
        if changed.rollouts[id] == nil { changed.rollouts[id] = .some(machine.rollout) }
        let before = machine.rollout
        var judged = before
        // The newest guards count from this judgement on.
        if case .settingsChanged(let new, _, _) = event { judged.settings = new }
        let effects = machine.handle(event, in: world(for: judged), at: now)
        machines[id] = machine
        if let wakeAt = machine.rollout.wakeAt, wakeAt != before.wakeAt { timers.add(.rollout(id), at: wakeAt) }
        if machine.rollout.leg.asking == nil, machine.rollout.phase != .planned { queue.isNoLongerPreparing(id) }
        if machine.rollout.step != before.step || machine.rollout.hasEnded { withdrawRequests(of: id) }
        for effect in effects { perform(effect, of: id) }
        takeBackPost(of: id, after: event)
        let standsAgain = before.phase == .triggering && [.guarding, .draining].contains(machines[id]?.rollout.phase)
        if standsAgain { takeNewSettings(id) }
        refreshCondition(before.key)
    }

    private mutating func perform(_ effect: RolloutEffect, of id: String) {
        guard let rollout = machines[id]?.rollout ?? changed.ended[id] else { return }
        let key = rollout.key
        switch effect {
        case .ask(let step, let request):
            ask(request, of: key.platform, for: .rollout(id, step: step), isFirstClass: true)
        case .takeSlot: queue.askForSlot(id, on: key.platform)
        case .giveSlot: queue.giveBack(id)
        case .record(let step, let fields): record(rollout, step: step, fields)
        case .waiting(let verdict): tellWaiting(rollout, verdict)
        case .quarantine(let version, let reason): quarantine(key, version, reason, rollout)
        case .verified(let version): remember(key, verified: version)
        case .observed(let observation): observe(key, observation)
        case .openJobs(let jobs): update(key) { $0.openJobs = jobs }
        case .platformRefused(let failure): platformUnreachable(key.platform, failure.message)
        case .platformPaused(let span): budgets[key.platform]?.pause(for: span, at: now.tick)
        case .contested(let reason): contest(key, reason)
        case .started:
            emit(
                "rollout.started", about: .bot(key), .info, .pending,
                "a rollout to \(rollout.to) started"
            ) {
                $0.describe(rollout)
                // It may have ended in the same step.
                $0.rollout?.outcome = nil
                $0.rollout?.endedAt = nil
            }
        case .ended(let outcome, let message): rolloutEnded(id, outcome, message)
        }
    }

    /// A POST that still waits for the request budget is not sent once a newer commit is read, the bot is suspended or its
    /// manifest is gone, or a guard fails (invariants 1 and 6). Only the engine knows that it was not sent.
    private mutating func takeBackPost(of id: String, after event: RolloutEvent) {
        guard let rollout = machines[id]?.rollout, rollout.phase == .triggering, !rollout.isFailover else { return }
        switch event {
        case .newerCommit, .removed, .suspended: break
        case .worldChanged: guard world(for: rollout).admission != nil else { return }
        case .resume, .timer, .slotGranted, .answer, .feed, .settingsChanged, .budgetHeld: return
        }
        let unsent = exchanges.first { _, pending in
            guard case .rollout(id, _) = pending.owner else { return false }
            return pending.request.isMutation && pending.sentAt == nil
        }
        guard let (exchange, pending) = unsent else { return }
        exchanges[exchange] = nil
        budgets[pending.platform]?.remove { $0 == exchange }
        drive(id, .budgetHeld)
    }

    func world(for rollout: Rollout) -> RolloutWorld {
        guard let bot = bots[rollout.key] else { return emptyWorld(rollout) }
        let target = rollout.leg.target
        let (window, cooldown, retryAt) = timeVerdicts(bot, guards: rollout.settings.guards, isReturn: rollout.isReturn)
        let feed = FeedKey(rollout.key)
        var admission = firstFailing(bot, target: target, among: Guard.admission)
        // What was found in flight is adopted whatever became of the guards since.
        if rollout.adopts != nil { admission = nil }
        return RolloutWorld(
            admission: admission, window: window, cooldown: cooldown, retryAt: retryAt, waived: waived(bot),
            capabilities: settings.capabilities[rollout.key.platform] ?? PlatformCapabilities(),
            deployed: bot.observed, openJobs: bot.openJobs, fallbacks: fallbacks(bot, rollout),
            keyPrefix: "ballast-\(stateId)", pollsByFeed: pollsByFeed(feed), jitter: jitter(),
            admitted: Guard.admission.map { verdict(of: $0, bot, target: target) }.filter(\.passes),
            releasedJobs: Set(bot.releasedJobs), driftThreshold: settings.reconcile.driftThreshold)
    }

    private func emptyWorld(_ rollout: Rollout) -> RolloutWorld {
        let pass = GuardVerdict(.window, .pass, "no windows")
        return RolloutWorld(
            admission: GuardVerdict(.manifest, .block, "the bot is unknown"), window: pass,
            cooldown: GuardVerdict(.cooldown, .pass, "no cooldown"), retryAt: nil, waived: [],
            capabilities: PlatformCapabilities(), deployed: nil, openJobs: [], fallbacks: [],
            keyPrefix: "ballast-\(stateId)", pollsByFeed: false, jitter: 0)
    }

    /// Jitter needs no stream of its own: it follows from the step, so that asking for it changes nothing.
    func jitter() -> Double {
        var local = random
        return local.fraction()
    }

    /// Best first; never the version that failed, and, unless the manifest names it, never one that people rejected.
    func fallbacks(_ bot: BotRecord, _ rollout: Rollout) -> [RolloutWorld.Fallback] {
        // The end of an earlier failover, which happens once.
        if rollout.adopts != nil, bot.meant?.version == rollout.to { return [] }
        var found: [RolloutWorld.Fallback] = []
        let bad = Set(bot.quarantine.map(\.version)).union([rollout.to])
        if let named = rollout.settings.fallbackVersion, !bad.contains(named) {
            found.append(RolloutWorld.Fallback(version: named, isNamed: true))
        }
        let own = (bot.verified.reversed() + [bot.synced].compactMap { $0 })
        for version in own where !bad.contains(version) && !bot.rejected.contains(version) {
            if version == rollout.rejects { continue }
            if !found.contains(where: { $0.version == version }) {
                found.append(RolloutWorld.Fallback(version: version, isNamed: false))
            }
        }
        return found
    }

    /// Makes a rollout for a drifted bot that the admission guards let through.
    mutating func makeRollout(for bot: BotRecord, target: String, cause: DriftCause, adopts: String? = nil) {
        guard rolloutOf[bot.key] == nil, let declared = bot.declared, let observed = bot.observed else { return }
        var rollout = Rollout(
            id: random.uuid7(at: now.wall), key: bot.key, name: bot.name, labels: declared.manifest.labels,
            provenance: declared.provenance, cause: cause,
            settings: effectiveSettings(declared, platform: bot.key.platform), from: observed.version, to: target,
            direction: observed.version == nil ? .deployment : .rollback, isReturn: bot.verified.contains(target),
            now: now)
        rollout.adopts = adopts
        let isRetry = isRetry(rollout)
        machines[rollout.id] = RolloutMachine(rollout)
        rolloutOf[bot.key] = rollout.id
        passOf[rollout.id] = passCount
        changed.rollouts[rollout.id] = .some(nil)
        update(bot.key) { bot in
            for position in bot.waivers.indices where bot.waivers[position].rolloutId == nil {
                bot.waivers[position].rolloutId = rollout.id
            }
            bot.standing = nil
        }
        queue.enqueue(rollout.id, on: bot.key.platform, isRetry: isRetry)
    }

    /// Fresh commits go before what was tried or healed.
    func isRetry(_ rollout: Rollout) -> Bool { rollout.cause != .manifest || rollout.adopts != nil }

    private mutating func quarantine(_ key: BotKey, _ version: String, _ reason: String, _ rollout: Rollout) {
        update(key) { bot in
            bot.quarantine.removeAll { $0.version == version }
            bot.quarantine.append(
                Quarantine(
                    version: version, reason: reason, rolloutId: rollout.id,
                    specDigest: bot.declared?.specDigest ?? ""))
        }
    }

    private mutating func remember(_ key: BotKey, verified version: String) {
        update(key) { bot in
            bot.verified.removeAll { $0 == version }
            bot.verified.append(version)
            if bot.verified.count > BotRecord.maxVerifiedVersions { bot.verified.removeFirst() }
        }
    }

    mutating func contest(_ key: BotKey, _ reason: String) {
        guard bots[key]?.contested == nil else { return }
        update(key) { $0.contested = reason }
        emit("bot.contested", about: .bot(key), .critical, .failed, reason, auditedOn: commit(of: key))
    }

    func commit(of key: BotKey) -> CommitID? { bots[key]?.latest?.provenance.commit ?? source.accepted }

    /// Told once for each new reason that is the bot's own; a reason that many share has an event of its own.
    private mutating func tellWaiting(_ rollout: Rollout, _ verdict: GuardVerdict) {
        let shared: Set<Guard> = [.trust, .halt, .blastRadius]
        if shared.contains(verdict.guard) { return }
        if verdict.guard == .suspend, bots[rollout.key]?.suspension == nil { return }
        let type = verdict.verdict == .block ? "rollout.held" : "rollout.waiting"
        emit(type, about: .bot(rollout.key), .warning, .pending, verdict.detail) { event in
            event.guardName = verdict.guard.rawValue
            event.describe(rollout)
        }
    }
}
