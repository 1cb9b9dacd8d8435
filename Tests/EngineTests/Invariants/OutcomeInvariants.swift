import Domain
import Support
import Testing

@Suite("Invariant 7: a quarantined version is not triggered until a newer commit names it or a person releases it")
struct Invariant7Tests {
    @Test("neither time, restarts, drift nor another bot's commit lift it")
    func stays() {
        var stage = EngineStage.fleet(2)
        stage.platform.bots["b1"]?.bad = ["v2"]
        stage.commit("v2")
        stage.pass()
        #expect(stage.posted == ["v2", "v1"])
        stage.branch.commit(["a2.yaml": [EngineStage.manifest("a2", bot: "b2", version: "v3")]])
        stage.pass()
        stage.wait(.hours(30))
        stage.platform.deploy("b1", "v4", by: "mallory", at: stage.now)
        stage.restart()
        stage.pass()
        #expect(stage.posted.filter { $0 == "v2" }.count == 1)
        #expect(stage.serving("b1") == "v1")
        stage.platform.bots["b1"]?.bad = []
        stage.decides(.release("a1"))
        stage.pass()
        #expect(stage.serving("b1") == "v2")
    }
}

@Suite("Invariant 8: every rollout ends in exactly one outcome, with one record a step, on its commit")
struct Invariant8Tests {
    @Test("each outcome has one end, and the end stands on the commit that asked")
    func oneEnd() {
        var stage = EngineStage.fleet(3)
        stage.platform.bots["b2"]?.bad = ["v2"]
        stage.platform.bots["b3"]?.failing = ["v2"]
        let head = stage.commit("v2", 3)
        stage.pass()
        stage.restart()
        stage.pass()
        let ends = stage.records.filter { $0.closesSteps }
        #expect(ends.count == 3)
        #expect(Set(ends.map(\.rolloutId)).count == 3)
        #expect(ends.allSatisfy { $0.notedOn == head })
        #expect(stage.outcomes(of: "a1") == [.succeeded])
        #expect(stage.outcomes(of: "a2") == [.failedOver])
        #expect(stage.outcomes(of: "a3") == [.failed])
    }
}

@Suite("Invariant 11: a rollout whose verification did not pass is never reported as a success")
struct Invariant11Tests {
    @Test(
        "an inconclusive verification is tested again on passes, on a platform without jobs, too",
        arguments: [true, false])
    func testedAgain(_ hasJobs: Bool) {
        var stage = EngineStage.offering(PlatformCapabilities(jobs: hasJobs))
        stage.platform.add("b1", versions: ["v1", "v2"])
        stage.platform.deploy("b1", "v1", at: stage.now)
        stage.commit("v1")
        stage.start()
        stage.platform.fault = { _, request in
            if case .test = request { .failure(PlatformFailure(.unclear, "502")) } else { nil }
        }
        stage.commit("v2")
        stage.step(.passWanted)
        stage.run(limit: .hours(1)) { $0.outcomes(of: "a1") == [.indeterminate] }
        #expect(stage.count(of: "rollout.succeeded") == 0)
        stage.platform.fault = { _, _ in nil }
        stage.pass()
        stage.pass()
        #expect(stage.outcomes(of: "a1") == [.indeterminate, .succeeded])
        #expect(stage.posted == ["v2"])
        #expect(stage.bot("a1")?.verified.contains("v2") == true)
    }
}

@Suite("Invariant 12: a failover happens in the failed environment, once, and is tracked like any rollout")
struct Invariant12Tests {
    @Test("a failover whose job outlasts the time-out is watched; found later, the bot is failed over without a POST")
    func timedOut() {
        var stage = EngineStage.fleet()
        stage.platform.bots["b1"]?.bad = ["v2"]
        stage.platform.bots["b1"]?.hanging = ["v1"]
        stage.commit("v2")
        stage.step(.passWanted)
        stage.run(limit: .hours(2)) { $0.outcomes(of: "a1") == [.timedOut] }
        #expect(stage.state == .indeterminate)
        stage.platform.finish("b1", at: stage.now)
        stage.pass()
        stage.pass()
        #expect(stage.posted == ["v2", "v1"])
        #expect(stage.platform.posts.allSatisfy { $0.environment == "PRODUCTION" })
        #expect(stage.state == .failedOver)
        #expect(stage.outcomes(of: "a1") == [.timedOut, .succeeded])
    }

    @Test("a failover found later that is bad, too, is degraded and not failed over again")
    func once() {
        var stage = EngineStage.fleet(serves: false)
        for version in ["v2", "v3"] {
            stage.commit(version)
            stage.pass()
        }
        stage.platform.bots["b1"]?.bad = ["v3", "v4"]
        stage.platform.bots["b1"]?.hanging = ["v3"]
        stage.commit("v4")
        stage.step(.passWanted)
        stage.run(limit: .hours(2)) { $0.outcomes(of: "a1").last == .timedOut }
        stage.platform.finish("b1", at: stage.now)
        stage.pass()
        stage.pass()
        #expect(stage.posted == ["v1", "v2", "v3", "v4", "v3"])
        #expect(stage.outcomes(of: "a1").last == .degraded)
        #expect(stage.state == .degraded)
    }

    @Test("a failover that could not be verified is tested again, and then the bot is failed over")
    func inconclusive() {
        var stage = EngineStage.fleet()
        stage.platform.bots["b1"]?.bad = ["v2"]
        stage.commit("v2")
        stage.step(.passWanted)
        stage.run { $0.engine.machines.values.contains { $0.rollout.isFailover } }
        stage.platform.fault = { _, request in
            if case .test = request { .failure(PlatformFailure(.unclear, "502")) } else { nil }
        }
        stage.run(limit: .hours(1)) { $0.outcomes(of: "a1") == [.indeterminate] }
        stage.platform.fault = { _, _ in nil }
        stage.pass()
        stage.pass()
        #expect(stage.posted == ["v2", "v1"])
        #expect(stage.state == .failedOver)
    }

    @Test("a rollback without git that fails is failed over, and the bot is meant to serve the fallback")
    func withoutGit() {
        var stage = EngineStage.fleet(serves: false)
        for version in ["v2", "v3"] {
            stage.commit(version)
            stage.pass()
        }
        stage.platform.bots["b1"]?.bad = ["v2"]
        stage.decides(.rollbackWithoutGit(bot: "a1", version: "v2"))
        stage.pass()
        stage.pass()
        #expect(stage.serving("b1") == "v1")
        #expect(stage.state == .failedOver)
        #expect(stage.bot("a1")?.meant?.version == "v1")
        #expect(stage.posted == ["v1", "v2", "v3", "v2", "v1"])
    }

    @Test("a commit that changes the spec during a failover has the version tried again after it")
    func changedMeanwhile() {
        var stage = EngineStage.fleet()
        stage.platform.bots["b1"]?.bad = ["v2"]
        stage.commit("v2")
        stage.step(.passWanted)
        stage.run { $0.engine.machines.values.contains { $0.rollout.isFailover && $0.rollout.phase == .deploying } }
        stage.platform.bots["b1"]?.bad = []
        stage.commit("v2") { $0.guards.cooldown = .seconds(1) }
        stage.pass()
        stage.pass()
        #expect(stage.posted == ["v2", "v1", "v2"])
        #expect(stage.state == .inSync)
    }
}
