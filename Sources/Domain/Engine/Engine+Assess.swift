/// What one bot's remembered and observed state means: its condition, and what is to be done about it.
struct Assessment: Sendable {
    enum Wish: Hashable, Sendable {
        case nothing
        /// Told, not touched.
        case alert
        case rollout
    }

    var state: BotCondition.State
    var `guard`: Guard?
    var message: String
    var cause: DriftCause?
    /// What it is meant to serve.
    var target: String?
    var wish = Wish.nothing

    init(_ state: BotCondition.State, guard: Guard? = nil, _ message: String) {
        self.state = state
        self.guard = `guard`
        self.message = message
    }
}

extension Engine {
    func assess(_ bot: BotRecord) -> Assessment {
        guard let declared = bot.declared else {
            guard bot.pending != nil else { return Assessment(.unmanaged, "no manifest names it") }
            return Assessment(.held, guard: .blastRadius, moveReason(bot))
        }
        if let frozen = bot.frozen {
            return Assessment(
                .invalid, guard: .manifest, frozen.first.map(Engine.place) ?? "its manifest can't be read")
        }
        if let violation = policyViolation(declared) { return Assessment(.invalid, guard: .policy, violation) }
        if !settings.platforms.contains(where: { $0.name == bot.key.platform }) {
            return Assessment(.invalid, guard: .manifest, "platform \(bot.key.platform) is not configured")
        }
        if let unreachable = platforms[bot.key.platform]?.unreachable {
            return Assessment(.unknown, "platform \(bot.key.platform): \(unreachable)")
        }
        guard let observed = bot.observed, staleFeeds.isEmpty || !staleFeeds.contains(FeedKey(bot.key)) else {
            return Assessment(.unknown, "the deployed version could not be observed")
        }
        var assessment = judge(bot, declared, observed)
        assessment.target = bot.meant?.version ?? declared.manifest.spec.version
        return assessment
    }

    private func judge(_ bot: BotRecord, _ declared: Declaration, _ observed: Observation) -> Assessment {
        let target = bot.meant?.version ?? declared.manifest.spec.version
        let isInSync = observed.version == target
        if let id = rolloutOf[bot.key], let rollout = machines[id]?.rollout {
            var running = Engine.assessment(of: rollout)
            running.cause = rollout.cause
            return running
        }
        if let standing = bot.standing, standing.holds {
            let isNewer = standing.target != target
            var frozen = Assessment(isNewer ? .held : standing.state, guard: nil, standing.message)
            frozen.cause = isInSync ? nil : .rollout
            return frozen
        }
        return isInSync ? inSync(bot, target) : drifted(bot, declared, observed, target)
    }

    private func inSync(_ bot: BotRecord, _ target: String) -> Assessment {
        if let failing = firstFailing(bot, target: target, among: [.trust, .suspend, .blastRadius]) {
            return Assessment(Engine.state(of: failing), guard: failing.guard, failing.detail)
        }
        if let failed = bot.quarantine.first(where: { $0.version == target }) {
            return Assessment(
                .degraded,
                "serves \(target), which failed here: \(failed.reason); `ballast release \(bot.name)` accepts it")
        }
        if let meant = bot.meant {
            let wanted = bot.declared?.manifest.spec.version ?? "?"
            return Assessment(.failedOver, "wants \(wanted), serves \(meant.version), \(meant.reason)")
        }
        return Assessment(.inSync, "serves \(target)")
    }

    private func drifted(
        _ bot: BotRecord, _ declared: Declaration, _ observed: Observation, _ target: String
    ) -> Assessment {
        let serves = observed.version.map { "serves \($0)" } ?? "nothing is deployed"
        let cause = driftCause(bot, observed, target)
        let alerts = [
            declared.manifest.spec.mode == .alert || settings.reconcile.mode == .alert,
            cause == .platform && !declared.manifest.spec.selfHeal,
        ]
        var result: Assessment
        if alerts.contains(true) {
            result = Assessment(.drifted, "wants \(target), \(serves); alert only")
            result.wish = .alert
        } else if let failing = firstFailing(bot, target: target, among: Guard.admission) {
            result = Assessment(Engine.state(of: failing), guard: failing.guard, failing.detail)
            if failing.guard == .suspend { result.wish = .alert }
        } else if let standing = bot.standing, standing.outcome == .blocked {
            result = Assessment(.blocked, guard: standing.guard, standing.message)
        } else {
            result = Assessment(.drifted, "wants \(target), \(serves)")
            result.wish = .rollout
        }
        result.cause = cause
        return result
    }

    /// `platform` where it was in sync with what is wanted and somebody else changed it; `rollout` where our attempt failed.
    func driftCause(_ bot: BotRecord, _ observed: Observation, _ target: String) -> DriftCause {
        if bot.quarantine.contains(where: { $0.version == target }) || bot.standing?.target == target {
            return .rollout
        }
        if isOurs(observed, of: bot) { return .manifest }
        return bot.meant != nil || bot.synced == target ? .platform : .manifest
    }

    /// Whether what serves was brought by a rollout of this state; the key tells, else the job, else the version.
    private func isOurs(_ observed: Observation, of bot: BotRecord) -> Bool {
        if let key = observed.idempotencyKey { return key.hasPrefix("ballast-\(stateId)") }
        guard let own = bot.lastDeployment else { return false }
        if let job = observed.jobId { return own.jobIds.contains(job) }
        return observed.version != nil && observed.version == own.version
    }

    static func state(of verdict: GuardVerdict) -> BotCondition.State {
        switch verdict.guard {
        case .manifest, .policy: .invalid
        case .suspend: .suspended
        case .trust, .halt, .blastRadius, .quarantine, .contested: .held
        case .version: .blocked
        case .window, .cooldown, .inFlight, .sessions: verdict.verdict == .block ? .blocked : .waiting
        }
    }

    private static func assessment(of rollout: Rollout) -> Assessment {
        let failing = rollout.guards.first { !$0.passes }
        switch rollout.phase {
        case .planned:
            return Assessment(.progressing, "a rollout to \(rollout.to) is queued")
        case .guarding, .draining:
            if let failing {
                return Assessment(state(of: failing), guard: failing.guard, failing.detail)
            }
            return Assessment(.progressing, "guards are judged for \(rollout.leg.target)")
        case .triggering, .deploying, .ended:
            return Assessment(.progressing, "\(rollout.leg.target) is being deployed")
        case .verifying:
            return Assessment(.progressing, "\(rollout.leg.target) is being verified")
        }
    }
}

extension Standing {
    /// What only a newer commit, a release or a finding ends.
    var holds: Bool { [.degraded, .indeterminate, .timedOut].contains(outcome) }

    var state: BotCondition.State {
        switch outcome {
        case .degraded: .degraded
        case .indeterminate, .timedOut: .indeterminate
        case .blocked: .blocked
        case .failed: .held
        case .failedOver: .failedOver
        case .succeeded, .superseded: .inSync
        }
    }
}
