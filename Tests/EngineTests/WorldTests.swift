import Domain
import Support
import Testing

@Suite("A remote or a platform that is away")
struct WorldTests {
    @Test("while the remote is away drift is undone and jobs go on; it is told once, and its end too")
    func remoteAway() {
        var stage = EngineStage.fleet()
        stage.branch.failure = SourceFailure(.unreachable, "no route")
        for _ in 1...3 { stage.pass() }
        #expect(stage.count(of: "source.unreachable") == 1)
        stage.wait(.minutes(1))
        stage.platform.deploy("b1", "v4", by: "mallory", at: stage.now)
        stage.pass()
        #expect(stage.serving("b1") == "v1")
        stage.branch.failure = nil
        stage.pass()
        #expect(stage.count(of: "source.recovered") == 1)
    }

    @Test("a process that starts while the remote is away goes on from what was accepted")
    func startsAway() {
        var stage = EngineStage.fleet()
        stage.branch.failure = SourceFailure(.unreachable, "no route")
        stage.platform.deploy("b1", "v4", by: "mallory", at: stage.now)
        stage.restart()
        #expect(stage.serving("b1") == "v1")
    }

    @Test("invariant 10: a platform that can't be asked leaves its bots unknown, and nothing is sent")
    func platformAway() {
        var stage = EngineStage.fleet()
        stage.commit("v2")
        stage.platform.fault = { _, _ in .failure(PlatformFailure(.notSent, "refused")) }
        for _ in 1...3 { stage.pass() }
        #expect(stage.posted.isEmpty)
        #expect(stage.count(of: "platform.unreachable") == 1)
        let assessed = stage.bot("a1").map { stage.engine.report(on: $0).state }
        #expect(assessed == .unknown)
        stage.platform.fault = { _, _ in nil }
        stage.pass()
        #expect(stage.serving("b1") == "v2")
        #expect(stage.count(of: "platform.recovered") == 1)
    }

    @Test(
        "the answers to a POST that are no verdict on the version put nothing in quarantine",
        arguments: [
            PlatformFailure.Kind.unauthorized, .forbidden, .rateLimited, .conflict(.inFlight), .conflict(.sessions),
            .unclear, .lost, .notSent,
        ])
    func noVerdict(_ kind: PlatformFailure.Kind) {
        var stage = EngineStage.fleet()
        let count = Counter()
        stage.platform.fault = { _, request in
            guard case .deploy = request, count.next() <= 2 else { return nil }
            return .failure(PlatformFailure(kind, "no"))
        }
        stage.commit("v2")
        stage.pass()
        stage.wait(.minutes(5))
        stage.pass()
        #expect(stage.bot("a1")?.quarantine.isEmpty == true)
        #expect(stage.serving("b1") == "v2")
        #expect(stage.platform.overlaps == 0)
    }

    @Test("the answers that are one fail the rollout and put the version in quarantine")
    func verdicts() {
        for kind in [PlatformFailure.Kind.invalid, .conflict(.dependencies), .conflict(.unclear)] {
            var stage = EngineStage.fleet()
            stage.platform.fault = { _, request in
                if case .deploy = request { .failure(PlatformFailure(kind, "no")) } else { nil }
            }
            stage.commit("v2")
            stage.pass()
            #expect(stage.outcomes(of: "a1") == [.failed], "\(kind)")
            #expect(stage.bot("a1")?.quarantine.map(\.version) == ["v2"], "\(kind)")
            #expect(stage.stopping == .quarantine, "\(kind)")
        }
    }

    @Test("a 429 quiets the whole platform for as long as it says, at most ten minutes")
    func throttled() {
        var stage = EngineStage.fleet(2)
        let first = Counter()
        stage.platform.fault = { _, request in
            if case .versions = request, first.next() == 1 {
                .failure(PlatformFailure(.rateLimited, "429", retryAfter: .hours(5)))
            } else {
                nil
            }
        }
        stage.commit("v2", 2)
        stage.step(.passWanted)
        stage.run(limit: .seconds(5)) { _ in false }
        let requests = stage.platform.requests.count
        stage.wait(.minutes(9))
        #expect(stage.platform.requests.count == requests)
        stage.wait(.minutes(3))
        #expect(stage.serving("b1") == "v2")
        #expect(stage.serving("b2") == "v2")
    }

    @Test("a platform that answers all but what serves is told of once, and recovered when that can be read")
    func unreadable() {
        var stage = EngineStage.fleet()
        stage.platform.bots["b1"]?.sessions = 1
        stage.commit("v2") { $0.guards.drainTimeout = .hours(9) }
        stage.runUntil(.draining)
        stage.platform.fault = { _, request in
            if case .jobs(nil, _, _) = request { .failure(PlatformFailure(.unclear, "503")) } else { nil }
        }
        for _ in 1...3 {
            stage.wait(.minutes(5))
            stage.step(.passWanted)
            stage.run(limit: .minutes(1)) { _ in false }
        }
        #expect(stage.count(of: "platform.unreachable") == 1)
        #expect(stage.count(of: "platform.recovered") == 0)
        stage.platform.fault = { _, _ in nil }
        stage.step(.passWanted)
        stage.run(limit: .minutes(1)) { _ in false }
        #expect(stage.count(of: "platform.recovered") == 1)
    }

    @Test("a feed that ignores paging is an error, never an endless loop")
    func endlessFeed() {
        var stage = EngineStage()
        stage.platform.add("b1", versions: ["v1"])
        stage.platform.ignoresPaging = true
        for _ in 1...120 { stage.platform.deploy("b1", "v1", at: stage.now) }
        stage.commit("v1")
        stage.start()
        #expect(stage.platform.requests.count < 10)
        #expect(stage.count(of: "platform.unreachable") == 1)
    }

    @Test("a feed with more new jobs than a page is read on to the newest job that is known")
    func longFeed() {
        var stage = EngineStage.fleet(3)
        stage.pass()
        stage.wait(.minutes(2))
        for _ in 1...130 { stage.platform.deploy("b3", "v1", by: "console", at: stage.now) }
        stage.platform.deploy("b1", "v4", by: "mallory", at: stage.now)
        for _ in 1...60 { stage.platform.deploy("b2", "v1", by: "console", at: stage.now) }
        stage.pass()
        #expect(stage.serving("b1") == "v1")
        #expect(stage.posted == ["v1"])
    }

    @Test("within every hour everything is observed again, whatever the feed left out")
    func sweep() {
        var stage = EngineStage.fleet(3)
        stage.pass()
        stage.wait(.minutes(2))
        // A job that the feed shows in no new place: its time of completion is what changed.
        stage.platform.hidden = ["b2"]
        stage.platform.deploy("b2", "v4", by: "mallory", at: stage.now)
        for _ in 1...14 {
            stage.pass()
            stage.wait(.minutes(5))
        }
        #expect(stage.serving("b2") == "v1")
    }

    @Test("a new bot under an old name is another bot; the old one is let go")
    func anotherBot() {
        var stage = EngineStage.fleet()
        stage.platform.add("b9", versions: ["v1"])
        stage.branch.commit(["a1.yaml": [EngineStage.manifest("a1", bot: "b9", version: "v1")]])
        stage.pass()
        #expect(stage.serving("b9") == "v1")
        #expect(stage.posted == ["v1"])
        let old = stage.engine.bots.values.first { $0.key.botId == "b1" }
        #expect(old?.condition.state == .unmanaged)
    }

    @Test("a removal while its job runs: the rollout runs to its own end, failover included")
    func removedMidRollout() {
        var stage = EngineStage.fleet()
        stage.platform.bots["b1"]?.bad = ["v2"]
        stage.commit("v2")
        stage.runUntil(.deploying)
        stage.branch.commit(["a1.yaml": nil])
        stage.pass()
        stage.run { $0.engine.isQuiet }
        #expect(stage.serving("b1") == "v1")
        #expect(stage.outcomes(of: "a1") == [.failedOver])
    }
}
