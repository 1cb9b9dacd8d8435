extension RolloutStep {
    /// Sends one question; an answer to any older one is ignored from here on.
    mutating func ask(_ question: Rollout.Question, _ request: PlatformRequest) {
        rollout.step += 1
        rollout.wakeAt = nil
        leg.next = nil
        leg.asking = question
        effects.append(.ask(step: rollout.step, request))
    }

    mutating func sleep(_ next: Rollout.Next, _ delay: Span, deadline: Tick? = nil) {
        leg.next = next
        let wake = now.tick + delay
        rollout.wakeAt = deadline.map { min($0, wake) } ?? wake
    }

    mutating func move(to phase: Rollout.Phase) {
        guard rollout.phase != phase else { return }
        rollout.phase = phase
        closeMark()
        if rollout.marks.count >= RolloutLimit.maxMarks { rollout.marks.remove(at: 1) }
        rollout.marks.append(.init(phase: phase.rawValue, at: now.wall))
    }

    /// Durations come from the wall clock that is shown beside them; elapsed time decides nothing here.
    private mutating func closeMark() {
        guard let last = rollout.marks.indices.last, rollout.marks[last].duration == nil else { return }
        let span = now.wall.milliseconds - rollout.marks[last].at.milliseconds
        rollout.marks[last].duration = Span(milliseconds: max(0, span))
    }

    mutating func giveSlot() {
        rollout.waitsForSlot = false
        guard rollout.hasSlot else { return }
        rollout.hasSlot = false
        effects.append(.giveSlot)
    }

    /// For verification a slot is held at most `verifyTimeout`.
    mutating func releaseOverdueSlot() {
        guard rollout.hasSlot, let ended = leg.jobEndedAt, now.tick >= ended + settings.verifyTimeout else { return }
        giveSlot()
    }

    func backoff(_ count: Int, first: Span, most: Span, after failure: PlatformFailure? = nil) -> Span {
        let own = Backoff.delay(count, first: first, most: most, jitter: world.jitter)
        guard let failure, let asked = boundedRetryAfter(failure) else { return own }
        return max(own, asked)
    }

    func boundedRetryAfter(_ failure: PlatformFailure) -> Span? {
        failure.retryAfter.map { min(max($0, .zero), RolloutLimit.retryAfterMost) }
    }

    // MARK: The drain clock

    var drainLeft: Span {
        let left = leg.drainLeft ?? settings.guards.drainTimeout
        guard let since = leg.drainingSince else { return left }
        return Span(milliseconds: left.milliseconds - max(0, (now.tick - since).milliseconds))
    }

    var drainIsOver: Bool { leg.drainingSince != nil && drainLeft <= .zero }
    var drainDeadline: Tick? { leg.drainingSince == nil ? nil : now.tick + max(.zero, drainLeft) }

    mutating func startDrainClock() {
        guard leg.drainingSince == nil else { return }
        leg.drainLeft = drainLeft
        leg.drainingSince = now.tick
    }

    mutating func stopDrainClock() {
        leg.drainLeft = drainLeft
        leg.drainingSince = nil
    }

    /// Waits before the POST: without a slot; the clock of a fallback runs in every such wait, that of the desired version
    /// only while sessions are what stops it.
    mutating func rest(_ next: Rollout.Next, _ delay: Span, forSessions: Bool = false) {
        giveSlot()
        if rollout.isFailover || forSessions { startDrainClock() } else { stopDrainClock() }
        if drainIsOver { return drainEnded() }
        sleep(next, delay, deadline: drainDeadline)
    }

    mutating func drainEnded() {
        let stopping = rollout.guards.last { !$0.passes }
        if rollout.isFailover {
            let why = stopping.map { ": \($0.detail)" } ?? ""
            return end(.degraded, "\(failureSentence); the failover to \(target) could not start in time\(why)")
        }
        var verdict = stopping ?? GuardVerdict(.sessions, .wait, "active sessions")
        let remedy = "a person can waive it for one rollout with `ballast waive \(rollout.name) --guard sessions`"
        verdict.verdict = .block
        note(verdict)
        end(
            .blocked,
            "\(target) was not rolled out: sessions did not end within drainTimeout (\(verdict.detail)); \(remedy)")
    }

    var failureSentence: String { rollout.failure ?? "\(rollout.to) failed" }

    // MARK: Paging

    /// Whether the page can be used; a server that ignores paging shows the same first item again.
    mutating func turnPage(_ page: PageInfo) -> Bool {
        if leg.reading.page > 1, let first = page.first, first == leg.reading.first { return false }
        leg.reading.first = page.first
        return true
    }

    /// The page to ask for next, within a bound.
    func pageAfter(_ page: PageInfo, most: Int) -> Int? {
        guard let next = page.next, next > leg.reading.page, next <= most else { return nil }
        return next
    }

    mutating func beginReading() {
        leg.reading = Rollout.Reading()
        leg.reading.begunAt = now.tick
    }

    static let pagingIgnored = "the platform answers the same page again: it ignores paging"
}
