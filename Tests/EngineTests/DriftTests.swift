import Domain
import Support
import Testing

@Suite("Drift, and two hands at one bot")
struct DriftTests {
    @Test("what git asked for is no drift alert; what somebody did on the platform is, and both ends are told")
    func causes() {
        var stage = EngineStage.fleet()
        stage.commit("v2")
        stage.pass()
        #expect(stage.count(of: "drift.detected") == 0)
        stage.wait(.minutes(1))
        stage.platform.deploy("b1", "v4", by: "mallory", at: stage.now)
        stage.pass()
        let drift = stage.events.first { $0.type == "drift.detected" }?.drift
        #expect(drift?.cause == .platform)
        #expect(drift?.changedBy == "mallory")
        #expect(drift?.deployed == "v4")
        #expect(stage.count(of: "drift.resolved") == 1)
        let resolved = stage.events.first { $0.type == "drift.resolved" }
        #expect(resolved?.fingerprint == stage.events.first { $0.type == "drift.detected" }?.fingerprint)
    }

    @Test("a commit that goes back to what serves ends the drift, and the record tells what is wanted from then on")
    func backToWhatServes() {
        var stage = EngineStage.fleet(spec: { $0.mode = .alert })
        stage.platform.deploy("b1", "v4", by: "mallory", at: stage.now)
        stage.pass()
        stage.commit("v4") { $0.mode = .alert }
        stage.pass()
        let resolved = stage.events.first { $0.type == "drift.resolved" }
        #expect(resolved?.drift?.desired == "v4" && resolved?.drift?.deployed == "v4" && resolved?.to == "v4")
        #expect(stage.audited("drift.resolved") == 1)
        #expect(stage.posted.isEmpty)
    }

    @Test("a threshold of three tells on the third observation, but acts on the first")
    func threshold() {
        var stage = EngineStage.fleet(configure: { $0.reconcile.driftThreshold = 3 }, spec: { $0.mode = .alert })
        stage.platform.deploy("b1", "v4", by: "mallory", at: stage.now)
        stage.pass()
        stage.pass()
        #expect(stage.count(of: "drift.detected") == 0)
        stage.pass()
        #expect(stage.count(of: "drift.detected") == 1)
    }

    @Test("drift that lasts is told again after the repeat interval only, and a changed one at once")
    func repeats() {
        var stage = EngineStage.fleet(spec: { $0.mode = .alert })
        stage.platform.deploy("b1", "v4", by: "mallory", at: stage.now)
        for _ in 1...5 { stage.pass() }
        #expect(stage.count(of: "drift.detected") == 1)
        stage.wait(.minutes(1))
        stage.platform.deploy("b1", "v3", by: "mallory", at: stage.now)
        stage.pass()
        #expect(stage.count(of: "drift.changed") == 1)
        stage.wait(.hours(4))
        stage.pass()
        #expect(stage.count(of: "drift.detected") == 2)
        // Its repetition is no record.
        #expect(stage.audited("drift.detected") == 1)
        #expect(stage.posted.isEmpty)
    }

    @Test("selfHeal: false undoes no drift of others, but follows git")
    func selfHeal() {
        var stage = EngineStage.fleet(spec: { $0.selfHeal = false })
        stage.platform.deploy("b1", "v4", by: "mallory", at: stage.now)
        stage.pass()
        #expect(stage.posted.isEmpty)
        #expect(stage.count(of: "drift.detected") == 1)
        #expect(stage.state == .drifted)
        stage.commit("v2") { $0.selfHeal = false }
        stage.pass()
        #expect(stage.serving("b1") == "v2")
        #expect(stage.count(of: "drift.resolved") == 1)
    }

    @Test("mode: alert, in the manifest or for all, changes nothing and says so")
    func alert() {
        var one = EngineStage.fleet(spec: { $0.mode = .alert })
        one.commit("v2") { $0.mode = .alert }
        one.pass()
        #expect(one.posted.isEmpty)
        #expect(one.count(of: "drift.detected") == 1)
        var all = EngineStage.fleet { $0.reconcile.mode = .alert }
        all.commit("v2")
        all.pass()
        #expect(all.posted.isEmpty)
        #expect(all.state == .drifted)
    }

    @Test("what our own rollout brought is never taken for somebody else's")
    func ownDeployment() {
        var stage = EngineStage.fleet()
        stage.platform.bots["b1"]?.bad = ["v2"]
        stage.commit("v2") { $0.onFailure = .hold }
        stage.pass()
        stage.commit("v1") { $0.onFailure = .hold }
        stage.pass()
        #expect(stage.serving("b1") == "v1")
        #expect(stage.events.allSatisfy { $0.drift?.cause != .platform })
        #expect(stage.count(of: "bot.contested") == 0)
    }

    @Test("put back once, changed again within the contest: held until a newer commit")
    func contested() {
        var stage = EngineStage.fleet()
        stage.wait(.minutes(1))
        stage.platform.deploy("b1", "v4", by: "mallory", at: stage.now)
        stage.pass()
        stage.wait(.minutes(5))
        stage.platform.deploy("b1", "v4", by: "mallory", at: stage.now)
        stage.pass()
        #expect(stage.posted == ["v1"])
        #expect(stage.count(of: "bot.contested") == 1)
        stage.wait(.hours(3))
        stage.pass()
        #expect(stage.posted == ["v1"])
        #expect(stage.count(of: "bot.contested") == 1)
        stage.commit("v2")
        stage.pass()
        #expect(stage.serving("b1") == "v2")
    }

    @Test("changed again after the contest is over: put back again")
    func longAfter() {
        var stage = EngineStage.fleet()
        for _ in 1...3 {
            stage.wait(.hours(2))
            stage.platform.deploy("b1", "v4", by: "mallory", at: stage.now)
            stage.pass()
        }
        #expect(stage.serving("b1") == "v1")
        #expect(stage.count(of: "bot.contested") == 0)
        #expect(stage.posted.count == 3)
    }

    @Test("a job with the key of another Ballast is contested at once, one from before our first look is not")
    func otherBallast() {
        var stage = EngineStage { _ in }
        stage.platform.add("b1", versions: ["v1", "v2", "v3"])
        stage.platform.deploy("b1", "v2", by: "ballast", key: "ballast-other-1-1", at: stage.now)
        stage.commit("v1")
        stage.wait(.minutes(1))
        stage.start()
        #expect(stage.serving("b1") == "v1")
        stage.wait(.minutes(1))
        stage.platform.deploy("b1", "v3", by: "ballast", key: "ballast-other-1-2", at: stage.now)
        stage.pass()
        #expect(stage.posted == ["v1"])
        #expect(stage.stopping == .contested)
        stage.decides(.release("a1"))
        stage.pass()
        #expect(stage.serving("b1") == "v1")
    }

    @Test("contested can be waived for one rollout")
    func waived() {
        var stage = EngineStage.fleet()
        for _ in 1...2 {
            stage.wait(.minutes(2))
            stage.platform.deploy("b1", "v4", by: "mallory", at: stage.now)
            stage.pass()
        }
        #expect(stage.stopping == .contested)
        stage.decides(.waive(bot: "a1", .contested))
        stage.pass()
        #expect(stage.serving("b1") == "v1")
    }

    @Test("after a failover the bot is meant to serve the fallback, and is healed towards it")
    func meant() {
        var stage = EngineStage.fleet()
        stage.platform.bots["b1"]?.bad = ["v2"]
        stage.commit("v2")
        stage.pass()
        #expect(stage.state == .failedOver)
        #expect(stage.count(of: "drift.detected") == 0)
        stage.wait(.minutes(1))
        stage.platform.deploy("b1", "v4", by: "mallory", at: stage.now)
        stage.pass()
        #expect(stage.serving("b1") == "v1")
        #expect(stage.posted == ["v2", "v1", "v1"])
        #expect(stage.count(of: "drift.detected") == 1)
        #expect(stage.state == .failedOver)
    }

    @Test("somebody else brings the target while it waits: superseded, and not remembered as verified")
    func broughtByOthers() {
        var stage = EngineStage.fleet()
        stage.platform.bots["b1"]?.sessions = 1
        stage.commit("v2")
        stage.runUntil(.draining)
        stage.platform.deploy("b1", "v2", by: "mallory", at: stage.now)
        stage.pass()
        #expect(stage.outcomes(of: "a1") == [.superseded])
        #expect(stage.bot("a1")?.verified.isEmpty == true)
        #expect(stage.state == .inSync)
        #expect(stage.posted.isEmpty)
    }

    @Test("a later job of somebody else while ours is read back: superseded and contested, no quarantine")
    func overtaken() {
        var stage = EngineStage.fleet()
        stage.commit("v2")
        stage.runUntil(.deploying)
        let ends = stage.platform.jobs.last?.endsAt ?? stage.now.tick
        stage.run { $0.now.tick >= ends }
        // Ours is done; somebody's comes before it could be read back.
        stage.platform.deploy("b1", "v4", by: "mallory", at: stage.now)
        stage.run { $0.engine.isQuiet && !$0.engine.isPassing }
        #expect(stage.outcomes(of: "a1") == [.superseded])
        #expect(stage.bot("a1")?.quarantine.isEmpty == true)
        #expect(stage.bot("a1")?.contested != nil)
    }

    @Test("a removal keeps the bot's history; naming it again takes it up where it stood")
    func removedAndBack() {
        var stage = EngineStage.fleet(serves: false)
        stage.branch.commit(["a1.yaml": nil])
        stage.pass()
        #expect(stage.state == .unmanaged)
        stage.platform.deploy("b1", "v3", at: stage.now)
        stage.pass()
        #expect(stage.serving("b1") == "v3")
        #expect(stage.count(of: "bot.unmanaged") == 1)
        stage.commit("v1")
        stage.pass()
        #expect(stage.serving("b1") == "v1")
        #expect(stage.count(of: "bot.managed") == 2)
    }

    @Test("a drift whose manifest is removed is over, and its incident is closed")
    func removedWhileDrifted() {
        var stage = EngineStage.fleet(spec: { $0.mode = .alert })
        stage.platform.deploy("b1", "v4", by: "mallory", at: stage.now)
        stage.pass()
        #expect(stage.count(of: "drift.detected") == 1 && stage.count(of: "drift.resolved") == 0)
        stage.branch.commit(["a1.yaml": nil])
        stage.pass()
        #expect(stage.state == .unmanaged)
        #expect(stage.count(of: "drift.resolved") == 1 && stage.audited("drift.resolved") == 1)
        stage.pass()
        #expect(stage.count(of: "drift.resolved") == 1)
        #expect(stage.posted.isEmpty)
    }
}
