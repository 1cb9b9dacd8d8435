extension RolloutStep {
    /// Sessions are asked for: of the desired version, unless a person waived it; after a 409 that explained nothing always.
    var needsSessions: Bool {
        if leg.conflictIsUnclear { return true }
        return !rollout.isFailover && !world.waived.contains(.sessions)
    }

    mutating func enterDraining() {
        move(to: .draining)
        if needsSessions, !world.capabilities.sessions { return sessionsAreUnknowable() }
        takeSlot()
    }

    /// A slot first, then jobs, then sessions, then the POST: so that nothing lies between the last look and the switch.
    mutating func takeSlot() {
        if rollout.hasSlot { return lookAtJobs() }
        stopDrainClock()
        rollout.waitsForSlot = true
        rollout.wakeAt = nil
        leg.next = nil
        effects.append(.takeSlot)
    }

    // MARK: In flight

    mutating func lookAtJobs() {
        guard world.capabilities.jobs else {
            note(GuardVerdict(.inFlight, .pass, "the platform has no jobs"))
            return jobsPassed()
        }
        beginReading()
        askJobs(.jobs, page: 1)
    }

    mutating func askJobs(_ question: Rollout.Question, page: Int) {
        leg.reading.page = page
        ask(question, .jobs(botId: rollout.key.botId, environment: rollout.key.environment, page: page))
    }

    mutating func jobsAnswered(_ exchange: PlatformExchange) {
        guard case .success(.jobs(let jobs, let page)) = exchange.result else {
            return lookFailed(.inFlight, Self.describe(exchange), next: .jobs, failure: Self.failure(of: exchange))
        }
        guard turnPage(page) else { return lookFailed(.inFlight, Self.pagingIgnored, next: .jobs) }
        read(jobs)
        // Newest first: behind a page on which a job has ended nothing is open, as only one runs at a time.
        if !jobs.isEmpty, jobs.allSatisfy({ !$0.state.hasEnded }) {
            if let next = pageAfter(page, most: RolloutLimit.maxJobPages) { return askJobs(.jobs, page: next) }
            if page.next != nil {
                return lookFailed(.inFlight, "the platform lists more open jobs than can be read", next: .jobs)
            }
        }
        leg.looksFailed = 0
        leg.seenJobIds = leg.reading.jobIds
        let open = leg.reading.open
        effects.append(.openJobs(open))
        if let ours = leg.reading.ours { return adopt(ours) }
        if let deployed = observeDeployed(whole: page.next == nil) {
            rollout.serving = deployed.version
            guard deployedIsAsBefore(deployed) else { return }
            if rollout.isFailover, deployed.version == target { return fallbackServesAlready(deployed) }
        }
        let waited = open.filter { !world.releasedJobs.contains($0.jobId) }
        if waited.isEmpty {
            note(GuardVerdict(.inFlight, .pass, "no job is running"))
            jobsPassed()
        } else {
            wait(for: waited)
        }
    }

    /// Collects what one page shows: ids, open jobs, the deployed one, and one that is ours.
    mutating func read(_ jobs: [JobInfo]) {
        let mine = jobs.filter { $0.botId == rollout.key.botId && $0.environment == rollout.key.environment }
        leg.reading.jobIds += mine.map(\.jobId)
        leg.reading.open += mine.filter { !$0.state.hasEnded }
        for job in mine where job.state == .completed {
            if let best = leg.reading.deployed, !(best.finishedAt < job.finishedAt) { continue }
            leg.reading.deployed = job
        }
        if leg.reading.ours == nil { leg.reading.ours = ourJob(among: mine) }
    }

    /// Tells the engine what serves, where the look could tell.
    mutating func observeDeployed(whole: Bool) -> Observation? {
        let observation: Observation
        if let job = leg.reading.deployed {
            observation = Observation(
                version: job.targetVersion, jobId: job.jobId, by: job.createdBy, at: job.finishedAt,
                idempotencyKey: job.idempotencyKey)
        } else if whole {
            observation = Observation(version: nil, jobId: nil, by: nil, at: nil, idempotencyKey: nil)
        } else {
            return nil
        }
        effects.append(.observed(observation))
        return observation
    }

    private mutating func wait(for jobs: [JobInfo]) {
        leg.conflictIsUnclear = false
        let words = jobs.prefix(3).map { job in
            "\(job.jobId) to \(job.targetVersion)\(job.createdBy.map { " by \($0)" } ?? "")"
        }
        waitForJobs(
            GuardVerdict(.inFlight, .wait, "running: \(words.joined(separator: ", "))"), ids: jobs.map(\.jobId))
    }

    mutating func waitForJobs(_ verdict: GuardVerdict, ids: [String]) {
        note(verdict)
        leg.openJobIds = ids
        leg.jobLooks += 1
        let delay = backoff(leg.jobLooks - 1, first: RolloutLimit.jobsFirst, most: RolloutLimit.waitMost)
        rest(world.capabilities.jobs ? .jobs : .slot, delay)
        if !rollout.hasEnded { announce(verdict) }
    }

    private mutating func jobsPassed() {
        leg.jobLooks = 0
        leg.openJobIds = []
        leg.jobsPassedAt = now.tick
        rollout.hasSlot ? lookAtSessions() : takeSlot()
    }
}

extension JobInfo {
    /// Where `completedAt` is absent the platform promises only `createdAt`.
    var finishedAt: Timestamp { completedAt ?? createdAt }
}
