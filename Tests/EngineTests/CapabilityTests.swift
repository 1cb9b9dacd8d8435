import Domain
import Support
import Testing

/// Jobs, a session count and an intent in the test's answer are optional: a platform that lacks them is used all the same,
/// and what it can't tell is never taken for fine.
@Suite("Platforms that offer less")
struct CapabilityTests {
    private func stage(
        _ capabilities: PlatformCapabilities, spec: @escaping (inout Manifest.Spec) -> Void = { _ in }
    ) -> EngineStage {
        var stage = EngineStage.offering(capabilities)
        stage.platform.add("b1", versions: ["v1", "v2", "v3", "v4"])
        stage.platform.deploy("b1", "v1", at: stage.now)
        stage.commit("v1", spec: spec)
        stage.start()
        return stage
    }

    @Test("without jobs: the switch is proven by what serves")
    func withoutJobs() {
        var stage = stage(PlatformCapabilities(jobs: false))
        stage.commit("v2")
        stage.pass()
        #expect(stage.serving("b1") == "v2")
        #expect(stage.outcomes(of: "a1") == [.succeeded])
        #expect(stage.posted == ["v2"])
        stage.platform.bots["b1"]?.bad = ["v3"]
        stage.commit("v3")
        stage.pass()
        #expect(stage.serving("b1") == "v2")
        #expect(stage.state == .failedOver)
        stage.wait(.minutes(1))
        stage.platform.deploy("b1", "v4", by: "mallory", at: stage.now)
        stage.pass()
        #expect(stage.serving("b1") == "v2")
    }

    @Test("without jobs: a lost answer is settled by what serves, and nothing is sent twice where it was done")
    func lostWithoutJobs() {
        var stage = stage(PlatformCapabilities(jobs: false))
        let first = Counter()
        stage.platform.fault = { _, request in
            if case .deploy = request, first.next() == 1 { .lostAfter } else { nil }
        }
        stage.commit("v2")
        stage.pass()
        #expect(stage.serving("b1") == "v2")
        #expect(stage.posted == ["v2"])
        #expect(stage.outcomes(of: "a1") == [.succeeded])
    }

    @Test("without sessions: unknown never passes; it ends blocked, and a waiver lets it go")
    func withoutSessions() {
        var stage = stage(PlatformCapabilities(sessions: false))
        stage.commit("v2")
        stage.pass()
        #expect(stage.posted.isEmpty)
        #expect(stage.state == .blocked)
        #expect(stage.stopping == .sessions)
        stage.commit("v3")
        stage.decides(.waive(bot: "a1", .sessions))
        stage.pass()
        #expect(stage.serving("b1") == "v3")
    }

    @Test("without intents: a verification proves nothing and is never reported as a success")
    func withoutIntents() {
        var stage = stage(PlatformCapabilities(intents: false))
        stage.commit("v2")
        stage.step(.passWanted)
        stage.run(limit: .hours(1)) { $0.outcomes(of: "a1") == [.indeterminate] }
        #expect(stage.outcomes(of: "a1") == [.indeterminate])
        #expect(stage.bot("a1")?.verified.isEmpty == true)
        stage.commit("v3") { $0.verify = [] }
        stage.pass()
        #expect(stage.outcomes(of: "a1") == [.indeterminate, .succeeded])
        #expect(stage.serving("b1") == "v3")
    }

    @Test("nothing of it all: deployments still converge where the manifest asks for nothing that can't be had")
    func bare() {
        var stage = stage(PlatformCapabilities(jobs: false, sessions: false, intents: false)) { $0.verify = [] }
        stage.decides(.waive(bot: "a1", .sessions))
        stage.commit("v2") { $0.verify = [] }
        stage.pass()
        #expect(stage.serving("b1") == "v2")
        stage.restart()
        #expect(stage.posted == ["v2"])
    }
}
