extension RolloutStep {
    func supersededMessage(by: String) -> String { "\(rollout.to) is superseded by \(by)" }

    /// What was sent is watched to its end; all else ends at once, so that the newer one starts.
    mutating func newerCommit(by: String) {
        switch rollout.phase {
        case .planned, .guarding, .draining, .verifying: end(.superseded, supersededMessage(by: by))
        case .deploying where leg.jobEndedAt != nil: end(.superseded, supersededMessage(by: by))
        case .triggering, .deploying:
            guard rollout.supersededBy != by else { return }
            rollout.supersededBy = by
            record("newer-commit", ["by": .text(by)])
        case .ended: break
        }
    }

    /// A removal or a suspension. From the POST on the rollout runs to its own end, failover included.
    mutating func stopped(reason: String) {
        guard !rollout.isFailover else { return }
        switch rollout.phase {
        case .planned, .guarding, .draining: end(.superseded, reason)
        case .triggering:
            guard rollout.standsStill == nil else { return }
            rollout.standsStill = reason
            record("stands-still", ["reason": .text(reason)])
        case .deploying, .verifying, .ended: break
        }
    }

    /// A newer commit keeps the version: no supersession. Before the POST everything counts from the next judgement, after
    /// it `verify` alone.
    mutating func settingsChanged(_ new: RolloutSettings, _ provenance: Provenance, labels: [String: String]) {
        let oldVerify = rollout.settings.verify
        let isJournaled = rollout.isFailover || !(rollout.phase == .planned || isBeforePost)
        rollout.labels = labels
        if isJournaled {
            rollout.settings.verify = new.verify
            guard rollout.phase == .verifying, oldVerify != new.verify else { return }
            leg.asking = nil
            return beginVerification()
        }
        let used = rollout.settings.guards.drainTimeout.milliseconds - drainLeft.milliseconds
        rollout.settings = new
        rollout.provenance = provenance
        record("settings", ["commit": .string(provenance.commit.hex)])
        guard isBeforePost else { return }
        leg.asking = nil
        giveSlot()
        stopDrainClock()
        leg.drainLeft = Span(milliseconds: new.guards.drainTimeout.milliseconds - used)
        move(to: .guarding)
        leg.next = .judge
        rollout.wakeAt = nil
        guard worldIsAsBefore() else { return }
        _ = judgeFree()
    }

    /// The process starts again, or the rollout's turn has come. A question whose answer went with the old process is asked
    /// again; a POST is looked up instead.
    mutating func resume() {
        if rollout.phase == .planned { return start() }
        if isBeforePost, !rollout.isFailover {
            guard worldIsAsBefore() else { return }
            let wasAsking = leg.asking
            guard judgeFree() else { return }
            if wasAsking == nil, leg.asking != nil { return }
        }
        // How long no process ran only the wall clock tells, which anybody can set: what must be sure waits anew.
        let asked = now.tick
        if rollout.phase == .triggering, leg.intent?.givenUpAt != nil { leg.intent?.givenUpAt = asked }
        guard let question = leg.asking else { return resumeWaiting() }
        leg.asking = nil
        switch question {
        case .versions: askVersions()
        case .jobs: lookAtJobs()
        case .sessions: rollout.hasSlot ? lookAtJobs() : lookAtSessions()
        case .post:
            record("restart", ["found": .string("a request without an answer")])
            fateIsUnknown()
        case .lookUp: lookUp()
        case .status:
            record("adopted", ["jobId": .text(leg.jobId), "by": .string("restart")])
            pollJobNow()
        case .readBack: readBack()
        case .turn: beginCase()
        }
    }

    private mutating func resumeWaiting() {
        if rollout.waitsForSlot {
            effects.append(.takeSlot)
            return
        }
        if rollout.phase == .deploying, leg.jobEndedAt == nil {
            record("adopted", ["jobId": .text(leg.jobId), "by": .string("restart")])
        }
        if rollout.phase == .verifying {
            leg.attemptsMade = 0
            leg.attemptsPassed = 0
        }
        guard let wakeAt = rollout.wakeAt else { return proceed() }
        guard wakeAt <= now.tick else { return }
        rollout.wakeAt = nil
        proceed()
    }

    private mutating func pollJobNow() {
        guard let jobId = leg.jobId else { return readBack() }
        ask(.status, .status(jobId: jobId))
    }
}
