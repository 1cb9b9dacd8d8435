import Domain
import Support
import Testing

@Suite("A bot that is restored without a rollout")
struct RestoredWithoutRolloutTests {
    private func ends(_ stage: EngineStage) -> [AuditDraft] {
        stage.records.filter { $0.fields["step"] == .string("end") }
    }

    @Test("is remembered with its time, and the next end tells of it, once; what never failed leaves no such trace")
    func remembered() {
        var stage = EngineStage.fleet()
        stage.platform.bots["b1"]?.failing = ["v2"]
        stage.commit("v2")
        stage.pass()
        #expect(stage.outcomes(of: "a1") == [.failed] && stage.bot("a1")?.isFailing == true)
        stage.wait(.minutes(5))
        stage.commit("v1")
        stage.pass()
        let restored = stage.now.wall
        #expect(stage.bot("a1")?.condition.state == .inSync && stage.bot("a1")?.isFailing == nil)
        let at = stage.bot("a1")?.restoredAt
        #expect(at != nil && at.map { $0 <= restored } == true)
        let count = stage.transactions.count
        stage.pass()
        #expect(stage.transactions.count == count, "nothing new, nothing written")
        stage.wait(.hours(1))
        stage.commit("v3")
        stage.pass()
        #expect(ends(stage).last?.fields["restoredAt"] == at.map { .string($0.iso8601) })
        #expect(stage.bot("a1")?.restoredAt == nil)
        stage.commit("v1")
        stage.pass()
        #expect(ends(stage).last?.fields["restoredAt"] == nil)
    }
}
