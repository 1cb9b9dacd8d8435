extension RolloutStep {
    private var jobDeadline: Tick { (leg.deployingSince ?? now.tick) + settings.rolloutTimeout }

    /// The feed is polled for rollouts that hold a slot; one that adopted an earlier job holds none.
    private var feedBringsNews: Bool { world.pollsByFeed && rollout.hasSlot }

    /// Waits for the job: the first poll comes 250 ms after the POST, as many jobs are short.
    mutating func watchJob(after failure: PlatformFailure? = nil) {
        if now.tick >= jobDeadline { return jobTookTooLong() }
        if feedBringsNews {
            return sleep(.status, RolloutLimit.waitMost, deadline: jobDeadline)
        }
        let delay = backoff(
            leg.polls, first: RolloutLimit.pollFirst, most: RolloutLimit.pollMost, after: failure)
        leg.polls += 1
        sleep(.status, delay, deadline: jobDeadline)
    }

    mutating func pollJob() {
        if now.tick >= jobDeadline { return jobTookTooLong() }
        let heardAt = leg.heardAt ?? leg.deployingSince ?? now.tick
        if feedBringsNews, now.tick < heardAt + RolloutLimit.feedSilenceMost { return watchJob() }
        guard let jobId = leg.jobId else { return readBack() }
        ask(.status, .status(jobId: jobId))
    }

    mutating func statusAnswered(_ exchange: PlatformExchange) {
        guard case .success(.status(let state, let message)) = exchange.result else {
            // A 404 or a state that is not in the list says nothing about the job.
            leg.looksFailed += 1
            if leg.looksFailed == 1 { record("status-unknown", ["reason": .text(Self.describe(exchange))]) }
            leg.heardAt = now.tick
            return watchJob(after: Self.failure(of: exchange))
        }
        heard(state, message)
    }

    mutating func heard(_ state: JobState, _ errorMessage: String?) {
        leg.heardAt = now.tick
        leg.looksFailed = 0
        switch state {
        case .queued, .running: watchJob()
        case .completed: jobCompleted()
        case .failed: jobFailed(errorMessage)
        }
    }

    private mutating func jobTookTooLong() {
        let job = leg.jobId.map { "job \($0)" } ?? "the job"
        end(.timedOut, "\(target) is not deployed: \(job) did not end within rolloutTimeout; it is watched on")
    }

    private mutating func jobCompleted() {
        leg.jobEndedAt = now.tick
        record("job", ["jobId": .text(leg.jobId), "state": .string("COMPLETED")])
        if let by = rollout.supersededBy { return end(.superseded, supersededMessage(by: by)) }
        readBack()
    }

    private mutating func jobFailed(_ errorMessage: String?) {
        let reason = errorMessage.map { String($0.prefix(RolloutLimit.maxRecordedTextCharacters)) } ?? "no reason given"
        leg.jobEndedAt = now.tick
        leg.jobFailure = reason
        record("job", ["jobId": .text(leg.jobId), "state": .string("FAILED"), "errorMessage": .text(errorMessage)])
        quarantine("its job failed: \(reason)")
        if let by = rollout.supersededBy { return end(.superseded, supersededMessage(by: by)) }
        if rollout.isFailover {
            return end(.degraded, "\(failureSentence); the failover to \(target) failed: \(reason)")
        }
        if settings.onFailure == .hold {
            return end(.failed, "\(target) was not deployed: \(reason); held, as onFailure says")
        }
        // Whether the failed job switched decides which fallback may be sent.
        readBack()
    }

    // MARK: The feed

    mutating func feedShowed(_ jobs: [JobInfo]) {
        let mine = jobs.filter { $0.botId == rollout.key.botId && $0.environment == rollout.key.environment }
        switch rollout.phase {
        case .draining: feedWhileDraining(mine)
        case .triggering where leg.asking != .post:
            if let ours = ourJob(among: mine) { adopt(ours) }
        case .deploying where leg.jobEndedAt == nil:
            guard let ours = mine.first(where: { $0.jobId == leg.jobId }) else { return }
            leg.heardAt = now.tick
            guard ours.state.hasEnded else { return }
            leg.asking = nil
            heard(ours.state, ours.errorMessage)
        default: break
        }
    }

    /// A job that was waited for has ended: looked at now instead of at the next poll.
    private mutating func feedWhileDraining(_ jobs: [JobInfo]) {
        guard leg.asking == nil, leg.next == .jobs, !leg.openJobIds.isEmpty else { return }
        let ended = Set(jobs.filter(\.state.hasEnded).map(\.jobId))
        leg.openJobIds.removeAll { ended.contains($0) }
        guard leg.openJobIds.isEmpty else { return }
        if !rollout.isFailover {
            guard worldIsAsBefore(), judgeFree() else { return }
        }
        if drainIsOver { return drainEnded() }
        takeSlot()
    }
}
