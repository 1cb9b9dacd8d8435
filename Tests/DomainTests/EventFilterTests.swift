import Domain
import Testing

@Suite("Which events a sink is told")
struct EventFilterTests {
    func event(
        _ type: String, severity: Severity = .info, labels: [String: String]? = nil, stream: String = "source"
    ) -> Event {
        var event = Event(
            id: "i", type: type, time: Timestamp(milliseconds: 0), severity: severity, sequence: 1, stream: stream,
            fingerprint: "f", message: "m", status: .success)
        event.bot = labels.map {
            Event.BotReference(key: BotKey(platform: "p", botId: "b", environment: "e"), name: "n", labels: $0)
        }
        return event
    }

    @Test(
        "types by globs",
        arguments: [
            ([], "rollout.started", true), (["rollout.*"], "rollout.started", true),
            (["rollout.*"], "drift.detected", false),
            (["drift.*", "rollout.*"], "rollout.failed-over", true), (["*"], "audit.broken", true),
            (["rollout"], "rollout.started", false), (["*.started"], "rollout.started", true),
            (["rollout.fail*"], "rollout.failed", true), (["rollout.?ailed"], "rollout.failed", true),
        ] as [([String], String, Bool)])
    func types(globs: [String], type: String, admitted: Bool) {
        #expect(EventFilter(types: globs).admits(event(type)) == admitted)
    }

    @Test("severity from the least on", arguments: Severity.allCases, Severity.allCases)
    func severity(least: Severity, actual: Severity) {
        let filter = EventFilter(minSeverity: least)
        #expect(filter.admits(event("rollout.failed", severity: actual)) == (actual >= least))
    }

    @Test(
        "labels of the bot, all of them",
        arguments: [
            ([:], nil, true), (["team": "a"], nil, false), (["team": "a"], [:], false),
            (["team": "a"], ["team": "a"], true),
            (["team": "a"], ["team": "b"], false), (["team": "a", "area": "eu"], ["team": "a"], false),
            (["team": "a"], ["team": "a", "area": "eu"], true),
        ] as [([String: String], [String: String]?, Bool)])
    func labels(wanted: [String: String], worn: [String: String]?, admitted: Bool) {
        #expect(EventFilter(labels: wanted).admits(event("rollout.started", labels: worn)) == admitted)
    }

    @Test("a sink is not told about itself")
    func itself() {
        var settings = SinkSettings(name: "pipeline", url: .literal("https://a.example"))
        settings.events = ["sink.*"]
        let filter = EventFilter(settings)
        #expect(!filter.admits(event("sink.disabled", stream: "sink/pipeline")))
        #expect(filter.admits(event("sink.disabled", stream: "sink/other")))
        #expect(!filter.admits(event("rollout.started")))
    }
}
