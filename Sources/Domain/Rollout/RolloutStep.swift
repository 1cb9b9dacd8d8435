/// One call of `RolloutMachine.handle`: the rollout under change, what is known, and the effects so far.
struct RolloutStep {
    var rollout: Rollout
    let world: RolloutWorld
    let now: Now
    var effects: [RolloutEffect] = []

    init(rollout: Rollout, world: RolloutWorld, now: Now) {
        self.rollout = rollout
        self.world = world
        self.now = now
    }

    var leg: Rollout.Leg {
        get { rollout.leg }
        set { rollout.leg = newValue }
    }

    var settings: RolloutSettings { rollout.settings }
    var target: String { leg.target }

    /// The guards still decide: nothing was sent, or what was sent surely did nothing.
    var isBeforePost: Bool { rollout.phase == .guarding || rollout.phase == .draining }

    mutating func take(_ event: RolloutEvent) {
        releaseOverdueSlot()
        switch event {
        case .resume: resume()
        case .timer: timer()
        case .slotGranted: slotGranted()
        case .answer(let step, let exchange, let askedAt):
            guard let question = leg.asking, step == rollout.step else { return }
            leg.asking = nil
            noteTrouble(exchange)
            answered(question, exchange, askedAt: askedAt)
        case .feed(let jobs, _): feedShowed(jobs)
        case .worldChanged: worldChanged()
        case .newerCommit(let by): newerCommit(by: by)
        case .settingsChanged(let settings, let provenance, let labels):
            settingsChanged(settings, provenance, labels: labels)
        case .removed(let reason), .suspended(let reason): stopped(reason: reason)
        case .budgetHeld: budgetHeld()
        }
    }

    private mutating func answered(_ question: Rollout.Question, _ exchange: PlatformExchange, askedAt: Tick) {
        if isBeforePost, !rollout.isFailover {
            guard worldIsAsBefore(), judgeFree() else { return }
        }
        switch question {
        case .versions: versionsAnswered(exchange)
        case .jobs: jobsAnswered(exchange)
        case .sessions: sessionsAnswered(exchange)
        case .post: postAnswered(exchange)
        case .lookUp: lookUpAnswered(exchange, askedAt: askedAt)
        case .status: statusAnswered(exchange)
        case .readBack: readBackAnswered(exchange)
        case .turn: turnAnswered(exchange)
        }
    }

    private mutating func timer() {
        guard leg.asking == nil, !rollout.waitsForSlot, let wakeAt = rollout.wakeAt, wakeAt <= now.tick else { return }
        if isBeforePost, !rollout.isFailover {
            guard worldIsAsBefore(), judgeFree() else { return }
        }
        // Judging may have begun something already.
        guard leg.asking == nil, rollout.wakeAt == wakeAt else { return }
        rollout.wakeAt = nil
        proceed()
    }

    /// Does what was put off.
    mutating func proceed() {
        if isBeforePost, drainIsOver { return drainEnded() }
        let next = leg.next
        leg.next = nil
        switch rollout.phase {
        case .guarding: askVersions()
        case .draining where next == .sessions: needsSessions ? lookAtSessions() : takeSlot()
        case .draining where next == .jobs: lookAtJobs()
        case .draining: takeSlot()
        case .triggering: lookUp()
        case .deploying: next == .readBack ? readBack() : pollJob()
        case .verifying: askTurn()
        case .planned, .ended: break
        }
    }

    private mutating func worldChanged() {
        guard isBeforePost else { return }
        if !rollout.isFailover {
            guard worldIsAsBefore(), judgeFree() else { return }
        }
        guard rollout.phase == .draining, leg.asking == nil else { return }
        // A person waived the sessions, or ended the wait for another's job.
        let isWaived = leg.next == .sessions && !needsSessions
        let isReleased =
            leg.next == .jobs && !leg.openJobIds.isEmpty && leg.openJobIds.allSatisfy(world.releasedJobs.contains)
        if isWaived || isReleased { takeSlot() }
    }

    private mutating func slotGranted() {
        guard !rollout.hasSlot else { return }
        guard rollout.waitsForSlot, rollout.phase == .draining else {
            // It was asked for, and is not wanted any more.
            effects.append(.giveSlot)
            return
        }
        rollout.hasSlot = true
        rollout.waitsForSlot = false
        if rollout.isFailover {
            startDrainClock()
        } else {
            guard worldIsAsBefore(), judgeFree() else { return }
        }
        lookAtJobs()
    }

    /// A 429 pauses the platform, refused credentials concern all of its bots: neither is this bot's own.
    private mutating func noteTrouble(_ exchange: PlatformExchange) {
        guard case .failure(let failure) = exchange.result else { return }
        switch failure.kind {
        case .unauthorized, .forbidden: effects.append(.platformRefused(failure))
        case .rateLimited: effects.append(.platformPaused(boundedRetryAfter(failure)))
        default: if failure.retryAfter != nil { effects.append(.platformPaused(boundedRetryAfter(failure))) }
        }
    }
}
