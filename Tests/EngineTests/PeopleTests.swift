import Domain
import Support
import Testing

@Suite("What people decide")
struct PeopleTests {
    @Test("a suspended bot is left alone; resumed, it is rolled at once", arguments: ["a1", "default", "all"])
    func suspend(_ name: String) {
        var stage = EngineStage.fleet()
        let target: Decision.SuspensionTarget = name == "all" ? .all : .named(name)
        stage.decides(.suspend(target, for: nil))
        stage.commit("v2")
        stage.pass()
        #expect(stage.posted.isEmpty)
        #expect(stage.state == .suspended)
        #expect(stage.stopping == .suspend)
        #expect(stage.audited("decision.suspend") == 1)
        stage.restart()
        #expect(stage.posted.isEmpty)
        stage.decides(.resume(target))
        stage.run { $0.serving("b1") == "v2" && $0.engine.isQuiet }
        #expect(stage.serving("b1") == "v2")
        expectRefusal(&stage, .resume(target), .nothingToDo)
    }

    @Test("a suspension ends by itself, in a later process too", arguments: [false, true])
    func suspendedForATime(_ restarts: Bool) {
        var stage = EngineStage.fleet()
        stage.decides(.suspend(.named("a1"), for: .hours(2)))
        stage.commit("v2")
        stage.pass()
        if restarts { stage.restart() }
        stage.wait(.hours(1))
        #expect(stage.serving("b1") == "v1")
        stage.wait(.hours(1))
        stage.run { $0.serving("b1") == "v2" }
        #expect(stage.serving("b1") == "v2")
    }

    @Test("a suspension before the POST supersedes; after it the rollout runs to its own end, failover included")
    func suspendMidRollout() {
        var before = EngineStage.fleet()
        before.platform.bots["b1"]?.sessions = 1
        before.commit("v2")
        before.runUntil(.draining)
        before.decides(.suspend(.named("a1"), for: nil))
        before.wait(.minutes(1))
        #expect(before.outcomes(of: "a1") == [.superseded])
        #expect(before.posted.isEmpty)
        var after = EngineStage.fleet()
        after.platform.bots["b1"]?.bad = ["v2"]
        after.commit("v2")
        after.runUntil(.deploying)
        after.decides(.suspend(.named("a1"), for: nil))
        after.run { $0.engine.isQuiet }
        #expect(after.outcomes(of: "a1") == [.failedOver])
        #expect(after.serving("b1") == "v1")
    }

    @Test("a manifest that says suspend is one, too")
    func suspendedByGit() {
        var stage = EngineStage.fleet()
        stage.commit("v2") { $0.suspend = true }
        stage.pass()
        #expect(stage.posted.isEmpty)
        #expect(stage.state == .suspended)
        stage.commit("v2")
        stage.pass()
        #expect(stage.serving("b1") == "v2")
    }

    @Test("rollback without git goes only to what was verified here, and stays until a commit changes the bot")
    func withoutGit() {
        var stage = EngineStage.fleet(serves: false)
        stage.commit("v2")
        stage.pass()
        expectRefusal(&stage, .rollbackWithoutGit(bot: "a1", version: "v3"), .notAllowed)
        expectRefusal(&stage, .rollbackWithoutGit(bot: "nobody", version: nil), .unknown)
        stage.decides(.rollbackWithoutGit(bot: "a1", version: nil))
        stage.pass()
        #expect(stage.serving("b1") == "v1")
        #expect(stage.state == .failedOver)
        #expect(stage.bot("a1")?.rejected == ["v2"])
        #expect(stage.audited("decision.rollback") == 1)
        stage.restart()
        stage.pass()
        #expect(stage.serving("b1") == "v1")
        stage.commit("v3")
        stage.pass()
        #expect(stage.serving("b1") == "v3")
        #expect(stage.state == .inSync)
    }

    @Test("rollback without git stands under all guards")
    func withoutGitGuarded() {
        var stage = EngineStage.fleet(serves: false)
        stage.commit("v2")
        stage.pass()
        stage.platform.bots["b1"]?.sessions = 3
        stage.decides(.rollbackWithoutGit(bot: "a1", version: "v1"))
        stage.run(limit: .minutes(1)) { $0.stopping == .sessions }
        #expect(stage.stopping == .sessions)
        stage.platform.bots["b1"]?.sessions = 0
        stage.run(limit: .minutes(2)) { $0.serving("b1") == "v1" && $0.engine.isQuiet }
        #expect(stage.serving("b1") == "v1")
    }

    @Test("rollback without git at each phase acts like a newer commit")
    func withoutGitMidRollout() {
        for phase in [Rollout.Phase.guarding, .draining, .triggering, .deploying, .verifying] {
            var stage = EngineStage.fleet(serves: false)
            stage.commit("v2")
            stage.pass()
            stage.commit("v3")
            stage.runUntil(phase)
            stage.decides(.rollbackWithoutGit(bot: "a1", version: "v1"))
            stage.run { $0.serving("b1") == "v1" && $0.engine.isQuiet && !$0.engine.isPassing }
            #expect(stage.serving("b1") == "v1", "\(phase)")
            #expect(stage.outcomes(of: "a1") == [.succeeded, .succeeded, .superseded, .succeeded], "\(phase)")
            #expect(stage.platform.overlaps == 0, "\(phase)")
        }
    }

    @Test(
        "who may not override the trust policy approves the number of bots alone, and no rewrite that goes back there")
    func withoutTrust() throws {
        var stage = EngineStage.fleet(3, configure: { $0.reconcile.maxBotsPerCommit = 2 })
        func refusal(_ commit: CommitID) -> DecisionError.Code? {
            var copy = stage
            guard case .failure(let error) = copy.decide(.approve(commit: commit.hex), mayOverrideTrust: false) else {
                return nil
            }
            return error.code
        }
        #expect(refusal(CommitID(String(repeating: "ab", count: 20))) == .forbidden, "a commit that was not read")
        let wide = stage.commit("v2", 3)
        stage.pass()
        #expect(stage.posted.isEmpty)
        #expect(refusal(wide) == nil)
        _ = stage.decide(.approve(commit: wide.hex), mayOverrideTrust: false)
        stage.run { $0.serving("b3") == "v2" && $0.engine.isQuiet }
        #expect(stage.serving("b3") == "v2")
        stage.commit("v3", 1)
        stage.pass()
        #expect(stage.serving("b1") == "v3")
        stage.branch.reset(to: wide)
        stage.pass()
        let held = try #require(stage.engine.source.held)
        #expect(held.rewritten && held.head == wide)
        #expect(refusal(wide) == .forbidden)
        stage.restart()
        #expect(stage.engine.source.held?.head == wide)
        stage.decides(.approve(commit: wide.hex))
        stage.pass()
        #expect(stage.engine.source.held == nil)
    }

    @Test("a decision is recorded before any head was accepted, too")
    func beforeTheFirstHead() {
        var stage = EngineStage()
        stage.decides(.suspend(.all, for: nil))
        #expect(stage.audited("decision.suspend") == 1)
    }

    @Test("a release with nothing to end says so")
    func nothingToRelease() {
        var stage = EngineStage.fleet()
        expectRefusal(&stage, .release("a1"), .nothingToDo)
        expectRefusal(&stage, .release("default"), .nothingToDo)
        expectRefusal(&stage, .release("nobody"), .unknown)
        expectRefusal(&stage, .suspend(.named("nobody"), for: nil), .unknown)
        expectRefusal(&stage, .enableSink("nobody"), .unknown)
    }
}
