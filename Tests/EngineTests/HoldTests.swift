import Domain
import Support
import Testing

@Suite("What holds a commit")
struct HoldTests {
    private func signing() -> EngineStage {
        var stage = EngineStage { $0.source.trust.signatures = .require }
        stage.platform.add("b1", versions: ["v1", "v2", "v3"])
        stage.platform.deploy("b1", "v1", at: stage.now)
        stage.commit("v1", signature: .good(signer: "ada", key: "k"))
        stage.start()
        return stage
    }

    @Test("invariant 5: an unsigned head changes nothing until it is approved, and its end is told")
    func unsigned() {
        var stage = signing()
        let head = stage.commit("v2")
        stage.pass()
        #expect(stage.posted.isEmpty)
        #expect(stage.serving("b1") == "v1")
        #expect(stage.count(of: "source.untrusted") == 1)
        stage.pass()
        #expect(stage.count(of: "source.untrusted") == 1)
        let untrusted = stage.events.first { $0.type == "source.untrusted" }
        stage.decides(.approve(commit: head.hex))
        stage.pass()
        #expect(stage.serving("b1") == "v2")
        let recovered = stage.events.first { $0.type == "source.recovered" }
        #expect(recovered?.fingerprint == untrusted?.fingerprint)
        let overridden = stage.records.compactMap { $0.fields["overridden"] }
        #expect(overridden == [.array([.string("signature")])])
    }

    @Test("every new commit is judged, not the tip alone")
    func unsignedBelow() {
        var stage = signing()
        stage.commit("v2")
        stage.commit("v3", signature: .good(signer: "ada", key: "k"))
        stage.pass()
        #expect(stage.posted.isEmpty)
        #expect(stage.count(of: "source.untrusted") == 1)
    }

    @Test(
        "a signature that is bad, unknown, unchecked or unsupported is no good one",
        arguments: [
            SignatureVerdict.bad("x"), .unknownKey("k"), .unchecked, .unsupported("rsa"),
        ])
    func signatures(_ verdict: SignatureVerdict) {
        var stage = signing()
        stage.commit("v2", signature: verdict)
        stage.pass()
        #expect(stage.posted.isEmpty)
    }

    @Test("a rewritten branch holds all bots until its head is approved")
    func rewritten() {
        var stage = EngineStage.fleet(2)
        let head = stage.branch.rewrite([
            "a1.yaml": [EngineStage.manifest("a1", bot: "b1", version: "v2")]
        ])
        stage.pass()
        #expect(stage.posted.isEmpty)
        #expect(stage.count(of: "source.rewritten") == 1)
        #expect(stage.bot("a2")?.condition.guard == .trust)
        stage.decides(.approve(commit: String(head.hex)))
        stage.pass()
        #expect(stage.serving("b1") == "v2")
    }

    @Test("a rewritten branch is accepted where the configuration says so")
    func rewriteAccepted() {
        var stage = EngineStage.fleet { $0.source.trust.rewrites = .accept }
        stage.branch.rewrite(["a1.yaml": [EngineStage.manifest("a1", bot: "b1", version: "v2")]])
        stage.pass()
        #expect(stage.serving("b1") == "v2")
    }

    @Test("a held head pauses what it changes before the POST; withdrawn, the older commit goes on")
    func pausedAndWithdrawn() {
        var stage = signing()
        stage.platform.bots["b1"]?.sessions = 1
        let second = stage.commit("v2", signature: .good(signer: "ada", key: "k"))
        stage.runUntil(.draining)
        stage.commit("v3")
        stage.step(.passWanted)
        stage.run(limit: .seconds(30)) { $0.stopping == .trust }
        #expect(stage.stopping == .trust)
        stage.platform.bots["b1"]?.sessions = 0
        stage.wait(.minutes(1))
        #expect(stage.posted.isEmpty)
        stage.branch.reset(to: second)
        stage.pass()
        #expect(stage.serving("b1") == "v2")
        #expect(stage.outcomes(of: "a1") == [.succeeded])
    }

    @Test("a move of too many bots is held with one event, and approved as one")
    func blastRadius() {
        var stage = EngineStage.fleet(4) { $0.reconcile.maxBotsPerCommit = 3 }
        let head = stage.commit("v2", 4)
        stage.pass()
        #expect(stage.posted.isEmpty)
        #expect(stage.count(of: "commit.held") == 1)
        #expect(stage.count(of: "rollout.held") == 0)
        #expect(stage.events.first { $0.type == "commit.held" }?.botCount == 4)
        #expect(stage.stopping == .blastRadius)
        stage.decides(.approve(commit: head.hex))
        stage.pass()
        #expect((1...4).allSatisfy { stage.serving("b\($0)") == "v2" })
        #expect(stage.count(of: "commit.approved") == 1)
    }

    @Test("as many bots as allowed are not held, and those that change no version are not counted")
    func withinRadius() {
        var stage = EngineStage.fleet(4) { $0.reconcile.maxBotsPerCommit = 3 }
        stage.commit("v2", 3)
        stage.pass()
        #expect(stage.serving("b3") == "v2")
        stage.commit("v2", 3) { $0.guards.cooldown = .seconds(1) }
        stage.pass()
        #expect(stage.count(of: "commit.held") == 0)
    }

    @Test("a held move stays attached while later heads arrive, and approving the later one approves both")
    func laterHeads() {
        var stage = EngineStage.fleet(4) { $0.reconcile.maxBotsPerCommit = 2 }
        stage.commit("v2", 3)
        stage.pass()
        stage.branch.commit(["a4.yaml": [EngineStage.manifest("a4", bot: "b4", version: "v3")]])
        stage.pass()
        #expect(stage.serving("b4") == "v3")
        #expect(stage.serving("b1") == "v1")
        let last = stage.commit("v4", 3)
        stage.pass()
        #expect(stage.serving("b1") == "v1")
        stage.decides(.approve(commit: stage.engine.moves.values.map(\.head).max()?.hex ?? last.hex))
        stage.pass()
        #expect(stage.serving("b1") == "v4")
        #expect(!stage.posted.contains("v2"))
    }

    @Test("a held move that a later head withdraws holds nothing any more")
    func withdrawnMove() {
        var stage = EngineStage.fleet(4) { $0.reconcile.maxBotsPerCommit = 3 }
        stage.commit("v2", 4)
        stage.pass()
        stage.commit("v1", 4)
        stage.pass()
        #expect(stage.posted.isEmpty)
        #expect(stage.state == .inSync)
        #expect(stage.engine.moves.values.allSatisfy { $0.status != .held })
    }

    @Test("a recognised revert of an approved commit is approved with it")
    func approvedRevert() {
        var stage = EngineStage.fleet(4) { $0.reconcile.maxBotsPerCommit = 3 }
        let head = stage.commit("v2", 4)
        stage.pass()
        stage.decides(.approve(commit: head.hex))
        stage.pass()
        stage.commit("v1", 4, reverts: head)
        stage.pass()
        #expect((1...4).allSatisfy { stage.serving("b\($0)") == "v1" })
    }

    @Test("on a new state all drifted bots count as one move")
    func newState() {
        var stage = EngineStage { $0.reconcile.maxBotsPerCommit = 3 }
        for number in 1...5 {
            stage.platform.add("b\(number)", versions: ["v1", "v2"])
            stage.platform.deploy("b\(number)", "v1", at: stage.now)
        }
        stage.commit("v2", 5)
        stage.start()
        stage.pass()
        #expect(stage.posted.isEmpty)
        #expect(stage.count(of: "commit.held") == 1)
    }

    @Test("the head in force stands after every move that waits: approving it approves them all")
    func approveTheHeadInForce() {
        var stage = EngineStage.fleet(4) { $0.reconcile.maxBotsPerCommit = 2 }
        stage.commit("v2", 3)
        stage.pass()
        let head = stage.branch.commit(["a4.yaml": [EngineStage.manifest("a4", bot: "b4", version: "v3")]])
        stage.pass()
        #expect(stage.serving("b1") == "v1")
        stage.decides(.approve(commit: head.hex))
        stage.pass()
        #expect((1...3).allSatisfy { stage.serving("b\($0)") == "v2" })
        #expect(stage.count(of: "commit.approved") == 1)
    }

    @Test(
        "the same version counts, too, where a commit ends what kept the bots from it",
        arguments: ["alert", "suspend", "failover"])
    func setFree(_ way: String) {
        var stage = EngineStage.fleet(4) {
            $0.reconcile.maxBotsPerCommit = 3
            $0.reconcile.haltFailures = 100
        }
        if way == "failover" { for number in 1...4 { stage.platform.bots["b\(number)"]?.bad = ["v2"] } }
        let head = stage.commit("v2", 4) {
            if way == "alert" { $0.mode = .alert }
            if way == "suspend" { $0.suspend = true }
        }
        stage.pass()
        if way == "failover" {
            stage.decides(.approve(commit: head.hex))
            stage.pass()
            #expect(stage.state == .failedOver)
        }
        let posts = stage.posted.count
        let held = stage.count(of: "commit.held")
        stage.commit("v2", 4) { $0.guards.cooldown = .seconds(1) }
        stage.pass()
        #expect(stage.posted.count == posts)
        #expect(stage.count(of: "commit.held") == held + 1)
    }

    @Test("a held move whose bots are all removed is over, and told so")
    func removedMove() {
        var stage = EngineStage.fleet(4) { $0.reconcile.maxBotsPerCommit = 3 }
        stage.commit("v2", 4)
        stage.pass()
        stage.branch.commit(["a1.yaml": nil, "a2.yaml": nil, "a3.yaml": nil, "a4.yaml": nil])
        stage.pass()
        #expect(stage.engine.moves.values.allSatisfy { $0.status == .approved })
        #expect(stage.count(of: "commit.approved") == 1)
    }

    @Test("drift on too many bots of a platform is held until it is approved")
    func wideDrift() {
        var stage = EngineStage.fleet(4) { $0.reconcile.maxBotsPerCommit = 3 }
        stage.wait(.minutes(1))
        for number in 1...4 { stage.platform.deploy("b\(number)", "v3", by: "mallory", at: stage.now) }
        stage.pass()
        #expect(stage.posted.isEmpty)
        #expect(stage.count(of: "platform.held") == 1)
        expectRefusal(&stage, .approveDrift(platform: "nowhere"), .unknown)
        stage.decides(.approveDrift(platform: "default"))
        stage.pass()
        #expect((1...4).allSatisfy { stage.serving("b\($0)") == "v1" })
        #expect(stage.count(of: "platform.released") >= 1)
    }

    @Test("invariant 6: a commit that was passed long ago is not gone back to because somebody approved it")
    func approvedOldCommit() {
        var stage = signing()
        let good = SignatureVerdict.good(signer: "ada", key: "k")
        let first = stage.branch.head
        expectRefusal(&stage, .approve(commit: first?.hex ?? ""), .nothingToDo)
        stage.commit("v2", signature: good)
        stage.pass()
        #expect(stage.serving("b1") == "v2")
        stage.decides(.approve(commit: first?.hex ?? ""))
        stage.pass()
        let posted = stage.posted.count
        let head = stage.commit("v3")
        stage.pass()
        stage.pass()
        #expect(stage.count(of: "source.untrusted") == 1)
        #expect(stage.posted.count == posted)
        #expect(stage.serving("b1") == "v2")
        stage.decides(.approve(commit: head.hex))
        stage.pass()
        #expect(stage.serving("b1") == "v3")
    }

    @Test("a rewritten head that was approved is accepted although the branch went on")
    func rewrittenAndMovedOn() {
        var stage = EngineStage.fleet(2)
        let head = stage.branch.rewrite(["a1.yaml": [EngineStage.manifest("a1", bot: "b1", version: "v2")]])
        stage.pass()
        stage.decides(.approve(commit: head.hex))
        stage.branch.commit(["a2.yaml": [EngineStage.manifest("a2", bot: "b2", version: "v2")]])
        stage.pass()
        stage.pass()
        #expect(stage.serving("b1") == "v2")
        #expect(stage.serving("b2") == "v2")
    }

    @Test("approving what is not held, or what nobody knows, is told")
    func nothingToApprove() {
        var stage = EngineStage.fleet()
        expectRefusal(&stage, .approve(commit: "zz"), .unknown)
        expectRefusal(&stage, .approve(commit: "abcd"), .unknown)
        expectRefusal(&stage, .approveDrift(platform: "default"), .nothingToDo)
    }
}
