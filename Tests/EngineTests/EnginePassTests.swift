import Domain
import Support
import Testing

@Suite struct EnginePassTests {
    private func stage(_ versions: [String] = ["v1", "v2", "v3"]) -> EngineStage {
        var stage = EngineStage()
        stage.platform.add("b1", versions: versions)
        return stage
    }

    @Test func aFirstManifestDeploysItsVersion() {
        var stage = stage()
        stage.branch.commit(["a.yaml": [EngineStage.manifest("a", bot: "b1", version: "v1")]])
        stage.start()
        #expect(stage.serving("b1") == "v1")
        #expect(stage.bot("a")?.condition.state == .inSync)
        #expect(stage.outcomes(of: "a") == [.succeeded])
        #expect(stage.bot("a")?.verified == ["v1"])
    }

    @Test("invariant 14: a pass that finds nothing new writes nothing, at one request an environment")
    func anUnchangedPassWritesNothing() {
        var stage = stage()
        stage.branch.commit(["a.yaml": [EngineStage.manifest("a", bot: "b1", version: "v1")]])
        stage.start()
        // The feed of the first pass did not know our own job yet.
        stage.pass()
        stage.wait(.seconds(20))
        let written = stage.transactions.count
        let requests = stage.platform.requests.count
        stage.pass()
        #expect(stage.transactions.count == written)
        #expect(stage.platform.requests.count == requests + 1)
    }

    @Test("invariants 7 and 12: a bad version fails over once and is not tried again")
    func aBadVersionFailsOver() {
        var stage = stage()
        stage.platform.bots["b1"]?.bad = ["v2"]
        stage.branch.commit(["a.yaml": [EngineStage.manifest("a", bot: "b1", version: "v1")]])
        stage.start()
        stage.branch.commit(["a.yaml": [EngineStage.manifest("a", bot: "b1", version: "v2")]])
        stage.pass()
        #expect(stage.serving("b1") == "v1")
        #expect(stage.outcomes(of: "a") == [.succeeded, .failedOver])
        #expect(stage.bot("a")?.condition.state == .failedOver)
        let posts = stage.platform.posts.count
        stage.pass()
        stage.pass()
        #expect(stage.platform.posts.count == posts)
        #expect(!stage.eventTypes.contains("drift.detected"))
    }

    @Test func aRevertRollsBackAndTheRejectedVersionIsNoFallback() {
        var stage = stage()
        stage.branch.commit(["a.yaml": [EngineStage.manifest("a", bot: "b1", version: "v1")]])
        stage.start()
        let second = stage.branch.commit(["a.yaml": [EngineStage.manifest("a", bot: "b1", version: "v2")]])
        stage.pass()
        stage.branch.commit(["a.yaml": [EngineStage.manifest("a", bot: "b1", version: "v1")]], reverts: second)
        stage.pass()
        #expect(stage.serving("b1") == "v1")
        #expect(stage.bot("a")?.rejected == ["v2"])
        stage.platform.bots["b1"]?.bad = ["v3"]
        stage.branch.commit(["a.yaml": [EngineStage.manifest("a", bot: "b1", version: "v3")]])
        stage.pass()
        #expect(stage.serving("b1") == "v1")
    }

    @Test func driftMadeByOthersIsToldAndUndoneAndThenContested() {
        var stage = stage()
        stage.branch.commit(["a.yaml": [EngineStage.manifest("a", bot: "b1", version: "v1")]])
        stage.start()
        stage.wait(.minutes(1))
        stage.platform.deploy("b1", "v3", by: "mallory", at: stage.now)
        stage.pass()
        #expect(stage.serving("b1") == "v1")
        #expect(stage.eventTypes.contains("drift.detected"))
        #expect(stage.eventTypes.contains("drift.resolved"))
        stage.wait(.minutes(1))
        stage.platform.deploy("b1", "v3", by: "mallory", at: stage.now)
        stage.pass()
        #expect(stage.serving("b1") == "v3")
        #expect(stage.bot("a")?.condition.guard == .contested)
        #expect(stage.eventTypes.filter { $0 == "bot.contested" }.count == 1)
        guard case .success = stage.decide(.release("a")) else {
            Issue.record("release was refused")
            return
        }
        stage.pass()
        #expect(stage.serving("b1") == "v1")
    }

    @Test("invariant 17: removing a manifest changes nothing on the platform")
    func removalLeavesTheBotAlone() {
        var stage = stage()
        stage.branch.commit(["a.yaml": [EngineStage.manifest("a", bot: "b1", version: "v1")]])
        stage.start()
        let posts = stage.platform.posts.count
        stage.branch.commit(["a.yaml": nil])
        stage.pass()
        #expect(stage.bot("a")?.condition.state == .unmanaged)
        #expect(stage.platform.posts.count == posts)
        #expect(stage.eventTypes.contains("bot.unmanaged"))
    }

    @Test func aBadManifestFreezesItsBotAlone() {
        var stage = stage()
        stage.platform.add("b2", versions: ["v1", "v2"])
        stage.branch.commit([
            "a.yaml": [EngineStage.manifest("a", bot: "b1", version: "v1")],
            "b.yaml": [EngineStage.manifest("b", bot: "b2", version: "v1")],
        ])
        stage.start()
        stage.branch.commit([
            "a.yaml": [.bad("unknown field `verison`; did you mean `version`?", name: "a")],
            "b.yaml": [EngineStage.manifest("b", bot: "b2", version: "v2")],
        ])
        stage.pass()
        #expect(stage.bot("a")?.condition.state == .invalid)
        #expect(stage.serving("b1") == "v1")
        #expect(stage.serving("b2") == "v2")
        stage.branch.commit(["a.yaml": [EngineStage.manifest("a", bot: "b1", version: "v2")]])
        stage.pass()
        #expect(stage.serving("b1") == "v2")
        #expect(stage.eventTypes.contains("manifest.fixed"))
    }

    @Test func aNewcomerThatNamesAHeldBotIsTheError() {
        var stage = stage()
        stage.branch.commit(["a.yaml": [EngineStage.manifest("a", bot: "b1", version: "v1")]])
        stage.start()
        stage.branch.commit(["z.yaml": [EngineStage.manifest("z", bot: "b1", version: "v3")]])
        stage.pass()
        #expect(stage.serving("b1") == "v1")
        #expect(stage.engine.problems().map(\.path) == ["z.yaml"])
        stage.branch.commit(["a.yaml": nil])
        stage.pass()
        #expect(stage.serving("b1") == "v3")
        #expect(stage.engine.problems().isEmpty)
    }
}
