import Domain
import Support
import Testing

@Suite("Invariant 13: when faults stop, every bot that no guard stops converges, within a bound")
struct Invariant13Tests {
    @Test("the bound: rounds of the slots, each a job, its looks and its verification")
    func bound() {
        var stage = EngineStage.fleet(30) { $0.reconcile.maxConcurrentRollouts = 3 }
        stage.platform.jobTime = .seconds(20)
        stage.commit("v2", 30)
        let begin = stage.now.tick
        stage.pass()
        #expect((1...30).allSatisfy { stage.serving("b\($0)") == "v2" })
        // Ten rounds of a job of 20 s, found by a poll at most 15 s after its end; 5 s for the requests.
        #expect(stage.now.tick <= begin + .seconds(10 * (20 + 15 + 5)))
    }

    @Test("a held move that is taken back lets a rollout go on that it had stopped")
    func goesOn() {
        var stage = EngineStage.fleet(4) { $0.reconcile.maxBotsPerCommit = 3 }
        stage.platform.bots["b1"]?.sessions = 1
        stage.commit("v2")
        stage.runUntil(.draining)
        stage.commit("v3", 4)
        stage.step(.passWanted)
        stage.run(limit: .seconds(30)) { $0.stopping == .blastRadius }
        #expect(stage.stopping == .blastRadius)
        stage.commit("v1", 4)
        stage.commit("v2")
        stage.platform.bots["b1"]?.sessions = 0
        stage.step(.passWanted)
        stage.run(limit: .minutes(5)) { $0.engine.isQuiet }
        #expect(stage.serving("b1") == "v2")
        #expect(stage.outcomes(of: "a1") == [.succeeded])
        #expect(stage.count(of: "commit.approved") == 1)
    }

    @Test("a person waives what a rollout was blocked over, as its message says")
    func waivedBlock() {
        var stage = EngineStage.fleet()
        stage.platform.bots["b1"]?.sessions = 1
        stage.commit("v2") { $0.guards.drainTimeout = .minutes(1) }
        stage.pass()
        #expect(stage.state == .blocked)
        stage.decides(.waive(bot: "a1", .sessions))
        stage.pass()
        #expect(stage.serving("b1") == "v2")
    }

    @Test("somebody brings the target while a window is closed: superseded on the next pass")
    func broughtWhileClosed() {
        var stage = EngineStage.fleet(spec: { $0.guards.windows = [.closed] })
        stage.commit("v2") { $0.guards.windows = [.closed] }
        stage.step(.passWanted)
        stage.run(limit: .seconds(30)) { $0.stopping == .window }
        stage.platform.deploy("b1", "v2", by: "mallory", at: stage.now)
        stage.step(.passWanted)
        stage.run(limit: .seconds(30)) { $0.engine.isQuiet }
        #expect(stage.outcomes(of: "a1") == [.superseded])
        #expect(stage.state == .inSync)
    }

    @Test("a round of looking at every bot goes on over the hour where a quarter of the limit is not enough")
    func longRound() {
        var stage = EngineStage.fleet(40) { $0.platforms[0].rateLimit = .init(requests: 8, per: .minutes(1)) }
        stage.pass()
        stage.wait(.minutes(2))
        stage.platform.hidden = ["b9"]
        stage.platform.deploy("b9", "v4", by: "mallory", at: stage.now)
        for _ in 1...36 {
            let before = stage.platform.requests.count
            stage.pass()
            stage.wait(.minutes(5))
            if stage.posted.isEmpty { #expect(stage.platform.requests.count - before <= 1 + 10) }
        }
        #expect(stage.serving("b9") == "v1")
    }
}

@Suite("Invariant 14: a pass that finds nothing new writes nothing and sends nothing")
struct Invariant14Tests {
    private static let ways: [String] = [
        "in sync", "failed over", "quarantine", "window", "suspended", "invalid", "degraded", "contested", "held move",
        "alert", "unmanaged", "untrusted",
    ]

    @Test("whatever a bot lastingly is", arguments: ways)
    func lasting(_ way: String) {
        var stage = EngineStage.fleet(2) {
            $0.reconcile.maxBotsPerCommit = 1
            if way == "untrusted" { $0.source.trust.rewrites = .refuse }
        }
        switch way {
        case "failed over", "quarantine":
            if way == "quarantine" { stage.platform.bots["b1"]?.failing = ["v2"] }
            stage.platform.bots["b1"]?.bad = ["v2"]
            stage.commit("v2")
        case "window": stage.commit("v2") { $0.guards.windows = [.closed] }
        case "suspended": stage.commit("v2") { $0.suspend = true }
        case "invalid": stage.branch.commit(["a1.yaml": [.bad("no version", name: "a1")]])
        case "degraded":
            stage.platform.bots["b1"]?.bad = ["v1", "v2"]
            stage.commit("v2")
        case "contested":
            stage.wait(.minutes(1))
            stage.platform.deploy("b1", "v4", by: "x", key: "ballast-other-1", at: stage.now)
        case "held move": stage.commit("v2", 2)
        case "alert": stage.commit("v2") { $0.mode = .alert }
        case "unmanaged": stage.branch.commit(["a1.yaml": nil])
        case "untrusted": stage.branch.rewrite(["a1.yaml": nil])
        default: break
        }
        // What it leads to, and what our own jobs look like in the feed afterwards.
        for _ in 1...2 {
            stage.step(.passWanted)
            stage.run(limit: .minutes(2)) { $0.engine.isQuiet }
        }
        stage.wait(.seconds(70))
        stage.step(.passWanted)
        stage.run(limit: .seconds(10)) { _ in false }
        let written = stage.transactions.count
        let requests = stage.platform.requests.count
        stage.step(.passWanted)
        stage.run(limit: .seconds(10)) { _ in false }
        #expect(stage.transactions.count == written)
        #expect(stage.platform.requests.count == requests + 1)
    }
}

@Suite("Invariant 16: waiting for anything never holds up another bot or a newer commit")
struct Invariant16Tests {
    /// Ten bots on a second platform, and one on the first.
    private func two(slots: Int = 16) -> EngineStage {
        var stage = EngineStage {
            $0.platforms.append(PlatformSettings(name: "slow", url: "https://s.example", credential: .apiKey([])))
            $0.reconcile.maxConcurrentRollouts = slots
        }
        var slow = FakePlatform()
        var files: [String: [FakeBranch.Content]?] = [:]
        for number in 1...10 {
            slow.add("s\(number)", versions: ["v1", "v2"])
            slow.deploy("s\(number)", "v1", at: stage.now)
            files["s\(number).yaml"] = [
                EngineStage.manifest("s\(number)", bot: "s\(number)", version: "v1") { $0.platform = "slow" }
            ]
        }
        stage.others["slow"] = slow
        stage.branch.commit(files)
        stage.platform.add("b1", versions: ["v1", "v2", "v3", "v4"])
        stage.platform.deploy("b1", "v1", at: stage.now)
        stage.commit("v1")
        stage.start()
        return stage
    }

    private func all(_ version: String) -> [String: [FakeBranch.Content]?] {
        var files: [String: [FakeBranch.Content]?] = [:]
        for number in 1...10 {
            files["s\(number).yaml"] = [
                EngineStage.manifest("s\(number)", bot: "s\(number)", version: version) { $0.platform = "slow" }
            ]
        }
        return files
    }

    @Test("a platform that asks for ten minutes of quiet holds up no commit for another one")
    func quietPlatform() {
        var stage = two()
        stage.others["slow"]?.fault = { _, _ in
            .failure(PlatformFailure(.rateLimited, "429", retryAfter: .minutes(10)))
        }
        stage.step(.passWanted)
        stage.wait(.minutes(1))
        stage.commit("v2")
        stage.step(.lookWanted)
        stage.run(limit: .minutes(1)) { $0.serving("b1") == "v2" }
        #expect(stage.serving("b1") == "v2")
        // And what was quiet is observed again when it answers.
        stage.others["slow"]?.fault = { _, _ in nil }
        let now = stage.now
        stage.others["slow"]?.deploy("s1", "v2", by: "mallory", at: now)
        stage.run { $0.others["slow"]?.serving("s1", at: $0.now.tick) == "v1" && $0.engine.isQuiet }
        #expect(stage.others["slow"]?.serving("s1", at: stage.now.tick) == "v1")
    }

    @Test("rollouts on a platform that does not answer their guards keep none of another from starting")
    func guardsOfAnother() {
        var stage = two(slots: 2)
        stage.others["slow"]?.fault = { _, request in
            if case .versions = request { .delay(.minutes(20)) } else { nil }
        }
        stage.branch.commit(all("v2"))
        stage.step(.passWanted)
        stage.wait(.seconds(30))
        stage.commit("v2")
        stage.step(.lookWanted)
        stage.run(limit: .minutes(1)) { $0.serving("b1") == "v2" }
        #expect(stage.serving("b1") == "v2")
    }

    @Test("a platform that is quiet holds no slots")
    func slotsOfAnother() {
        var stage = two(slots: 2)
        let hasBegun = Flag()
        stage.others["slow"]?.fault = { _, request in
            guard case .versions = request, !hasBegun.value else { return nil }
            hasBegun.value = true
            return .failure(PlatformFailure(.rateLimited, "429", retryAfter: .minutes(10)))
        }
        stage.branch.commit(all("v2"))
        stage.step(.passWanted)
        stage.wait(.seconds(30))
        stage.commit("v2")
        stage.step(.lookWanted)
        stage.run(limit: .minutes(1)) { $0.serving("b1") == "v2" }
        #expect(stage.serving("b1") == "v2")
        stage.run { $0.engine.isQuiet }
        #expect((1...10).allSatisfy { stage.others["slow"]?.serving("s\($0)", at: stage.now.tick) == "v2" })
    }

    @Test("a Retry-After of any failure quiets the platform")
    func retryAfter() {
        var stage = EngineStage.fleet()
        let first = Counter()
        stage.platform.fault = { _, _ in
            first.next() == 1 ? .failure(PlatformFailure(.unclear, "503", retryAfter: .minutes(2))) : nil
        }
        let before = stage.platform.requests.count
        stage.step(.passWanted)
        stage.wait(.seconds(115))
        #expect(stage.platform.requests.count == before + 1)
        stage.wait(.seconds(10))
        #expect(stage.platform.requests.count > before + 1)
    }
}

@Suite("Invariant 17: removing a manifest changes nothing on the platform")
struct Invariant17Tests {
    @Test("in whatever phase its rollout is", arguments: Rollout.Phase.allCases.filter { $0 != .ended })
    func atEveryPhase(_ phase: Rollout.Phase) {
        var stage = EngineStage.fleet()
        stage.commit("v2")
        stage.runUntil(phase)
        let posts = stage.posted
        stage.branch.commit(["a1.yaml": nil])
        stage.pass()
        stage.run { $0.engine.isQuiet }
        stage.pass()
        #expect(stage.posted == posts)
        #expect(stage.state == .unmanaged)
        #expect(stage.outcomes(of: "a1") == [posts.isEmpty ? .superseded : .succeeded])
    }
}
