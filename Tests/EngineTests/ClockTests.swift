import Domain
import Support
import Testing

/// Elapsed time decides how long something lasts; the wall clock decides windows and what is shown.
@Suite("A clock that jumps")
struct ClockTests {
    private static let hour: Int64 = 3_600_000

    @Test("a cooldown and a drain clock last as long as they last", arguments: [-100 * hour, 100 * hour])
    func durations(_ jump: Int64) {
        var stage = EngineStage.fleet(serves: false, spec: { $0.guards.cooldown = .hours(2) })
        stage.commit("v2") {
            $0.guards.cooldown = .hours(2)
            $0.guards.drainTimeout = .minutes(30)
        }
        stage.step(.passWanted)
        stage.run(limit: .minutes(1)) { $0.stopping == .cooldown }
        stage.jump(milliseconds: jump)
        stage.platform.bots["b1"]?.sessions = 1
        stage.wait(.hours(1))
        #expect(stage.posted == ["v1"])
        #expect(stage.stopping == .cooldown)
        stage.wait(.minutes(80))
        #expect(stage.stopping == .sessions)
        stage.jump(milliseconds: -jump)
        stage.wait(.minutes(8))
        #expect(stage.stopping == .sessions)
        #expect(stage.outcomes(of: "a1") == [.succeeded])
        stage.wait(.minutes(15))
        #expect(stage.outcomes(of: "a1") == [.succeeded, .blocked])
    }

    @Test("a window opens by the wall clock, at most an hour after somebody set it")
    func window() {
        let night = Window(kind: .allow, schedule: "0 3 * * *", duration: .hours(4))
        var stage = EngineStage.fleet(spec: { $0.guards.windows = [night] })
        stage.commit("v2") { $0.guards.windows = [night] }
        stage.step(.passWanted)
        stage.run(limit: .minutes(1)) { $0.stopping == .window }
        stage.jump(milliseconds: 3 * Self.hour)
        stage.wait(.minutes(61))
        #expect(stage.serving("b1") == "v2")
    }

    @Test("a rollout under way, a suspension and a repetition do not mind", arguments: [-3 * hour, 3 * hour])
    func underWay(_ jump: Int64) {
        var stage = EngineStage.fleet(2)
        stage.commit("v2")
        stage.runUntil(.deploying)
        stage.jump(milliseconds: jump)
        stage.run { $0.engine.isQuiet }
        #expect(stage.outcomes(of: "a1") == [.succeeded])
        stage.decides(.suspend(.named("a2"), for: .hours(1)))
        stage.jump(milliseconds: jump)
        stage.branch.commit(["a2.yaml": [EngineStage.manifest("a2", bot: "b2", version: "v3")]])
        stage.pass()
        stage.wait(.minutes(50))
        #expect(stage.serving("b2") == "v1")
        stage.wait(.minutes(15))
        #expect(stage.serving("b2") == "v3")
    }
}
