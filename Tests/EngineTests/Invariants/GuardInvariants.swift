import Domain
import Support
import Testing

@Suite("Invariant 1: nothing is changed unless every guard passed, on observations made after the last relevant event")
struct Invariant1Tests {
    @Test("what fails while the rollout drains is judged again before the POST", arguments: Guard.allCases)
    func judgedAgain(_ failing: Guard) {
        var stage = EngineStage.fleet(4) { $0.reconcile.maxBotsPerCommit = 2 }
        stage.platform.bots["b1"]?.sessions = 1
        stage.commit("v2")
        stage.runUntil(.draining)
        switch failing {
        case .manifest: stage.branch.commit(["a1.yaml": [.bad("no version", name: "a1")]])
        case .policy: stage.settings.policy.require.maxActiveSessionsAtMost = 0
        case .trust: stage.branch.rewrite(["x.yaml": nil])
        case .suspend: stage.decides(.suspend(.named("a1"), for: nil))
        case .halt: stage.logFailure = "full"
        case .blastRadius: stage.commit("v3", 4)
        case .quarantine: stage.platform.bots["b1"]?.failing = ["v2"]
        case .contested: stage.platform.deploy("b1", "v4", by: "x", key: "ballast-other-1", at: stage.now)
        case .window: stage.commit("v2") { $0.guards.windows = [.closed] }
        case .cooldown: stage.commit("v2") { $0.guards.cooldown = .hours(9) }
        case .version: stage.platform.bots["b1"]?.versions.remove(at: 1)
        case .inFlight:
            stage.platform.bots["b1"]?.hanging = ["v3"]
            stage.platform.begin("b1", "v3", at: stage.now)
        case .sessions: return
        }
        stage.step(.passWanted)
        stage.run(limit: .seconds(5)) { _ in false }
        stage.platform.bots["b1"]?.sessions = 0
        stage.run(limit: .minutes(5)) { _ in false }
        switch failing {
        // The platform finds these out itself; what it refused or failed is not sent again.
        case .quarantine, .version: #expect(stage.posted.filter { $0 == "v2" }.count <= 1)
        // No log is required here, no rollout ended before, and the policy is met.
        case .halt, .cooldown, .policy: #expect(stage.serving("b1") == "v2")
        default: #expect(!stage.posted.contains("v2"))
        }
    }

    @Test("a commit that suspends ends what stands before its POST", arguments: [false, true])
    func suspendedByCommit(_ isHeldByTheBudget: Bool) {
        var stage = EngineStage.fleet(2) { $0.platforms[0].maxConcurrentRequests = 1 }
        stage.platform.fault = { _, request in
            if case .sessions = request { .delay(.seconds(3)) } else { nil }
        }
        if !isHeldByTheBudget { for bot in ["b1", "b2"] { stage.platform.bots[bot]?.sessions = 1 } }
        stage.commit("v2", 2)
        stage.runUntil(isHeldByTheBudget ? .triggering : .draining)
        #expect(stage.posted.isEmpty)
        stage.commit("v2", 2) { $0.suspend = true }
        stage.step(.passWanted)
        stage.run { $0.engine.isQuiet }
        #expect(stage.posted.isEmpty)
        #expect(stage.outcomes(of: "a1") == [.superseded])
        #expect(stage.outcomes(of: "a2") == [.superseded])
        #expect(stage.state == .suspended)
    }

    @Test("a policy that was tightened while no process ran counts for what waits")
    func policyOverARestart() {
        var stage = EngineStage.fleet()
        stage.platform.bots["b1"]?.sessions = 1
        stage.commit("v2")
        stage.runUntil(.draining)
        stage.settings.policy.windows = [.closed]
        stage.platform.bots["b1"]?.sessions = 0
        stage.crash()
        stage.step(.start)
        stage.run(limit: .minutes(10)) { _ in false }
        #expect(stage.posted.isEmpty)
        #expect(stage.stopping == .window)
    }

    @Test("somebody's third version while a rollout stands: all guards again, contested included")
    func contestedWhileItStands() {
        var stage = EngineStage.fleet()
        stage.platform.bots["b1"]?.sessions = 1
        stage.commit("v2")
        stage.runUntil(.draining)
        stage.platform.deploy("b1", "v4", by: "ballast", key: "ballast-other-1-1", at: stage.now)
        stage.platform.bots["b1"]?.sessions = 0
        stage.step(.passWanted)
        stage.run(limit: .minutes(5)) { _ in false }
        #expect(stage.posted.isEmpty)
        #expect(stage.stopping == .contested)
        #expect(stage.count(of: "bot.contested") == 1)
        stage.decides(.release("a1"))
        stage.run(limit: .minutes(5)) { $0.serving("b1") == "v2" }
        #expect(stage.serving("b1") == "v2")
    }
}

@Suite("Invariant 4: force is never true, and dependencies are left unvalidated only by the commit")
struct Invariant4Tests {
    @Test("whatever the end, the requests say what the manifest says", arguments: [true, false])
    func dependencies(_ validates: Bool) {
        var stage = EngineStage.fleet()
        stage.platform.bots["b1"]?.bad = ["v2"]
        stage.commit("v2") { $0.guards.validateDependencies = validates }
        stage.pass()
        #expect(stage.posted == ["v2", "v1"])
        #expect(stage.platform.posts.allSatisfy { $0.validateDependencies == validates })
        let forced = stage.records.compactMap { $0.fields["force"] }
        #expect(!forced.isEmpty && forced.allSatisfy { $0 == .bool(false) })
    }
}

@Suite("Invariant 5: only versions named in a trusted commit, or verified here before, are ever deployed")
struct Invariant5Tests {
    @Test("an untrusted commit's version and its fallback are not deployed, also over a restart")
    func untrusted() {
        var stage = EngineStage { $0.source.trust.signatures = .require }
        stage.platform.add("b1", versions: ["v1", "v2", "v3"])
        stage.platform.deploy("b1", "v1", at: stage.now)
        stage.commit("v1", signature: .good(signer: "ada", key: "k"))
        stage.start()
        stage.commit("v2") { $0.fallbackVersion = "v3" }
        stage.pass()
        stage.restart()
        stage.pass()
        #expect(stage.posted.isEmpty)
        #expect(stage.count(of: "source.untrusted") == 1)
    }

    @Test("what a person asks for without git must have been verified here")
    func withoutGit() {
        var stage = EngineStage.fleet(serves: false)
        expectRefusal(&stage, .rollbackWithoutGit(bot: "a1", version: "v2"), .notAllowed)
        stage.pass()
        #expect(stage.posted == ["v1"])
    }
}

@Suite("Invariant 10: unknown is not zero, and not fine")
struct Invariant10Tests {
    private static let second = Manifest.Spec(platform: "default", botId: "b2", environment: "STAGIN", version: "v1")

    @Test("an environment that the platform refuses leaves its own bots unknown, and no others")
    func environment() {
        var stage = EngineStage.fleet()
        stage.platform.add("b2", versions: ["v1"])
        stage.platform.fault = { _, request in
            if case .jobs(_, "STAGIN", _) = request {
                .failure(PlatformFailure(.notFound, "no such environment"))
            } else {
                nil
            }
        }
        stage.commit("v2")
        stage.branch.commit(["z.yaml": [.manifest(Manifest(name: "z", labels: [:], spec: Self.second))]])
        stage.pass()
        #expect(stage.serving("b1") == "v2")
        #expect(stage.state == .inSync)
        #expect(stage.engine.reports().first { $0.name == "z" }?.state == .unknown)
        #expect(stage.count(of: "platform.unreachable") == 0)
    }

    @Test("a bot that nothing named for a while is observed anew before anything is said of it")
    func namedAgain() {
        var stage = EngineStage.fleet(2)
        stage.branch.commit(["a1.yaml": nil])
        stage.pass()
        stage.platform.deploy("b1", "v3", by: "mallory", at: stage.now)
        stage.pass()
        stage.commit("v1")
        stage.pass()
        #expect(stage.serving("b1") == "v1")
        #expect(stage.posted == ["v1"])
    }
}
