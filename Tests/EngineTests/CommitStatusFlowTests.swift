import Domain
import Support
import Testing

extension EngineStage {
    fileprivate func statuses(of lane: String? = nil) -> [CommitStatus.State] {
        deliveries.compactMap { id in events.first { $0.id == id }.flatMap(CommitStatus.init) }
            .filter { lane == nil || $0.context == lane }.map(\.state)
    }

    fileprivate var contexts: Set<String> {
        Set(deliveries.compactMap { id in events.first { $0.id == id }.flatMap(CommitStatus.init)?.context })
    }

    /// How deliveries to the forge ended, by event.
    fileprivate var ends: [String: DeliveryState.Status] {
        transactions.flatMap(\.deliveries).reduce(into: [:]) { $0[$1.eventId] = $1.status }
    }

    fileprivate var expected: Set<String> {
        Set(transactions.flatMap(\.events).filter { !$0.sinks.isEmpty }.map(\.event.id))
    }
}

@Suite("States of commits on their way to the forge")
struct CommitStatusFlowTests {
    private func stage(_ bots: Int = 1) -> EngineStage {
        EngineStage.fleet(bots) { configuration in
            var forge = SinkSettings(name: "forge", url: .literal("https://forge.example"))
            forge.kind = .gitlabStatus
            configuration.notifications = [forge]
            configuration.reconcile.maxBotsPerCommit = 100
        }
    }

    @Test("a commit is pending, then a success, under the context of its bot")
    func success() {
        var stage = stage()
        stage.commit("v2")
        stage.pass()
        stage.wait(.minutes(1))
        #expect(stage.contexts == ["ballast/PRODUCTION/a1"])
        #expect(stage.statuses() == [.pending, .success])
    }

    @Test("a version that fails its verification is a failure of its commit, though the fallback serves")
    func failure() {
        var stage = stage()
        stage.platform.bots["b1"]?.bad = ["v2"]
        stage.commit("v2")
        stage.pass()
        stage.wait(.minutes(1))
        #expect(stage.statuses() == [.pending, .failure])
        #expect(stage.serving("b1") == "v1")
    }

    @Test("while the forge is away, only the newest state waits for it, and it alone is sent")
    func newest() {
        var stage = stage()
        let isAway = Flag()
        isAway.value = true
        stage.sinkAnswer = { _ in
            isAway.value ? .failed(answer: "503", retryAfter: nil) : .delivered(status: 201)
        }
        stage.commit("v2")
        stage.pass()
        stage.wait(.minutes(1))
        isAway.value = false
        stage.wait(.hours(3))
        #expect(stage.statuses() == [.success])
        #expect(stage.ends.values.filter { $0 == .superseded }.count >= 1)
        // Nothing is left undecided.
        #expect(Set(stage.ends.keys) == stage.expected)
        #expect(stage.ends.values.allSatisfy { $0 != .pending })
    }

    @Test("a crash between two states sends the newest")
    func crash() {
        var stage = stage()
        let isAway = Flag()
        isAway.value = true
        stage.sinkAnswer = { _ in
            isAway.value ? .failed(answer: "503", retryAfter: nil) : .delivered(status: 201)
        }
        stage.commit("v2")
        stage.pass()
        isAway.value = false
        stage.restart()
        stage.wait(.hours(3))
        #expect(stage.statuses().last == .success)
        #expect(stage.ends.values.allSatisfy { $0 != .pending })
    }

    @Test("a commit that moves more than twenty bots has one context an environment, told once for each state")
    func wide() {
        var stage = stage(21)
        stage.commit("v2", 21)
        stage.pass()
        stage.wait(.minutes(5))
        #expect(stage.contexts == ["ballast/PRODUCTION"])
        #expect(stage.statuses() == [.pending, .success])
        #expect(stage.count(of: "rollout.succeeded") == 21)
    }

    @Test("twenty bots have a context each")
    func narrow() {
        var stage = stage(20)
        stage.commit("v2", 20)
        stage.pass()
        stage.wait(.minutes(5))
        #expect(stage.contexts.count == 20)
        #expect(stage.statuses(of: "ballast/PRODUCTION/a7") == [.pending, .success])
    }

    @Test("one bot of many that fails makes a failure of the whole, and no success comes before all are done")
    func oneOfMany() {
        var stage = stage(30)
        stage.platform.bots["b30"]?.bad = ["v2"]
        stage.commit("v2", 30)
        stage.pass()
        stage.wait(.minutes(5))
        #expect(stage.statuses().last == .failure)
        #expect(!stage.statuses().contains(.success))
    }

    @Test("a wide commit stays wide when newer commits take most of its bots away")
    func staysWide() {
        var stage = stage(25)
        stage.commit("v2", 25)
        stage.pass()
        stage.wait(.minutes(5))
        // The last three are changed behind git's back and put back for the wide commit.
        stage.commit("v3", 22)
        stage.pass()
        stage.wait(.minutes(5))
        for bot in ["b23", "b24", "b25"] { stage.platform.deploy(bot, "v4", at: stage.now) }
        stage.restart()
        stage.wait(.minutes(5))
        #expect(stage.contexts == ["ballast/PRODUCTION"])
    }

    @Test("a commit that is held waits for its approval")
    func held() {
        var stage = EngineStage.fleet(3) { configuration in
            var forge = SinkSettings(name: "forge", url: .literal("https://forge.example"))
            forge.kind = .githubStatus
            configuration.notifications = [forge]
            configuration.reconcile.maxBotsPerCommit = 2
        }
        let head = stage.commit("v2", 3)
        stage.pass()
        stage.wait(.minutes(1))
        #expect(stage.statuses(of: "ballast/approval").last == .pending)
        stage.decides(.approve(commit: head.hex))
        stage.pass()
        stage.wait(.minutes(1))
        #expect(stage.statuses(of: "ballast/approval").last == .success)
        #expect(stage.statuses(of: "ballast/PRODUCTION/a2") == [.pending, .success])
    }
}
