import Domain
import Support
import Testing

@Suite("The audit log, as the engine sees it")
struct TrailTests {
    private func stage() -> EngineStage {
        var stage = EngineStage()
        stage.platform.add("b1", versions: ["v1", "v2", "v3"])
        stage.branch.commit(["a.yaml": [EngineStage.manifest("a", bot: "b1", version: "v1")]])
        return stage
    }

    @Test("a torn end is told and recorded")
    func torn() {
        var stage = stage()
        stage.step(.trailFound(.mended(bytes: 12, sha256: "ab", after: 7)))
        #expect(stage.eventTypes == ["audit.mended"])
        #expect(stage.records.first?.fields["tornBytes"] == .integer(12))
        #expect(stage.records.first?.notedOn == nil)
    }

    @Test("trouble with the log is told once, repeated while it lasts, and its end is told; rollouts go on")
    func trouble() {
        var stage = stage()
        stage.step(.trailFound(.trouble("the disk is full")))
        stage.step(.logAppended(failure: "the disk is full"))
        #expect(stage.eventTypes == ["audit.broken"])
        stage.wait(.hours(5))
        stage.step(.logAppended(failure: "the disk is full"))
        #expect(stage.eventTypes.filter { $0 == "audit.broken" }.count == 2)
        stage.start()
        #expect(stage.serving("b1") == "v1")
        #expect(stage.eventTypes.filter { $0 == "audit.mended" }.count == 1)
        let broken = stage.events.filter { $0.type.hasPrefix("audit.") }
        #expect(Set(broken.map(\.fingerprint)).count == 1)
    }

    @Test(
        "a rebuild ends what was told, once, and is noted with the lines that it disowns, each record within its limit")
    func rebuilt() {
        var stage = stage()
        stage.start()
        stage.step(.trailVerified(finding: "log: record 3 was changed"))
        let before = stage.records.count
        let digests = (0..<70).map { String(repeating: "ab", count: 31) + ($0 < 10 ? "0" : "") + "\($0)" }
        stage.step(
            .trailFound(
                .rebuilt(
                    TrailRebuilt(
                        by: "Carol <carol@example.com>", setAside: .init(file: "audit.jsonl.1", bytes: 7, sha256: "ab"),
                        notesAdded: 2, disowned: digests))))
        stage.step(.logAppended(failure: nil))
        #expect(stage.eventTypes.filter { $0 == "audit.broken" }.count == 1)
        #expect(stage.eventTypes.filter { $0 == "audit.mended" }.count == 1)
        let told = stage.events.filter { $0.type.hasPrefix("audit.") }
        #expect(Set(told.map(\.fingerprint)).count == 1 && told.last?.decidedBy == "Carol <carol@example.com>")
        let records = stage.records.dropFirst(before).filter { $0.fields["type"] == .string("audit.mended") }
        #expect(records.count == 3)
        #expect(records.allSatisfy { $0.notedOn != nil && $0.notedOn == stage.engine.source.accepted })
        let named = records.flatMap { record -> [JSONValue] in
            guard case .array(let part) = record.fields["disowned"] else { return [] }
            #expect(part.count <= TrailRebuilt.maxDisownedPerRecord)
            return part
        }
        #expect(named == digests.map(JSONValue.string))
        #expect(records.first?.fields["setAside"]?["file"] == .string("audit.jsonl.1"))
    }

    @Test("where the log is required, no rollout starts while it cannot be written")
    func required() {
        var stage = EngineStage { $0.audit.required = true }
        stage.platform.add("b1", versions: ["v1"])
        stage.branch.commit(["a.yaml": [EngineStage.manifest("a", bot: "b1", version: "v1")]])
        stage.logFailure = "the disk is full"
        stage.step(.trailFound(.trouble("the disk is full")))
        stage.start()
        stage.pass()
        #expect(stage.platform.posts.isEmpty)
        #expect(stage.bot("a")?.condition.state == .held)
        stage.logFailure = nil
        // Nobody has to bring it about: it is tried again.
        stage.run(limit: .minutes(2)) { $0.serving("b1") == "v1" }
        #expect(stage.serving("b1") == "v1")
    }

    /// The state of the backup, the trail of what came after it.
    private func taken(_ stage: EngineStage, ended: [String: Outcome] = [:]) -> TakenBack {
        let key = BotKey(platform: "default", botId: "b1", environment: "PRODUCTION")
        let open = TakenBack.OpenRollout(
            id: "lost", name: "a", key: key, target: "v2", commit: CommitID(String(repeating: "1", count: 40)))
        return TakenBack(first: 5, last: 9, open: [open], ended: ended)
    }

    @Test("a restored backup starts no rollout before every bot was observed anew")
    func restored() {
        var stage = stage()
        stage.start()
        stage.platform.add("b2", versions: ["v1"])
        stage.branch.commit(["b.yaml": [EngineStage.manifest("b", bot: "b2", version: "v1")]])
        stage.step(.trailFound(.takenBack(taken(stage))))
        #expect(stage.bot("a")?.observed == nil)
        let posts = stage.platform.posts.count
        stage.platform.fault = { _, _ in .failure(PlatformFailure(.lost, "gone")) }
        stage.pass()
        #expect(stage.platform.posts.count == posts)
        #expect(stage.engine.fleet.restored != nil)
        stage.platform.fault = { _, _ in nil }
        stage.pass()
        #expect(stage.engine.fleet.restored == nil)
        #expect(stage.serving("b2") == "v1")
    }

    @Test("a rollout that only the trail knows gets its one outcome, on its commit")
    func lost() {
        var stage = stage()
        stage.start()
        stage.step(.trailFound(.takenBack(taken(stage))))
        stage.pass()
        stage.pass()
        let ends = stage.records.filter { $0.rolloutId == "lost" }
        #expect(ends.count == 1)
        #expect(ends.first?.fields["outcome"] == .string("superseded"))
        #expect(ends.first?.closesSteps == true && ends.first?.notedOn?.hex.hasPrefix("1111") == true)
    }

    @Test("a rollout that ended after the backup ends without a second record")
    func endedElsewhere() throws {
        var stage = stage()
        stage.platform.bots["b1"]?.sessions = 3
        stage.step(.start)
        stage.run(limit: .minutes(2)) { $0.bot("a")?.condition.guard == .sessions }
        let id = try #require(stage.engine.machines.keys.first)
        stage.crash()
        stage.step(.trailFound(.takenBack(taken(stage, ended: [id: .succeeded]))))
        #expect(stage.engine.machines.isEmpty)
        #expect(stage.records.filter { $0.rolloutId == id && $0.fields["step"] == .string("end") }.isEmpty)
        #expect(stage.outcomes(of: "a") == [.succeeded])
        stage.platform.bots["b1"]?.sessions = 0
        stage.start()
        #expect(stage.serving("b1") == "v1")
    }
}
