import Domain
import Support
import Testing

/// What is told of a rollout is what holds now: what stops it, and how far it is.
@Suite("What is told of a rollout") struct StoppingTests {
    @Test("a guard that passes again no longer stops a rollout that now stands at a later one")
    func laterGuard() {
        var stage = EngineStage.fleet(2) { $0.audit.required = true }
        stage.commit("v2") { $0.guards.windows = [.closed] }
        stage.pass()
        #expect(stage.stopping == .window)
        stage.logFailure = "the disk is full"
        stage.branch.commit(["a2.yaml": [EngineStage.manifest("a2", bot: "b2", version: "v2")]])
        stage.pass()
        #expect(stage.stopping == .halt)
        stage.logFailure = nil
        stage.wait(.minutes(1))
        stage.pass()
        #expect(stage.serving("b2") == "v2")
        #expect(stage.stopping == .window)
        #expect(stage.state == .waiting)
    }

    @Test("a rollout that ends as it starts is told as started first, without an outcome")
    func startedAndEnded() {
        var stage = EngineStage.fleet(40) { $0.reconcile.maxConcurrentRollouts = 1 }
        stage.commit("v2", 40)
        stage.step(.passWanted)
        stage.run { $0.count(of: "rollout.started") > 0 }
        let queued = stage.engine.machines.values.map(\.rollout).filter { $0.phase == .planned }
        #expect(!queued.isEmpty)
        for rollout in queued { stage.platform.deploy(rollout.key.botId, "v2", by: "mallory", at: stage.now) }
        stage.pass()
        #expect(queued.contains { stage.outcomes(of: $0.name) == [.superseded] })
        let started = stage.events.filter { $0.type == "rollout.started" }
        #expect(started.count == 40)
        #expect(started.allSatisfy { $0.rollout?.outcome == nil })
    }
}
