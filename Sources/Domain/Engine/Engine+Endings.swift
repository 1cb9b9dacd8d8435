/// What the end of a rollout means for its bot, its platform and the next pass.
extension Engine {
    mutating func rolloutEnded(_ id: String, _ outcome: Outcome, _ message: String) {
        guard let rollout = machines[id]?.rollout else { return }
        machines[id] = nil
        rolloutOf[rollout.key] = nil
        queue.forget(id)
        keepEnded(rollout)
        withdrawRequests(of: id)
        let now = now
        update(rollout.key) { bot in
            bot.waivers.removeAll { $0.rolloutId == id }
            if outcome != .superseded || !rollout.jobIds.isEmpty { bot.lastRolloutEndedAt = now.tick }
            bot.take(rollout, outcome, message)
            if outcome == .succeeded, rollout.cause == .platform { bot.putBackAt = now.tick }
        }
        tellEnd(rollout, outcome, message)
        passOf[id] = nil
        countFailure(rollout, outcome)
        refresh(rollout.key)
    }

    /// Ended rollouts that a one-shot prints at its end; they are in the store, too.
    static let maxEndedKept = 20_000

    mutating func keepEnded(_ rollout: Rollout) {
        changed.ended[rollout.id] = rollout
        guard settings.intervals == nil, ended.count < Engine.maxEndedKept else { return }
        ended.append(rollout)
    }

    private mutating func tellEnd(_ rollout: Rollout, _ outcome: Outcome, _ message: String) {
        let (severity, status): (Severity, Event.Status) =
            switch outcome {
            case .succeeded: (.info, .success)
            case .superseded: (.info, .pending)
            case .blocked: (.warning, .pending)
            case .failedOver, .failed, .timedOut: (.error, .failed)
            case .degraded, .indeterminate: (.critical, .failed)
            }
        emit("rollout.\(outcome.rawValue)", about: .bot(rollout.key), severity, status, message) { event in
            event.describe(rollout)
            if outcome == .blocked { event.guardName = rollout.blocking?.guard.rawValue }
        }
    }

    /// Different bots whose rollouts failed on their own halt the platform; a failed failover is not counted twice.
    private mutating func countFailure(_ rollout: Rollout, _ outcome: Outcome) {
        guard [.failed, .failedOver, .degraded, .timedOut].contains(outcome) else { return }
        let name = rollout.key.platform
        let within = settings.reconcile.haltWithin
        let now = now
        updatePlatform(name) { platform in
            platform.failures.removeAll { $0.bot == rollout.key || $0.at + within < now.tick }
            platform.failures.append(PlatformRecord.Failure(bot: rollout.key, at: now.tick))
        }
        guard let platform = platforms[name], platform.halted == nil,
            platform.failures.count >= settings.reconcile.haltFailures
        else { return }
        let reason =
            "platform \(name) is halted after rollouts of \(settings.reconcile.haltFailures) bots failed; "
            + "`ballast release \(name)` ends it"
        updatePlatform(name) { $0.halted = reason }
        emit("platform.halted", about: .platform(name), .critical, .failed, reason, auditedOn: source.accepted)
        worldChangedForAll()
    }
}

extension BotRecord {
    /// What the bot is meant to serve, and what holds it, from here on.
    mutating func take(_ rollout: Rollout, _ outcome: Outcome, _ message: String) {
        standing = nil
        // A commit that superseded it may have named that version again.
        if outcome != .superseded, let version = rollout.rejects { reject(version) }
        if !rollout.jobIds.isEmpty {
            lastDeployment = OwnDeployment(version: rollout.leg.target, jobIds: rollout.jobIds)
        }
        if let failing = outcome.leavesFailing(rollout.cause) { isFailing = failing ? true : nil }
        switch outcome {
        case .succeeded:
            if rollout.to == declared?.manifest.spec.version { meant = nil }
        case .failedOver:
            // Where the quarantine was lifted meanwhile, the version is tried again.
            if let fallback = rollout.fallback, quarantine.contains(where: { $0.version == rollout.to }) {
                mean(fallback, because: message, rolloutId: rollout.id)
            }
        case .superseded: break
        case .blocked, .failed, .degraded, .indeterminate, .timedOut:
            let leg = rollout.leg
            var held = Standing(
                outcome: outcome, rolloutId: rollout.id, target: rollout.to, message: message,
                mayBeInFlight: outcome == .timedOut || (outcome == .indeterminate && leg.verifyingSince == nil),
                jobId: leg.jobId)
            held.fallback = rollout.failover?.target
            held.guard = outcome == .blocked ? rollout.blocking?.guard : nil
            held.idempotencyKey = leg.intent?.request.idempotencyKey
            held.seenJobIds = leg.intent?.seenJobIds ?? []
            standing = held
        }
    }

    /// After a failover the bot is meant to serve the fallback.
    mutating func mean(_ fallback: String, because message: String, rolloutId: String) {
        let isWanted = fallback == declared?.manifest.spec.version
        meant = isWanted ? nil : MeantVersion(version: fallback, reason: "because \(message)", rolloutId: rolloutId)
    }
}

extension Outcome {
    /// Whether the bot is not as git wants it because of this end; nil: it says nothing of that.
    fileprivate func leavesFailing(_ cause: DriftCause) -> Bool? {
        let ending = DeliveryFact.Ending(self, direction: nil, cause: cause, commit: nil, committedAt: nil)
        if self == .succeeded { return false }
        return ending.isFailure ? true : nil
    }
}
