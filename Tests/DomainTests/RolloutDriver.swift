import Domain

/// Plays the engine around one machine: answers what is asked, lets time pass, keeps what was observed.
struct Driver {
    var machine: RolloutMachine
    var world: RolloutWorld
    /// Milliseconds on both clocks.
    var clock: Int64 = 1_000_000
    /// Of the last event.
    var effects: [RolloutEffect] = []
    /// Of all events.
    var log: [RolloutEffect] = []
    var askedAt: Tick?

    init(_ rollout: Rollout = .sample(), world: RolloutWorld = .sample()) {
        machine = RolloutMachine(rollout)
        self.world = world
    }

    var rollout: Rollout { machine.rollout }
    var now: Now { Now(tick: Tick(milliseconds: clock), wall: Timestamp(milliseconds: clock + 1_700_000_000_000)) }
    /// What was asked with the last event.
    var asked: PlatformRequest? {
        effects.compactMap { if case .ask(_, let request) = $0 { request } else { nil } }.last
    }
    var posts: [DeploymentRequest] {
        log.compactMap { if case .ask(_, .deploy(let request)) = $0 { request } else { nil } }
    }
    var records: [String] { log.compactMap { if case .record(let step, _) = $0 { step } else { nil } } }
    var quarantined: [String] { log.compactMap { if case .quarantine(let version, _) = $0 { version } else { nil } } }
    var announcements: [Guard] { log.compactMap { if case .waiting(let verdict) = $0 { verdict.guard } else { nil } } }
    var wait: Span? { rollout.wakeAt.map { $0 - now.tick } }
    func verdict(_ guardName: Guard) -> GuardVerdict? { rollout.guards.first { $0.guard == guardName } }
    func record(_ step: String) -> [String: JSONValue]? {
        log.compactMap { if case .record(step, let fields) = $0 { fields } else { nil } }.last
    }

    mutating func send(_ event: RolloutEvent) {
        effects = machine.handle(event, in: world, at: now)
        log += effects
        for effect in effects {
            if case .observed(let observation) = effect { world.deployed = observation }
            if case .ask = effect { askedAt = now.tick }
        }
    }

    mutating func answer(_ exchange: PlatformExchange) {
        send(.answer(step: rollout.step, exchange, askedAt: askedAt ?? now.tick))
    }

    mutating func answer(_ answer: PlatformAnswer, latency: Double = 12.5) {
        self.answer(
            PlatformExchange(
                result: .success(answer), latencyMilliseconds: latency, status: 200, requestDigest: "aa",
                answerDigest: "bb"))
    }

    mutating func fail(_ kind: PlatformFailure.Kind, retryAfter: Span? = nil) {
        answer(PlatformExchange(result: .failure(PlatformFailure(kind, "it said \(kind)", retryAfter: retryAfter))))
    }

    mutating func pass(_ span: Span) { clock += span.milliseconds }

    /// Lets time pass until the machine wants to be asked, and asks. Time passes in any case, so that a loop ends.
    mutating func wake() {
        clock = max(clock, rollout.wakeAt?.milliseconds ?? clock + 1000)
        send(.timer)
    }

    mutating func wakeUntil(_ end: Int64, _ answer: (inout Driver) -> Void) {
        while clock < end, !rollout.hasEnded, rollout.wakeAt != nil {
            wake()
            if rollout.leg.asking != nil { answer(&self) }
        }
    }
}

/// The ways to each state.
extension Driver {
    static func started(_ rollout: Rollout = .sample(), world: RolloutWorld = .sample()) -> Driver {
        var driver = Driver(rollout, world: world)
        driver.send(.resume)
        return driver
    }

    static func waitingForSlot(_ rollout: Rollout = .sample(), world: RolloutWorld = .sample()) -> Driver {
        var driver = started(rollout, world: world)
        driver.answerVersions()
        return driver
    }

    static func lookingAtJobs(_ rollout: Rollout = .sample(), world: RolloutWorld = .sample()) -> Driver {
        var driver = waitingForSlot(rollout, world: world)
        driver.send(.slotGranted)
        return driver
    }

    static func lookingAtSessions(_ rollout: Rollout = .sample(), world: RolloutWorld = .sample()) -> Driver {
        var driver = lookingAtJobs(rollout, world: world)
        if driver.rollout.leg.asking == .jobs { driver.answerJobs() }
        return driver
    }

    static func posting(_ rollout: Rollout = .sample(), world: RolloutWorld = .sample()) -> Driver {
        var driver = lookingAtSessions(rollout, world: world)
        driver.answer(.sessions(count: 0, page: .only))
        return driver
    }

    static func lookingUp(_ rollout: Rollout = .sample(), world: RolloutWorld = .sample()) -> Driver {
        var driver = posting(rollout, world: world)
        driver.fail(.lost)
        return driver
    }

    static func deploying(_ rollout: Rollout = .sample(), world: RolloutWorld = .sample()) -> Driver {
        var driver = posting(rollout, world: world)
        driver.answer(.accepted(jobId: "job_9"))
        return driver
    }

    static func readingBack(_ rollout: Rollout = .sample(), world: RolloutWorld = .sample()) -> Driver {
        var driver = deploying(rollout, world: world)
        driver.wake()
        driver.answer(.status(.completed, errorMessage: nil))
        return driver
    }

    static func verifying(_ rollout: Rollout = .sample(), world: RolloutWorld = .sample()) -> Driver {
        var driver = readingBack(rollout, world: world)
        driver.answerJobs([.ours(.completed)])
        return driver
    }

    /// The verification of v7 failed: the fallback's version is looked at.
    static func failingOver(_ rollout: Rollout = .sample(), world: RolloutWorld = .sample()) -> Driver {
        var driver = verifying(rollout, world: world)
        driver.answer(.turn(.wrong))
        return driver
    }

    static func failoverJobs(_ rollout: Rollout = .sample(), world: RolloutWorld = .sample()) -> Driver {
        var driver = failingOver(rollout, world: world)
        driver.answerVersions()
        return driver
    }

    static func failoverPosting(_ rollout: Rollout = .sample(), world: RolloutWorld = .sample()) -> Driver {
        var driver = failoverJobs(rollout, world: world)
        driver.answerJobs([.ours(.completed)])
        return driver
    }

    static func failoverDeploying(_ rollout: Rollout = .sample(), world: RolloutWorld = .sample()) -> Driver {
        var driver = failoverPosting(rollout, world: world)
        driver.answer(.accepted(jobId: "job_10"))
        return driver
    }

    static func failoverReadingBack(_ rollout: Rollout = .sample(), world: RolloutWorld = .sample()) -> Driver {
        var driver = failoverDeploying(rollout, world: world)
        driver.wake()
        driver.answer(.status(.completed, errorMessage: nil))
        return driver
    }

    static func failoverVerifying(_ rollout: Rollout = .sample(), world: RolloutWorld = .sample()) -> Driver {
        var driver = failoverReadingBack(rollout, world: world)
        driver.answerJobs([.fallback(.completed), .ours(.completed)])
        return driver
    }

    mutating func answerVersions() { answer(.versions(VersionInfo.samples, page: .only)) }

    /// Newest first; the job that brought v5 is always there.
    mutating func answerJobs(_ newer: [JobInfo] = []) { answer(.jobs(newer + [.old], page: .only)) }
}
