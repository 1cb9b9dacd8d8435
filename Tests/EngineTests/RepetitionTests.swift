import Domain
import Support
import Testing

@Suite("Conditions that last are told again")
struct RepetitionTests {
    /// Passes every half hour.
    private func passes(_ stage: inout EngineStage, for hours: Int64) {
        for _ in 0..<(2 * hours) {
            stage.wait(.minutes(30))
            stage.step(.passWanted)
            stage.run(limit: .seconds(30)) { $0.engine.isQuiet }
        }
    }

    private static let ways = [
        "rollout.waiting", "rollout.blocked", "rollout.degraded", "bot.contested", "manifest.invalid",
        "commit.held", "source.rewritten", "source.unreachable", "platform.unreachable", "platform.halted",
        "platform.held",
    ]

    @Test("every repeat interval, as the same condition, until it ends", arguments: ways)
    func lasting(_ type: String) {
        var stage = EngineStage.fleet(3) {
            $0.reconcile.maxBotsPerCommit = 2
            if type == "platform.halted" { $0.reconcile.haltFailures = 1 }
        }
        stage.wait(.minutes(1))
        switch type {
        case "rollout.waiting": stage.commit("v2") { $0.guards.windows = [.closed] }
        case "rollout.blocked": stage.commit("v9")
        case "rollout.degraded":
            stage.platform.bots["b1"]?.bad = ["v1", "v2"]
            stage.commit("v2")
        case "bot.contested":
            stage.platform.deploy("b1", "v4", by: "x", key: "ballast-other-1", at: stage.now)
        case "manifest.invalid": stage.branch.commit(["a1.yaml": [.bad("no version", name: "a1")]])
        case "commit.held": stage.commit("v2", 3)
        case "source.rewritten": stage.branch.rewrite(["a1.yaml": nil])
        case "source.unreachable": stage.branch.failure = SourceFailure(.unreachable, "no route")
        case "platform.unreachable":
            stage.platform.fault = { _, _ in .failure(PlatformFailure(.unclear, "503")) }
        case "platform.halted":
            stage.platform.bots["b1"]?.bad = ["v2"]
            stage.commit("v2")
        default:
            for number in 1...3 { stage.platform.deploy("b\(number)", "v4", by: "mallory", at: stage.now) }
        }
        stage.step(.passWanted)
        stage.run(limit: .minutes(2)) { $0.engine.isQuiet }
        let first = stage.count(of: type)
        #expect(first > 0)
        passes(&stage, for: 3)
        #expect(stage.count(of: type) == first)
        passes(&stage, for: 2)
        let repeated = stage.count(of: type)
        #expect(repeated > first)
        stage.restart()
        passes(&stage, for: 2)
        #expect(stage.count(of: type) == repeated)
        #expect(
            Set(stage.events.filter { $0.type == type }.map(\.fingerprint)).count
                == (type == "manifest.invalid" ? 2 : 1))
    }

    @Test("a failure that holds the bot is told again as what holds it, under the same fingerprint")
    func failed() {
        var stage = EngineStage.fleet()
        stage.platform.bots["b1"]?.failing = ["v2"]
        stage.commit("v2")
        stage.pass()
        passes(&stage, for: 5)
        let held = stage.events.filter { $0.type == "rollout.held" }
        #expect(held.count == 1)
        #expect(held.first?.guardName == "quarantine")
        #expect(held.first?.fingerprint == stage.events.first { $0.type == "rollout.failed" }?.fingerprint)
    }
}
