import Domain
import Support
import Testing

@Suite("Invariant 2: at most one deployment of a bot is in flight that we know of or could have known of")
struct Invariant2Tests {
    /// A POST whose answer is lost, on a platform whose lists can't be read until its rollout is indeterminate.
    private func lost(jobs: Bool = true, hangs: Bool) -> EngineStage {
        var stage = EngineStage.offering(PlatformCapabilities(jobs: jobs))
        stage.platform.add("b1", versions: ["v1", "v2", "v3"])
        stage.platform.deploy("b1", "v1", at: stage.now)
        stage.platform.pageSize = 1
        if hangs { stage.platform.bots["b1"]?.hanging = ["v2"] }
        stage.commit("v1")
        stage.start()
        let isBroken = Flag()
        stage.platform.fault = { _, request in
            switch request {
            case .deploy where !isBroken.value:
                isBroken.value = true
                return .lostAfter
            case .jobs where isBroken.value, .deployed where isBroken.value:
                return .failure(PlatformFailure(.unclear, "503"))
            default: return nil
            }
        }
        stage.commit("v2")
        stage.step(.passWanted)
        stage.run(limit: .hours(1)) { $0.outcomes(of: "a1") == [.indeterminate] }
        stage.platform.fault = { _, _ in nil }
        stage.wait(.minutes(5))
        return stage
    }

    @Test("a lost job that still runs is found on whatever page it stands, and adopted")
    func foundOnAnyPage() {
        var stage = lost(hangs: true)
        stage.step(.passWanted)
        stage.run(limit: .minutes(1)) { _ in false }
        stage.platform.finish("b1", at: stage.now)
        stage.run { $0.engine.isQuiet }
        #expect(stage.posted == ["v2"])
        #expect(stage.outcomes(of: "a1") == [.indeterminate, .succeeded])
        #expect(stage.platform.overlaps == 0)
    }

    @Test("on a platform without jobs what serves tells, and it is verified")
    func withoutJobs() {
        var stage = lost(jobs: false, hangs: false)
        stage.pass()
        stage.pass()
        #expect(stage.posted == ["v2"])
        #expect(stage.outcomes(of: "a1") == [.indeterminate, .succeeded])
        #expect(stage.bot("a1")?.verified.contains("v2") == true)
    }

    @Test("another's deployment that begins while ours drains is waited for")
    func anothers() {
        var stage = EngineStage.fleet()
        stage.platform.bots["b1"]?.sessions = 1
        stage.commit("v2")
        stage.step(.passWanted)
        stage.run(limit: .minutes(1)) { $0.stopping == .sessions }
        stage.platform.jobTime = .minutes(5)
        stage.platform.begin("b1", "v1", at: stage.now)
        stage.platform.bots["b1"]?.sessions = 0
        stage.run(limit: .minutes(4)) { _ in false }
        #expect(stage.posted.isEmpty)
        stage.run(limit: .minutes(20)) { $0.serving("b1") == "v2" }
        #expect(stage.serving("b1") == "v2")
        #expect(stage.platform.overlaps == 0)
    }
}

@Suite("Invariant 3: every mutation is journaled before it is sent, and a restart adopts what was started")
struct Invariant3Tests {
    @Test("no POST leaves but in a step that journals its intent")
    func journaled() {
        var stage = EngineStage.fleet(2)
        stage.platform.bots["b2"]?.bad = ["v2"]
        stage.commit("v2", 2)
        stage.pass()
        let keys = stage.platform.posts.map(\.idempotencyKey)
        var journaled: [String] = []
        for case .rollout(let rollout) in stage.transactions.flatMap(\.changes) {
            journaled += [rollout.primary.intent, rollout.failover?.intent].compactMap { $0?.request.idempotencyKey }
        }
        #expect(keys.count == 3)
        #expect(Set(keys).isSubset(of: journaled))
    }

    @Test(
        "started again in the middle of each phase: what it asks first",
        arguments: [
            (Rollout.Phase.guarding, "listVersions"), (.draining, "listDeployments"),
            (.triggering, "listDeployments"), (.deploying, "getDeploymentStatus"), (.verifying, "testBot"),
        ])
    func firstQuestion(_ phase: Rollout.Phase, _ operation: String) {
        var stage = EngineStage.fleet()
        stage.commit("v2")
        stage.runUntil(phase)
        let before = stage.platform.requests.count
        stage.restart()
        let own = stage.platform.requests.dropFirst(before).filter { request in
            if case .jobs(nil, _, _) = request { false } else { true }
        }
        #expect(own.first?.operation == operation)
        #expect(stage.posted == ["v2"])
        #expect(stage.outcomes(of: "a1") == [.succeeded])
    }

    @Test("what still was in the queue is taken up from there, once")
    func queued() {
        var stage = EngineStage.fleet(4) { $0.reconcile.maxConcurrentRollouts = 1 }
        stage.platform.fault = { _, request in
            if case .versions = request { .delay(.seconds(3)) } else { nil }
        }
        stage.commit("v2", 4)
        stage.runUntil(.planned)
        #expect(stage.posted.isEmpty)
        stage.restart()
        stage.run { $0.engine.isQuiet }
        #expect(stage.posted == ["v2", "v2", "v2", "v2"])
        #expect((1...4).allSatisfy { stage.outcomes(of: "a\($0)") == [.succeeded] })
    }

    @Test(
        "started again in the middle of a failover: one fallback, one end",
        arguments: Rollout.Phase.allCases.filter { $0 != .ended && $0 != .planned })
    func failover(_ phase: Rollout.Phase) {
        var stage = EngineStage.fleet()
        stage.platform.bots["b1"]?.bad = ["v2"]
        stage.commit("v2")
        stage.step(.passWanted)
        stage.run { $0.engine.machines.values.contains { $0.rollout.isFailover && $0.rollout.phase == phase } }
        stage.restart()
        stage.run { $0.engine.isQuiet }
        #expect(stage.posted == ["v2", "v1"])
        #expect(stage.outcomes(of: "a1") == [.failedOver])
        #expect(stage.state == .failedOver)
    }
}

@Suite("Invariant 6: once a newer commit is read, no version that only an older commit wanted is triggered")
struct Invariant6Tests {
    @Test(
        "a process that starts looks at the branch before what it left goes on",
        arguments: [Rollout.Phase.guarding, .draining])
    func looksFirst(_ phase: Rollout.Phase) {
        var stage = EngineStage.fleet()
        stage.platform.bots["b1"]?.sessions = phase == .draining ? 1 : 0
        stage.commit("v2")
        stage.runUntil(phase)
        stage.crash()
        stage.platform.bots["b1"]?.sessions = 0
        stage.lookTime = .seconds(10)
        stage.commit("v3")
        stage.start()
        stage.run { $0.engine.isQuiet }
        #expect(stage.posted == ["v3"])
        #expect(stage.outcomes(of: "a1") == [.superseded, .succeeded])
    }

    @Test("a remote that does not answer at the start holds up no drain for long")
    func hungRemote() {
        var stage = EngineStage.fleet()
        stage.platform.bots["b1"]?.sessions = 1
        stage.commit("v2")
        stage.runUntil(.draining)
        stage.crash()
        stage.platform.bots["b1"]?.sessions = 0
        stage.lookTime = .minutes(10)
        stage.step(.start)
        stage.run(limit: .minutes(1)) { $0.serving("b1") == "v2" }
        #expect(stage.serving("b1") == "v2")
    }

    @Test("a commit that lifts the quarantine ends a rollout to the fallback that the bot was meant to serve")
    func meantUntilNow() {
        var stage = EngineStage.fleet()
        stage.platform.bots["b1"]?.bad = ["v2"]
        stage.commit("v2")
        stage.pass()
        #expect(stage.state == .failedOver)
        stage.wait(.minutes(1))
        stage.platform.deploy("b1", "v4", by: "mallory", at: stage.now)
        stage.platform.bots["b1"]?.sessions = 1
        stage.runUntil(.draining)
        stage.platform.bots["b1"]?.bad = []
        stage.commit("v2") { $0.guards.cooldown = .seconds(1) }
        stage.step(.passWanted)
        stage.run(limit: .seconds(5)) { _ in false }
        stage.platform.bots["b1"]?.sessions = 0
        stage.run(limit: .minutes(5)) { $0.engine.isQuiet }
        #expect(stage.posted == ["v2", "v1", "v2"])
        #expect(stage.outcomes(of: "a1") == [.failedOver, .superseded, .succeeded])
    }
}
