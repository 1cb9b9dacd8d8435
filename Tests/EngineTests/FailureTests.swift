import Domain
import Support
import Testing

@Suite("What goes wrong on the platform")
struct FailureTests {
    @Test("a failed job leaves what served: no fallback is sent unless the manifest names one that does not serve")
    func failedJob() {
        var stage = EngineStage.fleet()
        stage.platform.bots["b1"]?.failing = ["v2"]
        stage.commit("v2")
        stage.pass()
        #expect(stage.posted == ["v2"])
        #expect(stage.outcomes(of: "a1") == [.failed])
        #expect(stage.serving("b1") == "v1")
        #expect(stage.state == .held)
        #expect(stage.stopping == .quarantine)
        stage.commit("v2") { $0.fallbackVersion = "v4" }
        stage.pass()
        #expect(stage.posted == ["v2", "v2", "v4"])
        #expect(stage.outcomes(of: "a1") == [.failed, .failedOver])
        #expect(stage.serving("b1") == "v4")
    }

    @Test("invariant 7: a quarantined version stays away until a commit changes the spec or a person releases it")
    func quarantine() {
        var stage = EngineStage.fleet()
        stage.platform.bots["b1"]?.bad = ["v2"]
        stage.commit("v2")
        stage.pass()
        #expect(stage.posted == ["v2", "v1"])
        stage.pass()
        stage.restart()
        stage.pass()
        #expect(stage.posted.count == 2)
        stage.platform.bots["b1"]?.bad = []
        stage.decides(.release("a1"))
        stage.pass()
        #expect(stage.serving("b1") == "v2")
        #expect(stage.posted == ["v2", "v1", "v2"])
        #expect(stage.audited("decision.release") == 1)
    }

    @Test("labels alone lift no quarantine, a changed spec does")
    func changedSpec() {
        var stage = EngineStage.fleet()
        stage.platform.bots["b1"]?.bad = ["v2"]
        stage.commit("v2")
        stage.pass()
        var manifest = Manifest(
            name: "a1", labels: ["team": "x"],
            spec: Manifest.Spec(platform: "default", botId: "b1", environment: "PRODUCTION", version: "v2"))
        manifest.spec.verify = [VerifyCase(message: "order", intent: "order_support", minConfidence: 0.8)]
        stage.branch.commit(["a1.yaml": [.manifest(manifest)]])
        stage.pass()
        #expect(stage.posted == ["v2", "v1"])
        stage.platform.bots["b1"]?.bad = []
        stage.commit("v2") { $0.guards.cooldown = .seconds(1) }
        stage.pass()
        #expect(stage.serving("b1") == "v2")
    }

    @Test("onFailure: hold stays where it is, after a bad verification and after a failed job")
    func hold() {
        var stage = EngineStage.fleet()
        stage.platform.bots["b1"]?.bad = ["v2"]
        stage.commit("v2") { $0.onFailure = .hold }
        stage.pass()
        #expect(stage.posted == ["v2"])
        #expect(stage.serving("b1") == "v2")
        #expect(stage.outcomes(of: "a1") == [.failed])
        #expect(stage.count(of: "rollout.failed") == 1)
        #expect(stage.state == .degraded)
        stage.platform.bots["b1"]?.failing = ["v3"]
        stage.commit("v3") {
            $0.onFailure = .hold
            $0.fallbackVersion = "v4"
        }
        stage.pass()
        #expect(stage.posted == ["v2", "v3"])
    }

    @Test("invariant 11: a bad first version without a fallback is degraded and frozen until a newer commit")
    func degraded() {
        var stage = EngineStage.fleet(serves: false, configure: { _ in })
        stage.platform.bots["b1"]?.bad = ["v3", "v1"]
        stage.commit("v3") { $0.fallbackVersion = "v1" }
        stage.pass()
        #expect(stage.outcomes(of: "a1").last == .degraded)
        #expect(stage.state == .degraded)
        #expect(stage.events.last { $0.type == "rollout.degraded" }?.severity == .critical)
        let posts = stage.posted.count
        stage.wait(.hours(1))
        stage.pass()
        #expect(stage.posted.count == posts)
        stage.commit("v2")
        stage.pass()
        #expect(stage.serving("b1") == "v2")
        #expect(stage.state == .inSync)
    }

    @Test(
        "the fallback: what the manifest names, else the last verified here, else what was in sync; never the rejected")
    func fallbackChoice() {
        var stage = EngineStage.fleet()
        stage.platform.bots["b1"]?.bad = ["v3", "v4"]
        stage.commit("v2")
        stage.pass()
        stage.commit("v3")
        stage.pass()
        #expect(stage.serving("b1") == "v2")
        stage.commit("v4") { $0.fallbackVersion = "v1" }
        stage.pass()
        #expect(stage.serving("b1") == "v1")
    }

    @Test("invariant 12: a failover that fails too is degraded, and counted once")
    func failoverFails() {
        var stage = EngineStage.fleet { $0.reconcile.haltFailures = 2 }
        stage.platform.bots["b1"]?.bad = ["v2"]
        stage.platform.bots["b1"]?.failing = ["v1"]
        stage.commit("v2")
        stage.pass()
        #expect(stage.posted == ["v2", "v1"])
        #expect(stage.outcomes(of: "a1") == [.degraded])
        #expect(stage.count(of: "platform.halted") == 0)
    }

    @Test("as many different bots as the halt allows fail: the rest of the platform waits for a person")
    func halt() {
        var stage = EngineStage.fleet(4) {
            $0.reconcile.haltFailures = 2
            $0.reconcile.maxConcurrentRollouts = 1
        }
        for number in 1...4 { stage.platform.bots["b\(number)"]?.bad = ["v2"] }
        stage.commit("v2", 4)
        stage.pass()
        #expect(stage.count(of: "platform.halted") == 1)
        #expect(stage.posted.filter { $0 == "v2" }.count == 2)
        // The failed ones came back all the same.
        #expect((1...4).allSatisfy { stage.serving("b\($0)") == "v1" })
        #expect(stage.bot("a4")?.condition.guard == .halt)
        stage.wait(.hours(1))
        stage.pass()
        #expect(stage.posted.filter { $0 == "v2" }.count == 2)
        for number in 1...4 { stage.platform.bots["b\(number)"]?.bad = [] }
        stage.decides(.release("default"))
        stage.pass()
        #expect(stage.serving("b4") == "v2")
    }

    @Test("failures long apart halt nothing")
    func noHalt() {
        var stage = EngineStage.fleet(3) { $0.reconcile.haltFailures = 2 }
        for number in 1...3 { stage.platform.bots["b\(number)"]?.bad = ["v2"] }
        for number in 1...3 {
            stage.branch.commit([
                "a\(number).yaml": [EngineStage.manifest("a\(number)", bot: "b\(number)", version: "v2")]
            ])
            stage.pass()
            stage.wait(.minutes(20))
        }
        #expect(stage.count(of: "platform.halted") == 0)
    }

    @Test("a job without an end is timed out and watched; found later, it is adopted without a POST")
    func timedOut() {
        var stage = EngineStage.fleet()
        stage.platform.bots["b1"]?.hanging = ["v2"]
        stage.commit("v2")
        stage.step(.passWanted)
        stage.run(limit: .hours(2)) { $0.outcomes(of: "a1") == [.timedOut] }
        #expect(stage.outcomes(of: "a1") == [.timedOut])
        #expect(stage.state == .indeterminate)
        stage.commit("v3")
        stage.pass()
        #expect(stage.posted == ["v2"])
        #expect(stage.state == .held)
        stage.branch.commit(["a1.yaml": [EngineStage.manifest("a1", bot: "b1", version: "v2")]])
        stage.platform.finish("b1", at: stage.now)
        stage.pass()
        stage.pass()
        #expect(stage.posted == ["v2"])
        #expect(stage.serving("b1") == "v2")
        #expect(stage.outcomes(of: "a1") == [.timedOut, .succeeded])
    }

    @Test("invariant 3: an answer that was lost after the work was done is looked up, and nothing is sent twice")
    func lostAnswer() {
        var stage = EngineStage.fleet()
        let first = Counter()
        stage.platform.fault = { _, request in
            if case .deploy = request, first.next() == 1 { .lostAfter } else { nil }
        }
        stage.commit("v2")
        stage.pass()
        #expect(stage.posted == ["v2"])
        #expect(stage.outcomes(of: "a1") == [.succeeded])
        #expect(stage.platform.overlaps == 0)
    }

    @Test("a POST that surely never arrived is sent again with the same key")
    func neverArrived() {
        var stage = EngineStage.fleet()
        let first = Counter()
        stage.platform.fault = { _, request in
            if case .deploy = request, first.next() == 1 { .failure(PlatformFailure(.lost, "reset")) } else { nil }
        }
        stage.commit("v2")
        stage.pass()
        #expect(stage.serving("b1") == "v2")
        #expect(stage.outcomes(of: "a1") == [.succeeded])
    }

    @Test("invariant 10: where the look-up can't tell, the bot is indeterminate, frozen and told, until it can be")
    func indeterminate() {
        var stage = EngineStage.fleet()
        let isBroken = Flag()
        stage.platform.fault = { _, request in
            switch request {
            case .deploy where !isBroken.value:
                isBroken.value = true
                return .lostAfter
            case .jobs where isBroken.value: return .failure(PlatformFailure(.unclear, "503"))
            default: return nil
            }
        }
        stage.commit("v2")
        stage.step(.passWanted)
        stage.run(limit: .hours(1)) { $0.outcomes(of: "a1") == [.indeterminate] }
        #expect(stage.outcomes(of: "a1") == [.indeterminate])
        #expect(stage.count(of: "rollout.indeterminate") == 1)
        stage.commit("v3")
        stage.pass()
        #expect(stage.posted == ["v2"])
        isBroken.value = true
        stage.platform.fault = { _, _ in nil }
        stage.wait(.minutes(5))
        stage.pass()
        stage.pass()
        #expect(stage.serving("b1") == "v3")
        #expect(stage.posted == ["v2", "v3"])
    }

    @Test("a verification that can't be made is never taken for one that passed or failed")
    func inconclusive() {
        var stage = EngineStage.fleet()
        stage.platform.fault = { _, request in
            if case .test = request { .failure(PlatformFailure(.unclear, "502")) } else { nil }
        }
        stage.commit("v2")
        stage.step(.passWanted)
        stage.run(limit: .hours(1)) { $0.outcomes(of: "a1") == [.indeterminate] }
        #expect(stage.outcomes(of: "a1") == [.indeterminate])
        #expect(stage.bot("a1")?.verified.contains("v2") == false)
        #expect(stage.bot("a1")?.quarantine.isEmpty == true)
        stage.platform.fault = { _, _ in nil }
        stage.pass()
        stage.pass()
        #expect(stage.outcomes(of: "a1") == [.indeterminate, .succeeded])
        #expect(stage.posted == ["v2"])
        #expect(stage.state == .inSync)
    }

    @Test("invariant 6: what a newer commit does at each phase; its older version is never sent once it was read")
    func newerCommit() {
        for phase in [Rollout.Phase.guarding, .draining, .triggering, .deploying, .verifying] {
            var stage = EngineStage.fleet()
            stage.platform.fault = { _, request in
                if case .test = request { .delay(.seconds(2)) } else { nil }
            }
            stage.commit("v2")
            stage.runUntil(phase)
            guard stage.engine.machines.values.contains(where: { $0.rollout.phase == phase }) else {
                Issue.record("never \(phase)")
                continue
            }
            let posted = stage.posted
            stage.commit("v3")
            stage.step(.passWanted)
            stage.run { $0.serving("b1") == "v3" && $0.engine.isQuiet && !$0.engine.isPassing }
            #expect(stage.outcomes(of: "a1") == [.superseded, .succeeded], "\(phase)")
            #expect(stage.posted.last == "v3", "\(phase)")
            #expect(stage.posted.count <= max(posted.count, 1) + 1, "\(phase)")
            #expect(stage.bot("a1")?.verified == ["v3"], "\(phase)")
            #expect(stage.platform.overlaps == 0, "\(phase)")
        }
    }
}
