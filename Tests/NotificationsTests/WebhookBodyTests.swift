import Domain
import Foundation
import Testing

@testable import Notifications

@Suite("The body of kind webhook")
struct WebhookBodyTests {
    func text(_ event: Event) -> String { String(decoding: WebhookBody.render(event), as: UTF8.self) }

    static let golden = """
        {"eventType":"BOT_VERSION_ROLLBACK","botId":"bot_12345","targetVersionId":"v_67890","jobId":"job_1",\
        "status":"SUCCESS","metrics":{"botId":"bot_12345","testMessage":"Where is my order?","detectedIntent":"order",\
        "confidence":0.93,"entityAccuracy":1.0,"latencyMs":12.5,"verificationPassed":true,\
        "timestamp":"2026-11-22T10:00:00.000Z"},"timestamp":"2026-11-22T10:00:00.000Z",\
        "id":"01934f00-0000-7000-8000-000000000001","type":"rollout.succeeded","severity":"info","sequence":12,\
        "fingerprint":"f00d","message":"The bot orders serves v_67890.",\
        "bot":{"name":"orders","platform":"default","environment":"PRODUCTION",\
        "labels":{"area":"eu","team":"orders"}},"from":"v_70000","to":"v_67890",\
        "commit":{"sha":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","author":"Ann <ann@example.com>",\
        "committer":"Bob <bob@example.com>","message":"Revert \\"Ship v_70000\\"",\
        "committedAt":"2026-11-22T10:00:00.000Z","reverts":"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",\
        "signature":"none"},"rollout":{"id":"r1","outcome":"succeeded","direction":"rollback",\
        "startedAt":"2026-11-22T10:00:00.000Z","endedAt":"2026-11-22T10:00:02.000Z",\
        "phases":[{"phase":"guarding","at":"2026-11-22T10:00:00.000Z","durationMs":3},\
        {"phase":"verifying","at":"2026-11-22T10:00:01.000Z"}]}}
        """

    @Test("a rollout, byte by byte, at every rendering")
    func rollout() {
        #expect(text(makeFullEvent()) == WebhookBodyTests.golden)
        #expect(text(makeFullEvent()) == text(makeFullEvent()))
    }

    @Test("what does not apply is left out, but for the tutorial's seven")
    func bare() {
        let expected = """
            {"eventType":"BOT_SOURCE","botId":null,"targetVersionId":null,"jobId":null,"status":"SUCCESS","metrics":{},\
            "timestamp":"2026-11-22T10:00:00.000Z","id":"01934f00-0000-7000-8000-000000000001",\
            "type":"source.unreachable","severity":"info","sequence":12,"fingerprint":"f00d",\
            "message":"The bot orders serves v_67890."}
            """
        #expect(text(makeEvent("source.unreachable")) == expected)
    }

    @Test("drift, guards, held moves and decisions")
    func others() {
        var drift = makeEvent("drift.detected")
        drift.drift = Event.DriftReference(
            cause: .platform, desired: "v1", deployed: "v2", changedBy: "Eve", changedAt: ten, firstSeen: ten,
            occurrence: 2)
        #expect(
            text(drift).hasSuffix(
                "\"drift\":{\"cause\":\"platform\",\"desired\":\"v1\",\"deployed\":\"v2\",\"changedBy\":\"Eve\","
                    + "\"changedAt\":\"2026-11-22T10:00:00.000Z\",\"firstSeen\":\"2026-11-22T10:00:00.000Z\",\"occurrence\":2}}"
            ))
        var blocked = makeEvent("rollout.blocked")
        blocked.guardName = "sessions"
        #expect(text(blocked).hasSuffix(",\"guard\":\"sessions\"}"))
        var held = makeEvent("commit.held")
        held.bots = ["a", "b\u{1}\n"]
        held.botCount = 70
        #expect(text(held).hasSuffix(",\"bots\":[\"a\",\"b\\u0001\\n\"],\"botCount\":70}"))
        var decision = makeEvent("decision.approve")
        decision.decidedBy = "Ann <ann@example.com>"
        decision.reason = "reviewed"
        #expect(text(decision).hasSuffix(",\"decidedBy\":\"Ann <ann@example.com>\",\"reason\":\"reviewed\"}"))
    }

    @Test("several turns: metrics are the worst, all are listed")
    func verification() throws {
        var event = makeFullEvent()
        event.verification = [
            makeTurn("sure", .passed, confidence: 0.99), makeTurn("unsure", .failed, confidence: 0.9, attempt: 2),
            makeTurn("none", .failed, confidence: nil),
        ]
        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(WebhookBody.render(event))) as? [String: Any])
        let metrics = try #require(object["metrics"] as? [String: Any])
        #expect(metrics["testMessage"] as? String == "none")
        #expect(metrics["verificationPassed"] as? Bool == false)
        #expect(metrics["confidence"] == nil && metrics["detectedIntent"] == nil)
        let turns = try #require(object["verification"] as? [[String: Any]])
        #expect(turns.map { $0["testMessage"] as? String } == ["sure", "unsure", "none"])
        #expect(turns.map { $0["attempt"] as? Int } == [1, 2, 1])
        #expect(turns.map { $0["verdict"] as? String } == ["passed", "failed", "failed"])
        #expect(turns[1]["detail"] as? String == "the answer names no intent")
    }

    @Test("the worst: verdict first, then confidence, then order")
    func worst() {
        let passed = makeTurn("p", .passed, confidence: 0.1)
        let open = makeTurn("o", .inconclusive, confidence: 0.5)
        let failed = makeTurn("f", .failed, confidence: 0.9)
        let weak = makeTurn("w", .failed, confidence: 0.2)
        #expect(TurnResult.worst([]) == nil)
        #expect(TurnResult.worst([passed, open])?.testMessage == "o")
        #expect(TurnResult.worst([passed, open, failed])?.testMessage == "f")
        #expect(TurnResult.worst([failed, weak, passed])?.testMessage == "w")
        #expect(TurnResult.worst([weak, makeTurn("later", .failed, confidence: 0.2)])?.testMessage == "w")
    }

    @Test(
        "each type has its name in the tutorial's manner",
        arguments: [
            ("rollout.started", "BOT_VERSION_DEPLOYMENT"), ("rollout.succeeded", "BOT_VERSION_DEPLOYMENT"),
            ("rollout.failed-over", "BOT_VERSION_DEPLOYMENT"), ("rollout.degraded", "BOT_VERSION_DEPLOYMENT"),
            ("rollout.superseded", "BOT_VERSION_DEPLOYMENT"), ("rollout.blocked", "BOT_VERSION_BLOCKED"),
            ("rollout.held", "BOT_VERSION_BLOCKED"), ("rollout.waiting", "BOT_VERSION_BLOCKED"),
            ("drift.detected", "BOT_VERSION_DRIFT"), ("drift.changed", "BOT_VERSION_DRIFT"),
            ("drift.resolved", "BOT_VERSION_DRIFT"), ("decision.waive", "BOT_DECISION"),
            ("source.rewritten", "BOT_SOURCE"),
            ("commit.held", "BOT_SOURCE"), ("platform.halted", "BOT_PLATFORM"), ("manifest.invalid", "BOT_MANIFEST"),
            ("bot.contested", "BOT_MANIFEST"), ("sink.disabled", "BOT_REPORT"), ("audit.broken", "BOT_REPORT"),
        ])
    func names(type: String, name: String) {
        var event = makeEvent(type)
        #expect(WebhookBody.eventType(event) == name)
        event.rollout = makeFullEvent().rollout
        let rollback = name == "BOT_VERSION_DEPLOYMENT" ? "BOT_VERSION_ROLLBACK" : name
        #expect(WebhookBody.eventType(event) == rollback)
    }

    @Test("any text is valid JSON, and reads back as it was")
    func escaping() throws {
        let odd = "\u{0}\u{1f}\"\\/\u{7f}\u{2028}é😀\r\n\t"
        var event = makeEvent()
        event.message = odd
        event.verification = [makeTurn(odd, .failed, confidence: .nan)]
        let object = try JSONSerialization.jsonObject(with: Data(WebhookBody.render(event))) as? [String: Any]
        #expect(object?["message"] as? String == odd)
        #expect((object?["metrics"] as? [String: Any])?["confidence"] is NSNull)
    }
}
