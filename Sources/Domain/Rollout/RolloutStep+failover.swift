extension RolloutStep {
    mutating func quarantine(_ reason: String) {
        record("quarantine", ["version": .string(target), "reason": .text(reason)])
        effects.append(.quarantine(version: target, reason: reason))
    }

    /// The failed version serves. Once: a failover that fails too is degraded.
    mutating func failOver(because reason: String) {
        if rollout.isFailover {
            return end(.degraded, "\(failureSentence); \(reason), too")
        }
        if settings.onFailure == .hold {
            return end(.failed, "\(reason); it stays, as onFailure says")
        }
        let candidate = world.fallbacks.first { $0.version != target && $0.version != rollout.serving }
        guard let candidate else {
            return end(.degraded, "\(reason); there is no version to fall back to")
        }
        beginFailover(to: candidate.version, because: reason)
    }

    /// After a job that failed without a switch only the manifest's own fallback is sent, where it does not serve already.
    mutating func failedJobServes(_ version: String?) {
        let reason = "\(target) was not deployed: \(leg.jobFailure ?? "its job failed")"
        if version == target { return failOver(because: reason) }
        let candidate = world.fallbacks.first { $0.isNamed && $0.version != target && $0.version != version }
        guard let candidate else {
            let serving = version.map { "\($0) goes on serving" } ?? "nothing is deployed"
            return end(.failed, "\(reason); \(serving)")
        }
        beginFailover(to: candidate.version, because: reason)
    }

    /// The slot is kept while nothing has to be waited for: a bad version serves meanwhile.
    private mutating func beginFailover(to version: String, because reason: String) {
        leg.asking = nil
        leg.next = nil
        record("failover", ["from": .text(rollout.serving), "to": .string(version), "reason": .text(reason)])
        rollout.failure = reason
        rollout.failover = Rollout.Leg(target: version)
        rollout.announced = nil
        startDrainClock()
        move(to: .guarding)
        askVersions()
    }
}
