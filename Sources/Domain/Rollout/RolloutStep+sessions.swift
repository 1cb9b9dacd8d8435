extension RolloutStep {
    mutating func lookAtSessions() {
        guard needsSessions else {
            if !rollout.isFailover {
                note(GuardVerdict(.sessions, .unknown, "not asked", waived: true))
            }
            return send()
        }
        guard world.capabilities.sessions else { return sessionsAreUnknowable() }
        beginReading()
        askSessions(page: 1)
    }

    private mutating func askSessions(page: Int) {
        leg.reading.page = page
        ask(.sessions, .sessions(botId: rollout.key.botId, environment: rollout.key.environment, page: page))
    }

    mutating func sessionsAnswered(_ exchange: PlatformExchange) {
        let most = settings.guards.maxActiveSessions
        switch exchange.result {
        case .success(.sessions(let count, let page)):
            guard turnPage(page) else { return sessionsUnknown(Self.pagingIgnored) }
            leg.reading.sessions += max(0, count)
            if leg.reading.sessions <= most {
                if let next = pageAfter(page, most: RolloutLimit.maxSessionPages) { return askSessions(page: next) }
                if page.next != nil { return sessionsUnknown("the platform lists more sessions than can be read") }
            }
            leg.looksFailed = 0
            judgeSessions(leg.reading.sessions, most: most, isWhole: page.next == nil)
        case .failure(let failure) where failure.kind == .unsupported: sessionsAreUnknowable()
        default: sessionsUnknown(Self.describe(exchange), failure: Self.failure(of: exchange))
        }
    }

    private mutating func judgeSessions(_ count: Int, most: Int, isWhole: Bool) {
        let seen = "\(isWhole ? "" : "at least ")\(count) active, at most \(most)"
        if count > most { return waitForSessions(GuardVerdict(.sessions, .wait, seen)) }
        if leg.conflictIsUnclear {
            // The platform may mind fewer sessions than the manifest does.
            if count > 0 { return waitForSessions(GuardVerdict(.sessions, .wait, "\(seen), but the platform refuses")) }
            note(GuardVerdict(.sessions, .pass, seen))
            return conflictIsFinal()
        }
        note(GuardVerdict(.sessions, .pass, seen))
        if !rollout.isFailover { stopDrainClock() }
        guard rollout.hasSlot else { return takeSlot() }
        if let passed = leg.jobsPassedAt, passed + RolloutLimit.jobsPassMost < now.tick { return lookAtJobs() }
        send()
    }

    private mutating func sessionsUnknown(_ message: String, failure: PlatformFailure? = nil) {
        lookFailed(.sessions, message, next: leg.conflictIsUnclear ? .slot : .sessions, failure: failure)
    }

    /// Looks again at the session cadence; the drain clock runs meanwhile.
    mutating func waitForSessions(_ verdict: GuardVerdict) {
        leg.conflictIsUnclear = false
        note(verdict)
        leg.sessionLooks += 1
        let delay = backoff(leg.sessionLooks - 1, first: RolloutLimit.sessionsFirst, most: RolloutLimit.waitMost)
        // Where sessions are not asked for, only the POST itself tells.
        rest(needsSessions && world.capabilities.sessions ? .sessions : .slot, delay, forSessions: true)
        if !rollout.hasEnded { announce(verdict) }
    }

    /// The platform cannot count them: no look will cure that, only a waiver.
    mutating func sessionsAreUnknowable() {
        if leg.conflictIsUnclear {
            return waitForSessions(GuardVerdict(.sessions, .unknown, "the platform refuses and counts no sessions"))
        }
        let verdict = GuardVerdict(
            .sessions, .unknown,
            "the platform counts no sessions; a person can waive it for one rollout")
        note(verdict)
        rest(.sessions, RolloutLimit.waitMost, forSessions: true)
        if !rollout.hasEnded { announce(verdict) }
    }
}
