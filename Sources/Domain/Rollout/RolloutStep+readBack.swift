extension RolloutStep {
    private var readBackDeadline: Tick { (leg.jobEndedAt ?? now.tick) + settings.verifyTimeout }

    /// A job's end is a claim; what serves is read, in a look begun after it.
    mutating func readBack() {
        beginReading()
        if world.capabilities.jobs {
            askJobs(.readBack, page: 1)
        } else {
            ask(.readBack, .deployed(botId: rollout.key.botId, environment: rollout.key.environment))
        }
    }

    mutating func readBackAnswered(_ exchange: PlatformExchange) {
        switch exchange.result {
        case .success(.jobs(let jobs, let page)):
            guard turnPage(page) else { return readBackFailed(Self.pagingIgnored) }
            read(jobs)
            if let ours = jobs.first(where: { $0.jobId == leg.jobId }) { leg.reading.ours = ours }
            if leg.reading.ours?.jobId != leg.jobId, !(leg.intent.map { showsSeen(jobs, $0) } ?? false),
                let next = pageAfter(page, most: RolloutLimit.maxReadBackPages)
            {
                return askJobs(.readBack, page: next)
            }
            effects.append(.openJobs(leg.reading.open))
            _ = observeDeployed(whole: page.next == nil)
            readBackShowed(leg.reading.deployed?.targetVersion, job: leg.reading.deployed)
        case .success(.deployed(let version)):
            effects.append(
                .observed(Observation(version: version, jobId: nil, by: nil, at: nil, idempotencyKey: nil)))
            readBackShowed(version, job: nil)
        default: readBackFailed(Self.describe(exchange), failure: Self.failure(of: exchange))
        }
    }

    private func showsSeen(_ jobs: [JobInfo], _ intent: Rollout.Intent) -> Bool {
        let seen = Set(intent.seenJobIds)
        return jobs.contains { seen.contains($0.jobId) }
    }

    private mutating func readBackShowed(_ version: String?, job: JobInfo?) {
        if version != nil { rollout.serving = version }
        if leg.jobFailure != nil {
            record("read-back", ["serves": .text(version), "jobId": .text(job?.jobId)])
            return failedJobServes(version)
        }
        if version == target { return serves(job) }
        if let job, isLaterJobOfSomebodyElse(job) {
            let by = job.createdBy ?? "somebody else"
            record("read-back", ["serves": .text(version), "jobId": .text(job.jobId), "by": .text(by)])
            let message = "\(by) deployed \(job.targetVersion) after \(target)"
            effects.append(.contested(reason: message))
            return end(.superseded, message)
        }
        guard now.tick >= readBackDeadline else { return readBackAgain() }
        record("read-back", ["serves": .text(version), "jobId": .text(job?.jobId)])
        guard let version else {
            return end(
                .indeterminate, "whether \(target) serves cannot be told: the platform names no deployed version")
        }
        let message = "\(target) does not serve though its job completed; \(version) serves"
        quarantine(message)
        end(rollout.isFailover ? .degraded : .failed, rollout.isFailover ? "\(failureSentence); \(message)" : message)
    }

    /// Not among the jobs seen before the POST, so begun after it; an adopted job was not preceded by a look, there the
    /// platform's own order of the two decides.
    private func isLaterJobOfSomebodyElse(_ job: JobInfo) -> Bool {
        guard job.jobId != leg.jobId else { return false }
        if let intent = leg.intent { return !intent.seenJobIds.contains(job.jobId) }
        guard let ours = leg.reading.ours, ours.jobId == leg.jobId, ours.state == .completed else { return false }
        return ours.finishedAt < job.finishedAt
    }

    private mutating func readBackAgain(after failure: PlatformFailure? = nil) {
        leg.readBacks += 1
        let delay = backoff(
            leg.readBacks - 1, first: RolloutLimit.pollFirst, most: RolloutLimit.pollMost, after: failure)
        sleep(.readBack, delay, deadline: max(readBackDeadline, now.tick + .milliseconds(1)))
    }

    private mutating func readBackFailed(_ message: String, failure: PlatformFailure? = nil) {
        guard now.tick >= readBackDeadline else { return readBackAgain(after: failure) }
        if let reason = leg.jobFailure {
            return end(.failed, "\(target) was not deployed: \(reason); what serves could not be read: \(message)")
        }
        end(.indeterminate, "whether \(target) serves cannot be told: \(message)")
    }

    /// The target was read back.
    mutating func serves(_ job: JobInfo?) {
        record("read-back", ["serves": .string(target), "jobId": .text(job?.jobId ?? leg.jobId)])
        leg.verifyingSince = now.tick
        guard !settings.verify.isEmpty else {
            record(
                "verification",
                ["verdict": .string("passed"), "detail": .string("nothing was asked: the manifest has no verify")])
            return verified()
        }
        move(to: .verifying)
        beginVerification()
    }

    /// Somebody else brought the fallback while the failover stood before its POST: nothing is sent, it is verified.
    mutating func fallbackServesAlready(_ deployed: Observation) {
        leg.jobEndedAt = now.tick
        leg.jobId = deployed.jobId
        stopDrainClock()
        serves(nil)
    }
}
