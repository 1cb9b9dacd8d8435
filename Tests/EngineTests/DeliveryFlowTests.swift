import Domain
import Support
import Synchronization
import Testing

extension EngineStage {
    /// Types of the events that the sink took, in order.
    fileprivate var told: [String] { deliveries.compactMap { id in events.first { $0.id == id }?.type } }
    /// What the sink has to get: all but what is about itself.
    fileprivate var due: Set<String> { Set(events.filter { !$0.type.hasPrefix("sink.") }.map(\.id)) }
}

/// Ids of the events that a sink was sent, with repetitions.
private final class Tried: Sendable {
    private let ids = Mutex<[String]>([])

    func note(_ id: String) { ids.withLock { $0.append(id) } }
    func count(_ id: String) -> Int { ids.withLock { ids in ids.count { $0 == id } } }
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

    private func delivery(of event: Event, status: DeliveryState.Status) -> DeliveryState {
        DeliveryState(
            eventId: event.id, sink: "ci", stream: event.stream, sequence: event.sequence, status: status,
            notBefore: Tick(milliseconds: 0), answer: "", changedAt: Timestamp(milliseconds: 0))
    }

    @Test("a person has an event sent again, whatever became of it: the same id, once, and it is recorded")
    func again() throws {
        var stage = stage()
        stage.wait(.minutes(1))
        let event = try #require(stage.events.first { $0.type == "bot.managed" })
        #expect(stage.deliveries.filter { $0 == event.id }.count == 1)
        stage.decides(.redeliver([delivery(of: event, status: .delivered)]))
        stage.wait(.minutes(1))
        #expect(stage.deliveries.filter { $0 == event.id }.count == 2)
        #expect(stage.audited("decision.redeliver") == 1)
        stage.decides(.redeliver([delivery(of: event, status: .dead)]))
        #expect(stage.deliveries.filter { $0 == event.id }.count == 3)
        stage.crash()
        stage.start()
        stage.wait(.minutes(1))
        #expect(stage.deliveries.filter { $0 == event.id }.count == 4, "it is stored, and its answer was lost")
        expectRefusal(&stage, .redeliver([]), .unknown)
        var elsewhere = delivery(of: event, status: .dead)
        elsewhere.sink = "gone"
        expectRefusal(&stage, .redeliver([elsewhere]), .unknown)
    }

    @Test("what waits for its next attempt is tried at once, and never twice at a time")
    func againWhileWaiting() throws {
        var stage = stage()
        stage.wait(.minutes(1))
        let tried = Tried()
        stage.sinkAnswer = { event in
            tried.note(event.id)
            return .failed(answer: "503", retryAfter: .hours(10))
        }
        stage.commit("v2")
        stage.pass()
        stage.wait(.minutes(10))
        let event = try #require(stage.events.first { $0.type == "rollout.started" })
        #expect(tried.count(event.id) == 1, "it waits")
        for _ in 0..<3 { stage.decides(.redeliver([delivery(of: event, status: .pending)])) }
        stage.wait(.minutes(1))
        #expect(tried.count(event.id) == 2, "three wishes at one moment are one attempt")
        stage.sinkAnswer = { _ in .delivered(status: 200) }
        stage.decides(.redeliver([delivery(of: event, status: .pending)]))
        stage.wait(.hours(12))
        #expect(stage.deliveries.filter { $0 == event.id }.count == 1)
        #expect(Set(stage.deliveries) == stage.due)
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
