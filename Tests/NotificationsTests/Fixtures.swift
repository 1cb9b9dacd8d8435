import Domain
import Exchange
import Synchronization

@testable import Notifications

/// 2026-11-22T10:00:00.000Z
let ten = Timestamp(milliseconds: 1_795_341_600_000)

func makeEvent(_ type: String = "rollout.succeeded") -> Event {
    Event(
        id: "01934f00-0000-7000-8000-000000000001", type: type, time: ten, severity: .info, sequence: 12,
        stream: "default/bot_12345/PRODUCTION", fingerprint: "f00d", message: "The bot orders serves v_67890.",
        status: .success)
}

func makeTurn(
    _ message: String, _ verdict: TurnResult.Verdict, confidence: Double?, attempt: Int = 1
) -> TurnResult {
    TurnResult(
        testMessage: message, attempt: attempt, verdict: verdict, detectedIntent: verdict == .passed ? "order" : nil,
        confidence: confidence, entityAccuracy: verdict == .passed ? 1 : nil, latencyMs: 12.5, versionId: "v_67890",
        at: ten, detail: verdict == .passed ? "" : "the answer names no intent")
}

/// An event with everything that a rollout can have.
func makeFullEvent() -> Event {
    var event = makeEvent()
    event.bot = Event.BotReference(
        key: BotKey(platform: "default", botId: "bot_12345", environment: "PRODUCTION"), name: "orders",
        labels: ["team": "orders", "area": "eu"])
    event.from = "v_70000"
    event.to = "v_67890"
    event.jobId = "job_1"
    event.commit = Event.CommitReference(
        sha: CommitID(String(repeating: "a", count: 40)), author: "Ann <ann@example.com>",
        committer: "Bob <bob@example.com>", message: "Revert \"Ship v_70000\"",
        committedAt: ten, reverts: CommitID(String(repeating: "b", count: 40)), signature: "none")
    event.rollout = Event.RolloutReference(
        id: "r1", outcome: .succeeded, direction: .rollback, startedAt: ten, endedAt: ten.advanced(by: .seconds(2)),
        phases: [
            Event.RolloutReference.Phase(phase: "guarding", at: ten, duration: .milliseconds(3)),
            Event.RolloutReference.Phase(phase: "verifying", at: ten.advanced(by: .seconds(1))),
        ])
    event.verification = [makeTurn("Where is my order?", .passed, confidence: 0.93)]
    return event
}

/// Secrets whose values the test sets.
final class FakeSecrets: Secrets {
    private let values: Mutex<[String: String]>

    init(_ values: [String: String]) { self.values = Mutex(values) }

    func set(_ name: String, _ value: String?) { values.withLock { $0[name] = value } }

    func read(_ reference: SecretReference) throws(SecretProblem) -> Secret {
        guard case .environment(let name) = reference, let value = values.withLock({ $0[name] }) else {
            throw SecretProblem(.absent, "The variable is not set.")
        }
        return Secret(value)
    }
}

/// A sink for the length of one test.
func withSink<Result: Sendable>(
    _ url: SinkSettings.Address, secrets: FakeSecrets = FakeSecrets([:]), allowPrivate: Bool = true,
    signed: [String] = [], _ body: @Sendable (any Sink) async throws -> Result
) async throws -> Result {
    var settings = SinkSettings(name: "pipeline", url: url)
    settings.allowPrivate = allowPrivate
    settings.secrets = signed.map { .environment(name: $0) }
    let connections = Connections()
    let sink = try SinkFactory.make(settings, secrets: secrets, connections: connections)
    let outcome: Swift.Result<Result, any Error>
    do {
        outcome = .success(try await body(sink))
    } catch {
        outcome = .failure(error)
    }
    await connections.shutdown()
    return try outcome.get()
}
