extension RolloutStep {
    /// Sent, or possibly sent, and no whole answer came: what became of it is found out before anything else is sent.
    mutating func fateIsUnknown() {
        if var intent = leg.intent {
            intent.givenUpAt = now.tick
            leg.intent = intent
        }
        lookUp()
    }

    mutating func lookUp() {
        beginReading()
        if world.capabilities.jobs {
            askJobs(.lookUp, page: 1)
        } else {
            ask(.lookUp, .deployed(botId: rollout.key.botId, environment: rollout.key.environment))
        }
    }

    mutating func lookUpAnswered(_ exchange: PlatformExchange, askedAt: Tick) {
        switch exchange.result {
        case .success(.jobs(let jobs, let page)):
            guard turnPage(page) else { return fateStaysUnknown(Self.pagingIgnored) }
            if leg.reading.page == 1 { leg.reading.begunAt = askedAt }
            read(jobs)
            if let ours = leg.reading.ours { return adopt(ours) }
            let seen = Set(leg.intent?.seenJobIds ?? [])
            if jobs.contains(where: { seen.contains($0.jobId) }) { return absent() }
            if let next = pageAfter(page, most: RolloutLimit.maxJobPages) { return askJobs(.lookUp, page: next) }
            guard page.next == nil else { return fateStaysUnknown("the platform lists more jobs than can be read") }
            absent()
        case .success(.deployed(let version)):
            leg.reading.begunAt = askedAt
            if version == target { adoptServing() } else { absent() }
        default: fateStaysUnknown(Self.describe(exchange), failure: Self.failure(of: exchange))
        }
    }

    /// One with our key, or to this version and not among those seen before the POST. Times are never compared. Where the
    /// POST was refused or never left, only the key counts: then a job to the same version is somebody else's.
    func ourJob(among jobs: [JobInfo]) -> JobInfo? {
        guard let intent = leg.intent else { return nil }
        if let ours = jobs.first(where: { $0.idempotencyKey == intent.request.idempotencyKey }) { return ours }
        guard rollout.phase == .triggering || (leg.keepsKey && intent.givenUpAt != nil) else { return nil }
        let seen = Set(intent.seenJobIds)
        return jobs.first { $0.targetVersion == target && !seen.contains($0.jobId) }
    }

    /// Not found; sure only in a look that began `requestTimeout` after the POST was given up.
    private mutating func absent() {
        let sureFrom = (leg.intent?.givenUpAt ?? now.tick) + settings.requestTimeout
        guard let begunAt = leg.reading.begunAt, begunAt >= sureFrom else {
            leg.lookUps += 1
            let wait = backoff(leg.lookUps - 1, first: RolloutLimit.lookFirst, most: RolloutLimit.waitMost)
            return sleep(.lookUp, wait, deadline: max(sureFrom, now.tick + .milliseconds(1)))
        }
        record("absent", ["idempotencyKey": .text(leg.intent?.request.idempotencyKey)])
        nothingWasDone()
    }

    private mutating func fateStaysUnknown(_ message: String, failure: PlatformFailure? = nil) {
        let deadline = (leg.intent?.givenUpAt ?? now.tick) + settings.rolloutTimeout
        if now.tick >= deadline {
            return end(
                .indeterminate, "whether \(target) is being deployed cannot be told: \(message)")
        }
        leg.lookUps += 1
        let wait = backoff(
            leg.lookUps - 1, first: RolloutLimit.lookFirst, most: RolloutLimit.waitMost, after: failure)
        sleep(.lookUp, wait, deadline: deadline)
    }

    mutating func adopt(_ job: JobInfo) {
        adopt(jobId: job.jobId, by: job.createdBy, asks: false)
        heard(job.state, job.errorMessage)
    }

    /// - Parameter asks: whether the job's state is to be asked for now.
    mutating func adopt(jobId: String, by: String?, asks: Bool = true) {
        let job = jobId == Rollout.whatServes ? nil : jobId
        record("adopted", ["jobId": .text(job), "by": .text(by)])
        track(job)
        guard let job, world.capabilities.jobs else {
            leg.jobEndedAt = now.tick
            return readBack()
        }
        if asks { ask(.status, .status(jobId: job)) }
    }

    /// A platform without jobs serves the target: the POST was done.
    private mutating func adoptServing() {
        record("adopted", ["serves": .string(target)])
        track(nil)
        leg.jobEndedAt = now.tick
        if let by = rollout.supersededBy { return end(.superseded, supersededMessage(by: by)) }
        rollout.serving = target
        effects.append(.observed(Observation(version: target, jobId: nil, by: nil, at: nil, idempotencyKey: nil)))
        serves(nil)
    }

    mutating func accepted(_ jobId: String?) {
        track(jobId)
        if jobId != nil { return watchJob() }
        leg.jobEndedAt = now.tick
        if let by = rollout.supersededBy { return end(.superseded, supersededMessage(by: by)) }
        readBack()
    }

    private mutating func track(_ jobId: String?) {
        leg.asking = nil
        leg.jobId = jobId
        if let jobId, rollout.jobIds.last != jobId { rollout.jobIds.append(jobId) }
        leg.keepsKey = false
        leg.resends = 0
        leg.deployingSince = now.tick
        leg.heardAt = now.tick
        leg.polls = 0
        stopDrainClock()
        move(to: .deploying)
    }
}
