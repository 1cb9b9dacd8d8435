import Domain
import Support
import Testing

@Suite("What makes a rollout wait")
struct WaitingTests {
    @Test("invariant 16: a bot whose sessions stay open holds up no other bot")
    func sessionsHoldOneBot() {
        var stage = EngineStage.fleet(3) { $0.reconcile.maxConcurrentRollouts = 1 }
        stage.platform.bots["b1"]?.sessions = 2
        stage.commit("v2", 3)
        stage.step(.passWanted)
        stage.run(limit: .minutes(2)) { $0.serving("b2") == "v2" && $0.serving("b3") == "v2" }
        #expect(stage.serving("b2") == "v2")
        #expect(stage.serving("b3") == "v2")
        #expect(stage.serving("b1") == "v1")
        #expect(stage.state == .waiting)
        #expect(stage.stopping == .sessions)
    }

    @Test("sessions that never end block the rollout at the drain time-out, and are looked at again on passes")
    func drainEnds() {
        var stage = EngineStage.fleet(spec: { $0.guards.drainTimeout = .minutes(5) })
        stage.platform.bots["b1"]?.sessions = 1
        stage.commit("v2") { $0.guards.drainTimeout = .minutes(5) }
        stage.pass()
        #expect(stage.posted.isEmpty)
        #expect(stage.state == .blocked)
        #expect(stage.stopping == .sessions)
        #expect(stage.outcomes(of: "a1") == [.blocked])
        #expect(stage.count(of: "rollout.blocked") == 1)
        stage.pass()
        #expect(stage.outcomes(of: "a1") == [.blocked])
        stage.platform.bots["b1"]?.sessions = 0
        stage.pass()
        stage.pass()
        #expect(stage.serving("b1") == "v2")
    }

    @Test("sessions are counted over all pages, before the switch and when a blocked bot is looked at again")
    func sessionPages() {
        var stage = EngineStage.fleet()
        stage.platform.sessionPageSize = 2
        stage.platform.bots["b1"]?.sessions = 9
        stage.commit("v2") {
            $0.guards.maxActiveSessions = 5
            $0.guards.drainTimeout = .minutes(1)
        }
        stage.pass()
        #expect(stage.state == .blocked)
        stage.pass()
        #expect(stage.outcomes(of: "a1") == [.blocked])
        stage.platform.bots["b1"]?.sessions = 5
        stage.pass()
        stage.pass()
        #expect(stage.serving("b1") == "v2")
    }

    @Test("as many sessions as allowed do not wait")
    func someSessions() {
        var stage = EngineStage.fleet(spec: { $0.guards.maxActiveSessions = 3 })
        stage.platform.bots["b1"]?.sessions = 3
        stage.commit("v2") { $0.guards.maxActiveSessions = 3 }
        stage.pass()
        #expect(stage.serving("b1") == "v2")
    }

    @Test("invariant 10: a session count that is not known is not zero")
    func unknownSessions() {
        var stage = EngineStage.fleet()
        stage.platform.fault = { _, request in
            if case .sessions = request { .failure(PlatformFailure(.unclear, "HTML")) } else { nil }
        }
        stage.commit("v2")
        stage.pass()
        #expect(stage.posted.isEmpty)
        #expect(stage.serving("b1") == "v1")
    }

    @Test("a newer commit ends the wait for sessions at once")
    func newerCommitEndsDrain() {
        var stage = EngineStage.fleet()
        stage.platform.bots["b1"]?.sessions = 1
        stage.commit("v2")
        stage.runUntil(.draining)
        stage.commit("v1")
        stage.step(.passWanted)
        stage.run(limit: .seconds(5)) { $0.outcomes(of: "a1") == [.superseded] }
        #expect(stage.outcomes(of: "a1") == [.superseded])
        #expect(stage.posted.isEmpty)
        #expect(stage.state == .inSync)
    }

    @Test("a closed window waits with its next opening, a waiver passes it once, and the record names it")
    func window() {
        var stage = EngineStage.fleet(spec: { $0.guards.windows = [.closed] })
        stage.commit("v2") { $0.guards.windows = [.closed] }
        stage.step(.passWanted)
        stage.run(limit: .minutes(1)) { $0.stopping == .window }
        #expect(stage.stopping == .window)
        #expect(stage.state == .waiting)
        #expect(stage.posted.isEmpty)
        stage.decides(.waive(bot: "a1", .window))
        stage.run(limit: .minutes(1)) { $0.serving("b1") == "v2" && $0.engine.isQuiet }
        #expect(stage.serving("b1") == "v2")
        #expect(stage.bot("a1")?.waivers.isEmpty == true)
        stage.commit("v3") { $0.guards.windows = [.closed] }
        stage.step(.passWanted)
        stage.run(limit: .minutes(1)) { $0.stopping == .window && $0.state == .waiting }
        #expect(stage.serving("b1") == "v2")
    }

    @Test("a return passes a window that lets rollbacks through, a first deployment of a version does not")
    func returns() {
        var stage = EngineStage.fleet()
        stage.commit("v2")
        stage.pass()
        // v1 was served and in sync, but no rollout of it was verified here.
        stage.commit("v3") { $0.guards.windows = [.closedButForReturns] }
        stage.step(.passWanted)
        stage.run(limit: .minutes(1)) { $0.stopping == .window }
        #expect(stage.serving("b1") == "v2")
        stage.commit("v2") { $0.guards.windows = [.closedButForReturns] }
        stage.pass()
        stage.platform.deploy("b1", "v4", at: stage.now)
        stage.wait(.minutes(1))
        stage.pass()
        #expect(stage.serving("b1") == "v2")
    }

    @Test("a window that a newer commit takes away, or adds, counts from the next judgement")
    func newestWindows() {
        var stage = EngineStage.fleet(spec: { $0.guards.windows = [.closed] })
        stage.commit("v2") { $0.guards.windows = [.closed] }
        stage.step(.passWanted)
        stage.run(limit: .minutes(1)) { $0.stopping == .window }
        stage.commit("v2")
        stage.pass()
        #expect(stage.serving("b1") == "v2")
        #expect(stage.outcomes(of: "a1") == [.succeeded])
        stage.platform.bots["b1"]?.sessions = 1
        stage.commit("v3")
        stage.runUntil(.draining)
        stage.commit("v3") { $0.guards.windows = [.closed] }
        stage.step(.passWanted)
        stage.run(limit: .minutes(1)) { !$0.engine.isPassing }
        stage.platform.bots["b1"]?.sessions = 0
        stage.run(limit: .minutes(2)) { $0.stopping == .window }
        #expect(stage.serving("b1") == "v2")
        #expect(stage.stopping == .window)
    }

    @Test("the cooldown waits since the last rollout; a return does not wait for it")
    func cooldown() {
        var stage = EngineStage.fleet(serves: false, spec: { $0.guards.cooldown = .hours(2) })
        #expect(stage.serving("b1") == "v1")
        stage.commit("v2") { $0.guards.cooldown = .hours(2) }
        stage.step(.passWanted)
        stage.run(limit: .minutes(1)) { $0.stopping == .cooldown }
        #expect(stage.stopping == .cooldown)
        stage.wait(.hours(2))
        stage.run { $0.engine.isQuiet }
        #expect(stage.serving("b1") == "v2")
        stage.commit("v1") { $0.guards.cooldown = .hours(2) }
        stage.pass()
        #expect(stage.serving("b1") == "v1")
    }

    @Test("only five guards can be waived, a waiver ends after an hour and is audited")
    func waivers() {
        var stage = EngineStage.fleet()
        for one in [
            Guard.manifest, .policy, .trust, .suspend, .blastRadius, .quarantine, .version, .inFlight,
        ] { expectRefusal(&stage, .waive(bot: "a1", one), .notAllowed) }
        expectRefusal(&stage, .waive(bot: "nobody", .window), .unknown)
        stage.decides(.waive(bot: "a1", .sessions))
        #expect(stage.audited("decision.waive") == 1)
        stage.wait(.minutes(61))
        stage.platform.bots["b1"]?.sessions = 1
        stage.commit("v2")
        stage.step(.passWanted)
        stage.run(limit: .minutes(1)) { $0.stopping == .sessions }
        #expect(stage.stopping == .sessions)
        #expect(stage.posted.isEmpty)
    }

    @Test("invariant 4: with sessions waived force stays false, and a conflict over sessions is tried again")
    func waivedSessions() {
        var stage = EngineStage.fleet()
        stage.platform.bots["b1"]?.sessions = 4
        let refusals = Counter()
        stage.platform.fault = { _, request in
            if case .deploy = request, refusals.next() < 3 {
                .failure(PlatformFailure(.conflict(.sessions), "4 active sessions"))
            } else {
                nil
            }
        }
        stage.decides(.waive(bot: "a1", .sessions))
        stage.commit("v2")
        stage.pass()
        #expect(stage.serving("b1") == "v2")
        #expect(stage.platform.requests.filter(\.isMutation).count == 3)
        var waived: [Guard] = []
        for case .rollout(let rollout) in stage.transactions.flatMap(\.changes) where rollout.hasEnded {
            waived += rollout.guards.filter(\.waived).map(\.guard)
        }
        #expect(waived == [.sessions])
    }

    @Test("a deployment of somebody else is waited for, and its old job can be released")
    func foreignJob() {
        var stage = EngineStage.fleet()
        stage.platform.bots["b1"]?.hanging = ["v3"]
        stage.platform.begin("b1", "v3", at: stage.now)
        stage.commit("v2")
        stage.step(.passWanted)
        stage.run(limit: .minutes(1)) { $0.stopping == .inFlight }
        #expect(stage.stopping == .inFlight)
        #expect(stage.posted.isEmpty)
        expectRefusal(&stage, .release("a1"), .nothingToDo)
        stage.wait(.minutes(40))
        #expect(stage.posted.isEmpty)
        stage.decides(.release("a1"))
        stage.run(limit: .minutes(2)) { !$0.posted.isEmpty }
        #expect(stage.posted == ["v2"])
    }

    @Test("a version that is not published blocks, and is looked at again on every pass")
    func unpublished() {
        var stage = EngineStage.fleet()
        stage.platform.bots["b1"]?.versions[1].status = "DRAFT"
        stage.commit("v2")
        stage.pass()
        #expect(stage.state == .blocked)
        #expect(stage.stopping == .version)
        #expect(stage.posted.isEmpty)
        stage.pass()
        #expect(stage.outcomes(of: "a1") == [.blocked])
        stage.platform.bots["b1"]?.versions[1].status = "PUBLISHED"
        stage.pass()
        stage.pass()
        #expect(stage.serving("b1") == "v2")
    }

    @Test("a version that does not exist blocks; the manifest can waive published and environment by name only")
    func versionGuards() {
        var stage = EngineStage.fleet()
        stage.commit("v9")
        stage.pass()
        #expect(stage.state == .blocked)
        stage.platform.bots["b1"]?.versions[1].status = "DRAFT"
        stage.platform.bots["b1"]?.versions[1].environment = "STAGING"
        stage.commit("v2") {
            $0.guards.requirePublished = false
            $0.guards.requireEnvironmentMatch = false
        }
        stage.pass()
        #expect(stage.serving("b1") == "v2")
    }
}
