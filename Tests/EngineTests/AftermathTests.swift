import Domain
import Support
import Testing

@Suite("After a failure")
struct AftermathTests {
    @Test(
        "a version that a commit moved back from is no fallback, unless the manifest names it",
        arguments: [false, true])
    func movedBack(_ isNamed: Bool) {
        var stage = EngineStage.fleet(serves: false)
        stage.commit("v3")
        stage.pass()
        stage.platform.bots["b1"]?.bad = ["v2"]
        stage.commit("v2") { $0.fallbackVersion = isNamed ? "v3" : nil }
        stage.pass()
        #expect(stage.serving("b1") == (isNamed ? "v3" : "v1"))
        #expect(stage.posted == ["v1", "v3", "v2", isNamed ? "v3" : "v1"])
        #expect(stage.bot("a1")?.rejected == ["v3"])
    }

    @Test("one bot that fails again and again does not halt its platform")
    func oneBotAlone() {
        var stage = EngineStage.fleet(2) { $0.reconcile.haltFailures = 2 }
        stage.platform.bots["b1"]?.bad = ["v2", "v3", "v4"]
        for version in ["v2", "v3", "v4"] {
            stage.commit(version)
            stage.pass()
        }
        #expect(stage.outcomes(of: "a1") == [.failedOver, .failedOver, .failedOver])
        #expect(stage.count(of: "platform.halted") == 0)
    }

    @Test("a halt stops no failover")
    func haltAndFailover() {
        var stage = EngineStage.fleet(2) { $0.reconcile.haltFailures = 1 }
        for bot in ["b1", "b2"] { stage.platform.bots[bot]?.bad = ["v2"] }
        stage.platform.fault = { _, request in
            if case .test("b2", _, _) = request { .delay(.seconds(8)) } else { nil }
        }
        stage.commit("v2", 2)
        stage.step(.passWanted)
        stage.run { $0.outcomes(of: "a1") == [.failedOver] }
        #expect(stage.engine.platforms["default"]?.halted != nil)
        #expect(stage.outcomes(of: "a2").isEmpty)
        stage.run { $0.engine.isQuiet }
        #expect(stage.outcomes(of: "a2") == [.failedOver])
        #expect(stage.serving("b2") == "v1")
    }

    @Test(
        "a release ends what holds the bot, and the record says which",
        arguments: ["degraded", "indeterminate", "timed-out", "quarantine"])
    func released(_ what: String) {
        var stage = EngineStage.fleet()
        switch what {
        case "degraded": stage.platform.bots["b1"]?.bad = ["v1", "v2"]
        case "timed-out": stage.platform.bots["b1"]?.hanging = ["v2"]
        case "quarantine": stage.platform.bots["b1"]?.bad = ["v2"]
        default:
            stage.platform.fault = { _, request in
                if case .test = request { .failure(PlatformFailure(.unclear, "502")) } else { nil }
            }
        }
        stage.commit("v2")
        stage.step(.passWanted)
        stage.run(limit: .hours(2)) { !$0.outcomes(of: "a1").isEmpty && !$0.engine.isPassing }
        stage.step(.passWanted)
        stage.run(limit: .minutes(1)) { _ in false }
        #expect(stage.outcomes(of: "a1").count == 1)
        stage.decides(.release("a1"))
        let told = stage.events.last { $0.type == "decision.release" }?.message ?? ""
        #expect(told.contains(what), "\(told)")
        #expect(stage.audited("decision.release") == 1)
        #expect(stage.bot("a1")?.standing == nil)
        #expect(stage.bot("a1")?.quarantine.isEmpty == true)
    }

    @Test("with more than eight jobs of ours open the feed is polled instead of each job's status")
    func polledByFeed() {
        var stage = EngineStage.fleet(12)
        stage.platform.jobTime = .seconds(30)
        stage.commit("v2", 12)
        stage.pass()
        #expect((1...12).allSatisfy { stage.serving("b\($0)") == "v2" })
        let polls = stage.platform.requests.count { if case .status = $0 { true } else { false } }
        #expect(polls <= 24)
    }
}
