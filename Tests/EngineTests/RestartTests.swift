import Domain
import Support
import Testing

@Suite("Invariant 3: killed and started again")
struct RestartTests {
    @Test(
        "at every phase: one job, one outcome, the same end", arguments: Rollout.Phase.allCases.filter { $0 != .ended })
    func atEveryPhase(_ phase: Rollout.Phase) {
        var stage = EngineStage.fleet()
        stage.commit("v2")
        stage.runUntil(phase)
        stage.restart()
        stage.run { $0.engine.isQuiet }
        #expect(stage.serving("b1") == "v2")
        #expect(stage.outcomes(of: "a1").last == .succeeded)
        #expect(stage.platform.jobs.filter { $0.info.targetVersion == "v2" }.count == 1)
        #expect(stage.audited("rollout.end") == 1)
        #expect(stage.platform.overlaps == 0)
    }

    /// How many transactions the story has without a crash.
    private static let length = story(crashAfter: .max).transactions.count

    private static func story(crashAfter: Int) -> EngineStage {
        var stage = EngineStage.fleet(2)
        stage.platform.bots["b2"]?.bad = ["v2"]
        stage.commit("v2", 2)
        stage.step(.passWanted)
        stage.run { $0.transactions.count >= crashAfter || ($0.engine.isQuiet && !$0.engine.isPassing) }
        if stage.transactions.count >= crashAfter { stage.restart() }
        stage.run { $0.engine.isQuiet && !$0.engine.isPassing }
        stage.pass()
        return stage
    }

    @Test("after every single transaction: the same end, nothing twice")
    func afterEveryTransaction() {
        for count in 3...Self.length {
            let stage = Self.story(crashAfter: count)
            #expect(stage.serving("b1") == "v2", "\(count)")
            #expect(stage.serving("b2") == "v1", "\(count)")
            #expect(stage.bot("a2")?.condition.state == .failedOver, "\(count)")
            let jobs = stage.platform.jobs.map { "\($0.info.botId) \($0.info.targetVersion)" }
            #expect(jobs.sorted() == ["b1 v1", "b1 v2", "b2 v1", "b2 v1", "b2 v2"], "\(count)")
            #expect(stage.audited("rollout.end") == 2, "\(count)")
            #expect(stage.platform.overlaps == 0, "\(count)")
        }
    }

    @Test("the drain clock goes on over a restart")
    func drainClock() {
        var stage = EngineStage.fleet(spec: { $0.guards.drainTimeout = .minutes(10) })
        stage.platform.bots["b1"]?.sessions = 1
        stage.commit("v2") { $0.guards.drainTimeout = .minutes(10) }
        stage.runUntil(.draining)
        stage.wait(.minutes(6))
        stage.restart()
        stage.run(limit: .minutes(5)) { $0.outcomes(of: "a1") == [.blocked] }
        #expect(stage.outcomes(of: "a1") == [.blocked])
    }

    @Test("a quarantine, a contest, a halt and a suspension outlive the process")
    func memory() {
        var stage = EngineStage.fleet(2) { $0.reconcile.haltFailures = 1 }
        stage.platform.bots["b1"]?.bad = ["v2"]
        stage.commit("v2")
        stage.pass()
        stage.restart()
        stage.pass()
        #expect(stage.stopping == nil)
        #expect(stage.state == .failedOver)
        #expect(stage.engine.platforms["default"]?.halted != nil)
        #expect(stage.posted == ["v2", "v1"])
        #expect(stage.count(of: "platform.halted") == 1)
    }
}
