import Domain
import Support
import Testing

extension EngineStage {
    /// Types of the events that the sink took, in order.
    fileprivate var told: [String] { deliveries.compactMap { id in events.first { $0.id == id }?.type } }
    /// What the sink has to get: all but what is about itself.
    fileprivate var due: Set<String> { Set(events.filter { !$0.type.hasPrefix("sink.") }.map(\.id)) }
}

@Suite("Invariant 9: every event reaches every matching sink, in order, or ends as a dead letter")
struct DeliveryFlowTests {
    private func stage() -> EngineStage {
        EngineStage.fleet { $0.notifications = [SinkSettings(name: "ci", url: .literal("https://ci.example"))] }
    }

    @Test("every event arrives, in order for each bot, though the sink fails often")
    func everyEvent() {
        var stage = stage()
        let tries = Counter()
        stage.sinkAnswer = { _ in
            tries.next() % 3 == 0 ? .delivered(status: 200) : .failed(answer: "503", retryAfter: nil)
        }
        stage.commit("v2")
        stage.pass()
        stage.wait(.hours(60))
        let told = stage.deliveries.compactMap { id in stage.events.first { $0.id == id } }
        #expect(Set(told.map(\.id)) == stage.due)
        for stream in Set(told.map(\.stream)) {
            let sequences = told.filter { $0.stream == stream }.map(\.sequence)
            #expect(sequences == sequences.sorted())
        }
    }

    @Test("what a sink never takes ends as a dead letter that is told, and later events go on")
    func deadLetter() {
        var stage = stage()
        stage.wait(.minutes(1))
        stage.sinkAnswer = { event in
            event.type == "rollout.succeeded" ? .refused(status: 400, answer: "400") : .delivered(status: 200)
        }
        stage.commit("v2")
        stage.pass()
        stage.wait(.hours(2))
        // Not told to the sink that it is about.
        #expect(stage.count(of: "sink.dead-letter") == 1)
        #expect(!stage.told.contains("sink.dead-letter"))
        #expect(!stage.told.contains("rollout.succeeded"))
        stage.commit("v3")
        stage.pass()
        stage.wait(.minutes(1))
        #expect(stage.told.filter { $0 == "rollout.started" }.count == 2)
    }

    @Test("a sink that says 410 is sent nothing more until it is enabled, and then gets all, over a restart")
    func gone() {
        var stage = stage()
        stage.wait(.minutes(1))
        let isGone = Flag()
        isGone.value = true
        stage.sinkAnswer = { _ in isGone.value ? .gone(answer: "410 Gone") : .delivered(status: 200) }
        stage.commit("v2")
        stage.pass()
        #expect(stage.count(of: "sink.disabled") == 1)
        let before = stage.deliveries.count
        isGone.value = false
        stage.restart()
        stage.wait(.hours(48))
        #expect(stage.deliveries.count == before)
        stage.decides(.enableSink("ci"))
        stage.wait(.minutes(1))
        #expect(Set(stage.deliveries) == stage.due)
    }

    @Test("a crash between sending and storing sends again with the same id, and never loses one")
    func crashes() {
        var stage = stage()
        stage.commit("v2")
        stage.step(.passWanted)
        for _ in 1...40 {
            stage.run(limit: .milliseconds(97)) { _ in false }
            stage.crash()
            stage.step(.start)
        }
        stage.run { $0.engine.isQuiet }
        stage.wait(.minutes(1))
        #expect(Set(stage.deliveries) == stage.due)
        #expect(stage.serving("b1") == "v2")
    }
}
