import Domain
import Support
import Testing

/// What serves changes, or may still change, by other hands than those of the newest commit.
@Suite("Moved meanwhile")
struct MovedMeanwhileTests {
    /// Three bots serve v1, and b1's deployment of v2 is under way; then one commit wants v1 of b1 and v2 of the two others.
    private func takenBack(_ until: (inout EngineStage) -> Void) -> EngineStage {
        var stage = EngineStage.fleet(3) {
            $0.reconcile.maxBotsPerCommit = 2
            $0.reconcile.rolloutTimeout = .minutes(3)
        }
        stage.commit("v2", 1)
        until(&stage)
        stage.branch.commit([
            "a1.yaml": [EngineStage.manifest("a1", bot: "b1", version: "v1")],
            "a2.yaml": [EngineStage.manifest("a2", bot: "b2", version: "v2")],
            "a3.yaml": [EngineStage.manifest("a3", bot: "b3", version: "v2")],
        ])
        stage.pass()
        return stage
    }

    @Test("invariant 1: taking back what is being deployed rolls a bot, too, and is counted")
    func countsWhatIsUnderWay() {
        let stage = takenBack {
            $0.platform.jobTime = .seconds(20)
            $0.runUntil(.deploying)
        }
        #expect(stage.count(of: "commit.held") == 1)
        #expect(stage.posted == ["v2"])
        #expect(stage.bot("a2")?.condition.guard == .blastRadius)
    }

    @Test("invariant 1: so is a bot whose deployment timed out and may still come to its end")
    func countsWhatTimedOut() {
        var stage = takenBack {
            $0.platform.bots["b1"]?.hanging = ["v2"]
            $0.pass()
        }
        #expect(stage.outcomes(of: "a1") == [.timedOut])
        #expect(stage.count(of: "commit.held") == 1)
        stage.platform.finish("b1", at: stage.now)
        stage.pass()
        #expect(stage.posted == ["v2"])
    }

    @Test("what could not be verified and serves no more is drift, and put back")
    func unverifiedAndGone() {
        var stage = EngineStage.fleet()
        let isBroken = Flag()
        isBroken.value = true
        stage.platform.fault = { _, request in
            if case .test = request, isBroken.value { .failure(PlatformFailure(.unclear, "502")) } else { nil }
        }
        stage.commit("v2")
        stage.pass()
        #expect(stage.outcomes(of: "a1") == [.indeterminate])
        stage.platform.deploy("b1", "v4", by: "mallory", at: stage.now)
        stage.pass()
        #expect(stage.outcomes(of: "a1") == [.indeterminate])
        isBroken.value = false
        stage.wait(.minutes(1))
        stage.pass()
        stage.pass()
        #expect(stage.outcomes(of: "a1") == [.indeterminate, .succeeded])
        #expect(stage.serving("b1") == "v2")
    }

    @Test("invariant 16: a commit that wants another version, and only alerts, ends the wait for what it replaced")
    func replacedByAnAlert() {
        var stage = EngineStage.fleet()
        stage.platform.jobTime = .seconds(20)
        stage.platform.bots["b1"]?.bad = ["v2"]
        stage.commit("v2")
        stage.runUntil(.deploying)
        stage.commit("v3") { $0.mode = .alert }
        stage.pass()
        #expect(stage.outcomes(of: "a1") == [.superseded])
        #expect(stage.posted == ["v2"])
        #expect(stage.state == .drifted)
    }

    @Test("invariant 1: where a POST came to nothing, guards changed meanwhile are judged before the next")
    func guardsChangedMeanwhile() {
        var stage = EngineStage.fleet(spec: { $0.guards.maxActiveSessions = 1 })
        stage.platform.bots["b1"]?.sessions = 1
        let first = Counter()
        stage.platform.fault = { _, request in
            guard case .deploy = request, first.next() == 1 else { return nil }
            return .failure(PlatformFailure(.lost, "the connection broke"))
        }
        stage.commit("v2") { $0.guards.maxActiveSessions = 1 }
        stage.runUntil(.triggering)
        stage.commit("v2") { $0.guards.maxActiveSessions = 0 }
        stage.step(.passWanted)
        stage.run(limit: .minutes(5)) { _ in false }
        #expect(stage.posted.isEmpty)
        #expect(stage.stopping == .sessions)
        stage.platform.bots["b1"]?.sessions = 0
        stage.run { $0.engine.isQuiet }
        #expect(stage.posted == ["v2"])
        #expect(stage.outcomes(of: "a1") == [.succeeded])
    }

    @Test("invariant 13: what the version guard blocks is looked at again, though it waited for somebody's job before")
    func blockedAfterAWait() {
        var stage = EngineStage.fleet()
        stage.platform.jobTime = .minutes(1)
        stage.platform.begin("b1", "v4", by: "mallory", at: stage.now)
        stage.commit("v2")
        stage.step(.passWanted)
        stage.run { $0.stopping == .inFlight }
        stage.platform.fault = { _, request in
            if case .versions = request { .failure(PlatformFailure(.notFound, "no such bot")) } else { nil }
        }
        stage.run { $0.engine.isQuiet }
        #expect(stage.outcomes(of: "a1") == [.blocked])
        #expect(stage.stopping == .version)
        stage.platform.fault = { _, _ in nil }
        stage.pass()
        stage.pass()
        #expect(stage.outcomes(of: "a1") == [.blocked, .succeeded])
        #expect(stage.serving("b1") == "v2")
    }

    @Test("invariant 13: a job for which the wait was ended is watched on, so that what it brings is seen at once")
    func releasedAndWatched() {
        var stage = EngineStage.fleet { $0.reconcile.rolloutTimeout = .minutes(1) }
        stage.platform.bots["b1"]?.hanging = ["v4"]
        stage.platform.begin("b1", "v4", by: "mallory", at: stage.now)
        stage.wait(.minutes(5))
        stage.pass()
        stage.decides(.release("a1"))
        #expect(stage.refusal(.release("a1")) == .nothingToDo)
        stage.platform.finish("b1", at: stage.now)
        stage.pass()
        #expect(stage.bot("a1")?.observed?.version == "v4" || stage.posted == ["v1"])
        stage.pass()
        #expect(stage.serving("b1") == "v1")
    }

    @Test("invariant 3: after a restart a POST whose fate is unknown is waited for anew: the wall clock proves nothing")
    func clockSetWhileDown() {
        var stage = EngineStage.fleet()
        stage.platform.fault = { _, request in
            if case .deploy = request { .failure(PlatformFailure(.lost, "the connection broke")) } else { nil }
        }
        stage.commit("v2")
        stage.step(.passWanted)
        stage.run { $0.engine.machines.values.contains { $0.rollout.leg.intent?.givenUpAt != nil } }
        stage.crash()
        stage.wait(.hours(1))
        let restarted = stage.now.tick
        stage.step(.start)
        stage.run { Self.sent($0) > 1 }
        #expect(Self.sent(stage) == 2)
        #expect(stage.now.tick >= restarted + .seconds(30))
    }

    @Test("invariant 16: a release after a failover ends a waiting rollout back to the fallback")
    func releasedWhileHealing() {
        var stage = EngineStage.fleet()
        stage.platform.bots["b1"]?.bad = ["v2"]
        stage.commit("v2")
        stage.pass()
        #expect(stage.state == .failedOver)
        stage.wait(.minutes(1))
        stage.platform.bots["b1"]?.sessions = 1
        stage.platform.deploy("b1", "v4", by: "mallory", at: stage.now)
        stage.step(.passWanted)
        stage.runUntil(.draining)
        stage.platform.bots["b1"]?.bad = []
        stage.decides(.release("a1"))
        #expect(stage.outcomes(of: "a1") == [.failedOver, .superseded])
        stage.platform.bots["b1"]?.sessions = 0
        stage.pass()
        #expect(stage.posted == ["v2", "v1", "v2"])
        #expect(stage.outcomes(of: "a1") == [.failedOver, .superseded, .succeeded])
    }

    @Test("invariant 1: what serves a commit's version already is no part of its move, whatever is deployed then")
    func deployedBesideTheCommit() {
        var stage = EngineStage.fleet(3) { $0.reconcile.maxBotsPerCommit = 2 }
        stage.branch.commit(["a3.yaml": [EngineStage.manifest("a3", bot: "b3", version: "v4") { $0.suspend = true }]])
        stage.platform.deploy("b3", "v3", by: "mallory", at: stage.now)
        stage.pass()
        stage.branch.commit([
            "a1.yaml": [EngineStage.manifest("a1", bot: "b1", version: "v2")],
            "a2.yaml": [EngineStage.manifest("a2", bot: "b2", version: "v2")],
            "a3.yaml": [EngineStage.manifest("a3", bot: "b3", version: "v3")],
        ])
        stage.platform.deploy("b3", "v4", by: "mallory", at: stage.now)
        stage.pass()
        #expect(stage.count(of: "commit.held") == 0)
        #expect(stage.events.compactMap(\.drift?.cause) == [.manifest, .platform, .platform])
        #expect(stage.serving("b3") == "v3")
    }

    @Test("invariant 12: a new commit does not make the version good that is being verified")
    func committedWhileVerified() {
        var stage = EngineStage.fleet()
        let isBroken = Flag()
        isBroken.value = true
        stage.platform.bots["b1"]?.bad = ["v2"]
        stage.platform.fault = { _, request in
            if case .test = request, isBroken.value { .failure(PlatformFailure(.unclear, "502")) } else { nil }
        }
        stage.commit("v2")
        stage.runUntil(.verifying)
        let another = VerifyCase(message: "invoice", intent: "order_support", minConfidence: 0.8)
        stage.commit("v2") { $0.verify.append(another) }
        stage.step(.passWanted)
        stage.run { $0.bot("a1")?.declared?.manifest.spec.verify.count == 2 }
        #expect(stage.serving("b1") == "v2")
        isBroken.value = false
        stage.pass()
        #expect(stage.outcomes(of: "a1") == [.failedOver])
        #expect(stage.serving("b1") == "v1")
    }

    private static func sent(_ stage: EngineStage) -> Int {
        stage.platform.requests.count { if case .deploy = $0 { true } else { false } }
    }

    @Test("invariant 10: where a platform without jobs names no version, what was sent is never taken for absent")
    func untold() {
        var stage = EngineStage.offering(PlatformCapabilities(jobs: false))
        stage.platform.add("b1", versions: ["v1"])
        stage.platform.bots["b1"]?.failing = ["v1"]
        stage.commit("v1")
        stage.start()
        for _ in 0..<6 {
            stage.wait(.minutes(10))
            stage.pass()
        }
        #expect(stage.posted == ["v1"])
        #expect(stage.outcomes(of: "a1") == [.indeterminate])
        stage.decides(.release("a1"))
        stage.pass()
        #expect(stage.posted == ["v1", "v1"])
    }

    @Test("without jobs, the version of a contest that ended is contested again once it came back")
    func contestedAgain() {
        var stage = EngineStage.offering(PlatformCapabilities(jobs: false))
        stage.platform.add("b1", versions: ["v1", "v4"])
        stage.platform.deploy("b1", "v1", at: stage.now)
        stage.commit("v1")
        stage.start()
        for _ in 0..<2 {
            stage.wait(.minutes(1))
            stage.platform.deploy("b1", "v4", by: "mallory", at: stage.now)
            stage.pass()
        }
        #expect(stage.stopping == .contested)
        stage.decides(.release("a1"))
        stage.pass()
        #expect(stage.serving("b1") == "v1")
        stage.wait(.minutes(1))
        stage.platform.deploy("b1", "v4", by: "mallory", at: stage.now)
        stage.pass()
        #expect(stage.stopping == .contested)
        #expect(stage.posted == ["v1", "v1"])
    }

    @Test("whoever waives a halt does not waive that a required log cannot be written")
    func requiredLogIsNoHalt() {
        var stage = EngineStage { $0.audit.required = true }
        stage.platform.add("b1", versions: ["v1"])
        stage.commit("v1")
        stage.logFailure = "the disk is full"
        stage.step(.trailFound(.trouble("the disk is full")))
        stage.start()
        stage.pass()
        stage.decides(.waive(bot: "a1", .halt))
        stage.pass()
        #expect(stage.platform.posts.isEmpty)
        #expect(stage.bot("a1")?.condition.state == .held)
        stage.logFailure = nil
        stage.run(limit: .minutes(2)) { $0.serving("b1") == "v1" }
        #expect(stage.serving("b1") == "v1")
    }

    @Test("drift that waits to be undone is left alone once the manifest says selfHeal: false")
    func healsNoMore() {
        var stage = EngineStage.fleet(spec: { $0.guards.maxActiveSessions = 0 })
        stage.pass()
        stage.wait(.minutes(1))
        stage.platform.bots["b1"]?.sessions = 1
        stage.platform.deploy("b1", "v2", by: "mallory", at: stage.now)
        stage.step(.passWanted)
        stage.run { $0.stopping == .sessions }
        stage.commit("v1") { spec in
            spec.guards.maxActiveSessions = 0
            spec.selfHeal = false
        }
        stage.pass()
        stage.platform.bots["b1"]?.sessions = 0
        stage.wait(.minutes(1))
        stage.pass()
        #expect(stage.outcomes(of: "a1") == [.superseded])
        #expect(stage.posted.isEmpty)
        #expect(stage.state == .drifted)
    }
}
