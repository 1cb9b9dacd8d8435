/// After an observation: every bot's condition is judged anew, and what drifted and may be rolled gets a rollout.
extension Engine {
    mutating func act(on platform: String) {
        observed.insert(platform)
        let members = examined(of: platform)
        for key in members { settleStanding(key) }
        holdWideDrift(platform, members)
        for key in members {
            noteDrift(key)
            refresh(key)
            repeatLasting(key)
        }
        beginRechecks(members)
        beginProbes(members)
        letRest(members)
        sweep(platform)
    }

    /// Drift made on a platform is counted per platform and pass, like a move of the branch.
    private mutating func holdWideDrift(_ platform: String, _ members: [BotKey]) {
        guard let record = platforms[platform] else { return }
        let drifted = members.filter { key in bots[key].map { isDriftedByOthers($0) } ?? false }
        let before = Set(record.driftApproved)
        let open = drifted.filter { !before.contains($0) }
        let isHeld = open.count > settings.reconcile.maxBotsPerCommit
        let held = isHeld ? open : []
        let present = Set(drifted)
        let approved = record.driftApproved.filter { present.contains($0) || rolloutOf[$0] != nil }
        guard held != record.driftHeld || approved != record.driftApproved else { return }
        updatePlatform(platform) {
            $0.driftHeld = held
            $0.driftApproved = approved
        }
        if isHeld, record.driftHeld.isEmpty {
            let names = named(held)
            emit(
                "platform.held", about: .platform(platform), .critical, .pending,
                wideDriftMessage(platform), auditedOn: source.accepted
            ) { event in
                event.botCount = held.count
                event.bots = names
            }
        } else if !isHeld, !record.driftHeld.isEmpty {
            emit(
                "platform.released", about: .platform(platform), .info, .success,
                "the drift on platform \(platform) is no longer held")
        }
    }

    func wideDriftMessage(_ platform: String) -> String {
        "drift on more than \(settings.reconcile.maxBotsPerCommit) bots of platform \(platform); held until "
            + "`ballast approve --drift \(platform)`"
    }

    private func isDriftedByOthers(_ bot: BotRecord) -> Bool {
        guard let declared = bot.declared, bot.frozen == nil, let observed = bot.observed, let target = bot.target,
            observed.version != target, rolloutOf[bot.key] == nil, bot.pending == nil, bot.standing?.holds != true,
            firstFailing(bot, target: target, among: [.suspend, .quarantine, .contested]) == nil
        else { return false }
        let spec = declared.manifest.spec
        let heals = spec.mode == .converge && settings.reconcile.mode == .converge && spec.selfHeal
        return heals && driftCause(bot, observed, target) == .platform
    }

    /// Judges one bot and starts what it needs, on an observation of this process.
    mutating func refresh(_ key: BotKey) {
        guard let bot = bots[key] else { return }
        let assessment = assess(bot)
        if assessment.wish == .rollout, mayStart(bot), let target = assessment.target, let cause = assessment.cause {
            if let reason = contestReason(bot, cause) {
                contest(key, reason)
            } else {
                makeRollout(for: bot, target: target, cause: cause)
            }
            refreshCondition(key)
        } else {
            refreshCondition(of: bot, assessment)
        }
    }

    private func mayStart(_ bot: BotRecord) -> Bool {
        guard settings.purpose == .act, fleet.restored == nil, observed.contains(bot.key.platform),
            rolloutOf[bot.key] == nil
        else { return false }
        return settings.selector?.matches(bot) ?? true
    }

    /// Two hands are at one bot: put back once and changed again, or another Ballast deploys it.
    func contestReason(_ bot: BotRecord, _ cause: DriftCause) -> String? {
        guard bot.contested == nil, !waived(bot).contains(.contested), let observed = bot.observed,
            observed != bot.settled
        else { return nil }
        let by = observed.by.map { " by \($0)" } ?? ""
        let serves = observed.version ?? "nothing"
        if let key = observed.idempotencyKey, key.hasPrefix("ballast-"), !key.hasPrefix("ballast-\(stateId)"),
            let first = fleet.firstLookAt, let at = observed.at, at > first
        {
            return "another Ballast deployed \(serves)\(by); held until a newer commit or `ballast release \(bot.name)`"
        }
        if cause == .platform, let putBack = bot.putBackAt, now.tick < putBack + settings.reconcile.contest {
            return "changed again to \(serves)\(by) after it was put back; held until a newer commit or "
                + "`ballast release \(bot.name)`"
        }
        return nil
    }

    /// Keeps `condition` up to date and tells of the bot's own new reasons.
    mutating func refreshCondition(_ key: BotKey) {
        guard let bot = bots[key] else { return }
        refreshCondition(of: bot, assess(bot))
    }

    private mutating func refreshCondition(of bot: BotRecord, _ assessment: Assessment) {
        let key = bot.key
        // What all bots of a platform share is not written to each of them.
        if assessment.state == .unknown, bot.observed != nil { return }
        if assessment.state == .inSync, bot.meant == nil, let version = bot.declared?.manifest.spec.version,
            bot.synced != version
        {
            update(key) { bot in
                bot.synced = version
                bot.standing = nil
            }
        }
        if bot.drift != nil, rolloutOf[key] == nil, let observed = bot.observed, observed.version == bot.target {
            resolveDrift(key)
        }
        let before = bot.condition
        guard
            before.state != assessment.state || before.guard != assessment.guard
                || before.message != assessment.message
        else { return }
        let since = before.state == assessment.state ? before.since : now.wall
        update(key) {
            $0.condition = BotCondition(
                assessment.state, guard: assessment.guard, message: assessment.message, since: since)
            if assessment.state == .inSync, $0.isFailing == true {
                $0.isFailing = nil
                $0.restoredAt = since
            }
        }
        tellHeldBot(key, assessment, before)
    }

    /// A bot that a guard keeps from ever having a rollout has a state and an event all the same.
    private mutating func tellHeldBot(_ key: BotKey, _ assessment: Assessment, _ before: BotCondition) {
        guard rolloutOf[key] == nil, assessment.state == .held, before.guard != assessment.guard else { return }
        guard assessment.guard == .quarantine else { return }
        if bots[key]?.standing?.outcome == .failed { return }
        emit("rollout.held", about: .bot(key), .warning, .pending, assessment.message) {
            $0.guardName = Guard.quarantine.rawValue
        }
    }
}

extension BotRecord {
    /// What it is meant to serve.
    package var target: String? { meant?.version ?? declared?.manifest.spec.version }
}
