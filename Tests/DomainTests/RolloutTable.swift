import Domain

/// The states and events of `TABLE.md`, as a way to reach each and a sample of each.
enum RolloutTable {
    struct State: Sendable {
        var name: String
        var make: @Sendable () -> Driver
    }

    struct Happening: Sendable {
        var name: String
        var apply: @Sendable (inout Driver) -> Void
    }

    /// What a cell says about where the rollout stands now.
    static func place(_ rollout: Rollout) -> String {
        if let outcome = rollout.outcome { return "ended: \(outcome.rawValue)" }
        if rollout.phase == .planned { return "planned" }
        let leg = rollout.isFailover ? "failover " : ""
        if let question = rollout.leg.asking { return "\(leg)\(rollout.phase.rawValue)/\(question.rawValue)" }
        return "\(leg)\(rollout.phase.rawValue)/\(rollout.waitsForSlot ? "slot" : "waits")"
    }

    private static func after(_ driver: Driver, _ change: (inout Driver) -> Void) -> Driver {
        var driver = driver
        change(&driver)
        return driver
    }

    static let primary: [State] = [
        State(name: "planned") { Driver() },
        State(name: "guarding/waits") {
            var world = RolloutWorld.sample()
            world.window = GuardVerdict(.window, .wait, "closed")
            world.retryAt = Tick(milliseconds: 2_000_000)
            var driver = Driver.started(world: world)
            driver.world.window = GuardVerdict(.window, .pass, "open")
            return driver
        },
        State(name: "guarding/versions") { .started() },
        State(name: "draining/slot") { .waitingForSlot() },
        State(name: "draining/jobs") { .lookingAtJobs() },
        State(name: "draining/sessions") { .lookingAtSessions() },
        State(name: "draining/waits") { after(.lookingAtJobs()) { $0.answerJobs([.foreign(.running)]) } },
        State(name: "triggering/post") { .posting() },
        State(name: "triggering/lookUp") { .lookingUp() },
        State(name: "triggering/waits") { after(.lookingUp()) { $0.answerJobs() } },
        State(name: "deploying/waits") { .deploying() },
        State(name: "deploying/status") { after(.deploying()) { $0.wake() } },
        State(name: "deploying/readBack") { .readingBack() },
        State(name: "verifying/turn") { .verifying() },
        State(name: "verifying/waits") { after(.verifying()) { $0.answer(.turn(.none)) } },
        State(name: "ended: succeeded") { after(.verifying()) { $0.answer(.turn(.right)) } },
    ]

    static let failover: [State] = [
        State(name: "failover guarding/versions") { .failingOver() },
        State(name: "failover guarding/waits") { after(.failingOver()) { $0.fail(.unclear) } },
        State(name: "failover draining/jobs") { .failoverJobs() },
        State(name: "failover draining/waits") {
            after(.failoverJobs()) { $0.answerJobs([.foreign(.running, at: 9_900), .ours(.completed)]) }
        },
        State(name: "failover draining/slot") {
            after(.failoverPosting()) {
                $0.fail(.notSent)
                $0.wake()
            }
        },
        State(name: "failover draining/sessions") {
            after(.failoverPosting()) {
                $0.fail(.conflict(.unclear))
                $0.answerJobs([.ours(.completed)])
            }
        },
        State(name: "failover triggering/post") { .failoverPosting() },
        State(name: "failover triggering/lookUp") { after(.failoverPosting()) { $0.fail(.lost) } },
        State(name: "failover triggering/waits") {
            after(.failoverPosting()) {
                $0.fail(.lost)
                $0.answerJobs([.ours(.completed)])
            }
        },
        State(name: "failover deploying/waits") { .failoverDeploying() },
        State(name: "failover deploying/status") { after(.failoverDeploying()) { $0.wake() } },
        State(name: "failover deploying/readBack") { .failoverReadingBack() },
        State(name: "failover verifying/turn") { .failoverVerifying() },
        State(name: "failover verifying/waits") { after(.failoverVerifying()) { $0.answer(.turn(.none)) } },
    ]

    static let happenings: [Happening] = [
        Happening(name: "resume") { $0.send(.resume) },
        Happening(name: "timer, due") { $0.wake() },
        Happening(name: "slot granted") { $0.send(.slotGranted) },
        Happening(name: "feed: the awaited job ended") { driver in
            let awaited = driver.rollout.isFailover ? JobInfo.fallback(.completed) : .ours(.completed)
            driver.send(.feed([awaited, JobInfo.foreign(.completed)], lookedAt: driver.now.tick))
        },
        Happening(name: "feed: others' jobs") { driver in
            driver.send(
                .feed([.sample("job_0", "v4", .running, at: 500)], lookedAt: driver.now.tick))
        },
        Happening(name: "world: nothing fails") { $0.send(.worldChanged) },
        Happening(name: "world: the newer head is held") { driver in
            driver.world.admission = GuardVerdict(.blastRadius, .wait, "the head is held")
            driver.send(.worldChanged)
        },
        Happening(name: "world: somebody brought the target") { driver in
            driver.world.deployed = Observation(version: "v7", jobId: "job_x", by: "eve", at: nil, idempotencyKey: nil)
            driver.send(.worldChanged)
        },
        Happening(name: "world: somebody brought a third version") { driver in
            driver.world.deployed = Observation(version: "v6", jobId: "job_x", by: "eve", at: nil, idempotencyKey: nil)
            driver.send(.worldChanged)
        },
        Happening(name: "newer commit") { $0.send(.newerCommit(by: "bbbbbbbb")) },
        Happening(name: "settings changed") { driver in
            driver.send(
                .settingsChanged(.sample(verify: [.sample, .sample]), .newer, labels: [:]))
        },
        Happening(name: "removed") { $0.send(.removed(reason: "the manifest was removed")) },
        Happening(name: "suspended") { $0.send(.suspended(reason: "suspended by Ada")) },
        Happening(name: "budget held") { $0.send(.budgetHeld) },
        Happening(name: "stale answer") { driver in
            driver.send(
                .answer(
                    step: driver.rollout.step - 1, PlatformExchange(result: .success(.deployed(version: "v7"))),
                    askedAt: driver.now.tick))
        },
        Happening(name: "answer: versions") { $0.answerVersions() },
        Happening(name: "answer: sessions, none") { $0.answer(.sessions(count: 0, page: .only)) },
        Happening(name: "answer: sessions, too many") { $0.answer(.sessions(count: 3, page: .only)) },
        Happening(name: "answer: jobs, nothing new") { driver in
            let newer: [JobInfo] = driver.rollout.isFailover ? [.ours(.completed)] : []
            driver.answerJobs(newer)
        },
        Happening(name: "answer: jobs, another's runs") { driver in
            let newer: [JobInfo] = driver.rollout.isFailover ? [.ours(.completed)] : []
            driver.answerJobs([JobInfo.foreign(.running)] + newer)
        },
        Happening(name: "answer: jobs, ours runs") { driver in
            driver.answerJobs(
                driver.rollout.isFailover ? [.fallback(.running), .ours(.completed)] : [.ours(.running)])
        },
        Happening(name: "answer: jobs, ours completed") { driver in
            driver.answerJobs(
                driver.rollout.isFailover ? [.fallback(.completed), .ours(.completed)] : [.ours(.completed)])
        },
        Happening(name: "answer: jobs, another's later one serves") { driver in
            let newer: [JobInfo] =
                driver.rollout.isFailover ? [.fallback(.completed), .ours(.completed)] : [.ours(.completed)]
            driver.answerJobs([JobInfo.foreign(.completed, at: 20_000)] + newer)
        },
        Happening(name: "answer: deployed, the target") { driver in
            driver.answer(.deployed(version: driver.rollout.leg.target))
        },
        Happening(name: "answer: status, running") { $0.answer(.status(.running, errorMessage: nil)) },
        Happening(name: "answer: status, completed") { $0.answer(.status(.completed, errorMessage: nil)) },
        Happening(name: "answer: status, failed") { $0.answer(.status(.failed, errorMessage: "no space")) },
        Happening(name: "answer: accepted") { driver in
            driver.answer(.accepted(jobId: driver.rollout.isFailover ? "job_10" : "job_9"))
        },
        Happening(name: "answer: accepted, no job id") { $0.answer(.accepted(jobId: nil)) },
        Happening(name: "answer: turn, right") { $0.answer(.turn(.right)) },
        Happening(name: "answer: turn, wrong") { $0.answer(.turn(.wrong)) },
        Happening(name: "answer: turn, no intent") { $0.answer(.turn(.none)) },
        Happening(name: "failure: not sent") { $0.fail(.notSent) },
        Happening(name: "failure: lost") { $0.fail(.lost) },
        Happening(name: "failure: unauthorized") { $0.fail(.unauthorized) },
        Happening(name: "failure: forbidden") { $0.fail(.forbidden) },
        Happening(name: "failure: not found") { $0.fail(.notFound) },
        Happening(name: "failure: invalid") { $0.fail(.invalid) },
        Happening(name: "failure: conflict, dependencies") { $0.fail(.conflict(.dependencies)) },
        Happening(name: "failure: conflict, sessions") { $0.fail(.conflict(.sessions)) },
        Happening(name: "failure: conflict, in flight") { $0.fail(.conflict(.inFlight)) },
        Happening(name: "failure: conflict, unclear") { $0.fail(.conflict(.unclear)) },
        Happening(name: "failure: rate limited") { $0.fail(.rateLimited) },
        Happening(name: "failure: unclear") { $0.fail(.unclear) },
        Happening(name: "failure: unsupported") { $0.fail(.unsupported) },
    ]
}
