import Domain
import Exchange
import Support
import Testing

@testable import Notifications

@Suite("What people on call and in a channel are told", .timeLimit(.minutes(1)))
struct PeopleFormatTests {
    @Test("PagerDuty: what goes wrong opens an alert under its fingerprint")
    func trigger() {
        let event = makeDrift()
        let (requests, answer) = drive(PagerDutyFormat(origin: "https://git.example/bots"), event, token: "R0UTE") {
            _ in
            HTTPAnswer(status: 202)
        }
        #expect(answer == .delivered(status: 202) && requests.count == 1)
        #expect(requests.first?.path == "/v2/enqueue")
        let body = String(decoding: WebhookBody.render(event), as: UTF8.self)
        let expected = """
            {"routing_key":"R0UTE","event_action":"trigger","dedup_key":"f00d","client":"Ballast",\
            "payload":{"summary":"orders (PRODUCTION): drift (platform): wants v_67890, serves v_70000",\
            "source":"default/bot_12345/PRODUCTION","severity":"warning","timestamp":"2026-11-22T10:00:00.000Z",\
            "component":"orders","group":"PRODUCTION","class":"drift.detected","custom_details":\(body)}}
            """
        #expect(requests.first?.text == expected)
    }

    @Test("PagerDuty: its end resolves the same alert")
    func resolve() {
        let (requests, _) = drive(PagerDutyFormat(origin: ""), makeDrift("drift.resolved"), token: "R0UTE")
        #expect(
            requests.first?.text
                == "{\"routing_key\":\"R0UTE\",\"event_action\":\"resolve\",\"dedup_key\":\"f00d\",\"client\":\"Ballast\"}"
        )
    }

    @Test("PagerDuty: an event without a bot comes from the repository; a long sentence is cut")
    func other() {
        var event = makeEvent("source.unreachable")
        event.severity = .warning
        event.message = String(repeating: "m", count: 3000)
        let request = drive(PagerDutyFormat(origin: "https://git.example/bots"), event).requests.first
        let payload = request?.object["payload"] as? [String: Any]
        #expect(payload?["source"] as? String == "https://git.example/bots")
        #expect((payload?["summary"] as? String)?.unicodeScalars.count == 1024)
        #expect(payload?["component"] == nil && payload?["group"] == nil)
    }

    @Test("Slack: a sentence, and what it is about")
    func slack() {
        let (requests, answer) = drive(SlackFormat(), makeDrift()) { _ in HTTPAnswer(status: 200) }
        #expect(answer == .delivered(status: 200) && requests.first?.path == "")
        let headline = ":warning: *orders (PRODUCTION)*: drift (platform): wants v_67890, serves v_70000"
        let expected = """
            {"text":"\(headline)","blocks":[{"type":"section","text":{"type":"mrkdwn","text":"\(headline)"},\
            "fields":[{"type":"mrkdwn","text":"*Version*\\nv_70000 → v_67890"},\
            {"type":"mrkdwn","text":"*Commit*\\naaaaaaaa Revert \\"Ship v_70000\\" (Ann &lt;ann@example.com&gt;)"},\
            {"type":"mrkdwn","text":"*Drift*\\nplatform, by Eve &lt;eve@example.com&gt;"}]},\
            {"type":"context","elements":[{"type":"mrkdwn",\
            "text":"drift.detected · warning · 2026-11-22T10:00:00.000Z"}]}]}
            """
        #expect(requests.first?.text == expected)
        #expect(requests.first?.header("Authorization") == nil)
    }

    @Test("Slack: nobody's text calls a channel or becomes a link")
    func escaped() {
        var event = makeDrift()
        event.message = "<!channel> & <https://evil.example|click>"
        event.bot?.name = "<@U1>"
        event.drift?.changedBy = "<!here>"
        let text = drive(SlackFormat(), event).requests.first?.text ?? ""
        #expect(text.contains("&lt;!channel&gt; &amp; &lt;https://evil.example|click&gt;"))
        #expect(!text.contains("<"))
    }

    static let slackScript = """
        import json, sys
        from slack_sdk.models.blocks import Block
        for message in json.load(sys.stdin):
            assert message["text"] and len(message["blocks"]) <= 50
            for block in message["blocks"]:
                parsed = Block.parse(block)
                parsed.validate_json()
                assert parsed.to_dict() == block, (parsed.to_dict(), block)
            print(len(message["blocks"]))
        """

    @Test(
        "Slack's own library takes the blocks of every event, the longest too",
        .enabled(if: Verifiers.slack, "needs the Python package slack_sdk"))
    func library() async throws {
        var long = makeDrift()
        long.message = String(repeating: "&", count: 9000)
        long.commit?.message = String(repeating: "<", count: 9000)
        long.guardName = "sessions"
        long.botCount = 1000
        long.bots = Array(repeating: String(repeating: "b", count: 63), count: 50)
        long.decidedBy = String(repeating: "p", count: 900)
        long.reason = String(repeating: "r", count: 9000)
        let bodies = try (everyEvent + [long]).map { event in
            try #require(drive(SlackFormat(), event).requests.first?.text)
        }
        let input = Array("[\(bodies.joined(separator: ","))]".utf8)
        let printed = try await Verifiers.run(Self.slackScript, input: input)
        #expect(printed.split(separator: "\n").count == bodies.count)
        // Slack itself counts the escaped text: 3000 of a section, 2000 of a field.
        let section = (drive(SlackFormat(), long).requests.first?.object["blocks"] as? [[String: Any]])?.first
        let text = (section?["text"] as? [String: Any])?["text"] as? String ?? ""
        #expect(!text.isEmpty && text.unicodeScalars.count <= 3000)
        for field in section?["fields"] as? [[String: Any]] ?? [] {
            #expect((field["text"] as? String ?? "").unicodeScalars.count <= 2000)
        }
    }
}
