import Domain
import Support
import Testing

@Suite("Audit notes that are not published")
struct UnpublishedTests {
    private func stage() -> EngineStage {
        var stage = EngineStage.fleet()
        stage.pushFailure = "pre-receive hook declined"
        // As the performer tells it of notes that were written.
        stage.step(.notesWritten([1], failure: nil))
        stage.run(limit: .seconds(1)) { $0.engine.fleet.notesUnpushed != nil }
        return stage
    }

    private func fleetChanges(_ stage: EngineStage) -> Int {
        stage.transactions.flatMap(\.changes).count { if case .fleet = $0 { true } else { false } }
    }

    @Test("are told after an hour, over a restart, again while it lasts, and their end is told")
    func told() {
        var stage = stage()
        #expect(stage.engine.fleet.notesUnpushed?.reason == "pre-receive hook declined")
        stage.wait(.minutes(40))
        stage.restart()
        stage.step(.notesWritten([2], failure: nil))
        stage.wait(.minutes(15))
        #expect(stage.count(of: "audit.unpublished") == 0)
        let before = fleetChanges(stage)
        stage.wait(.minutes(10))
        #expect(stage.count(of: "audit.unpublished") == 1)
        stage.wait(.minutes(200))
        #expect(stage.count(of: "audit.unpublished") == 1)
        stage.wait(.minutes(50))
        #expect(stage.count(of: "audit.unpublished") == 2)
        // A try that fails like the one before is nothing new (invariant 14).
        #expect(fleetChanges(stage) <= before + 4, "\(fleetChanges(stage) - before) changes")
        stage.pushFailure = nil
        stage.wait(.minutes(1))
        #expect(stage.engine.fleet.notesUnpushed == nil && stage.count(of: "audit.mended") == 1)
        let told = stage.events.filter { $0.type.hasPrefix("audit.") }
        #expect(Set(told.map(\.fingerprint)).count == 1)
        stage.wait(.hours(5))
        #expect(stage.count(of: "audit.unpublished") == 2 && stage.count(of: "audit.mended") == 1)
    }

    @Test("a note that takes no record keeps no other from being pushed, and is told like the rest")
    func oneNote() {
        var stage = EngineStage.fleet()
        stage.writeFailure = "the note is too large"
        stage.step(.notesWritten([1], failure: "the note is too large"))
        #expect(stage.transactions.last?.notesWritten == [1])
        stage.run(limit: .seconds(10)) { $0.engine.areNotesIdle }
        #expect(stage.engine.fleet.notesUnpushed == nil, "what was written was pushed")
        #expect(stage.engine.fleet.notesUnwritten?.reason == "the note is too large")
        stage.commit("v2")
        stage.pass()
        #expect(stage.serving("b1") == "v2", "no rollout waits for notes")
        stage.wait(.minutes(70))
        let told = stage.events.first { $0.type == "audit.unpublished" }
        #expect(told?.message == "audit notes could not be written for an hour: the note is too large")
    }

    @Test("a log that an earlier process could not write is tried at once by the next, and its end is told")
    func log() {
        var stage = EngineStage.fleet()
        stage.step(.logAppended(failure: "the disk is full"))
        #expect(stage.engine.fleet.logTrouble == "the disk is full")
        #expect(ReportTrouble.ofTrail(stage.engine.fleet).map(\.subject) == ["audit log"])
        stage.restart()
        stage.run(limit: .seconds(1)) { $0.engine.fleet.logTrouble == nil }
        #expect(stage.engine.fleet.logTrouble == nil && stage.count(of: "audit.mended") == 1)
    }
}
