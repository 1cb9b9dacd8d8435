import Domain
import Exchange
import Foundation

@testable import Notifications

/// Runs one delivery without a network: the test is the service.
func drive(
    _ format: some SinkFormat, _ event: Event, token: String = "t0ken", keys: [SigningKey] = [],
    _ answer: (SinkRequest) -> HTTPAnswer = { _ in HTTPAnswer(status: 201) }
) -> (requests: [SinkRequest], answer: DeliveryAnswer?) {
    var requests: [SinkRequest] = []
    var step = format.begin(event, with: SinkAccess(attemptedAt: ten, keys: keys, token: token))
    for _ in 0..<10 {
        switch step {
        case .over(let answer): return (requests, answer)
        case .exchange(let request, let then):
            requests.append(request)
            step = then(answer(request))
        }
    }
    return (requests, nil)
}

func json(_ status: Int, _ body: String) -> HTTPAnswer {
    HTTPAnswer(status: status, headers: [("Content-Type", "application/json")], body: Array(body.utf8))
}

extension SinkRequest {
    var text: String { String(decoding: body ?? [], as: UTF8.self) }

    func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }

    var object: [String: Any] {
        (try? JSONSerialization.jsonObject(with: Data(body ?? []))) as? [String: Any] ?? [:]
    }
}

/// Drift that somebody made in the console.
func makeDrift(_ type: String = "drift.detected") -> Event {
    var event = makeFullEvent()
    event.type = type
    event.severity = type == "drift.resolved" ? .info : .warning
    event.status = type == "drift.resolved" ? .success : .failed
    event.message = "drift (platform): wants v_67890, serves v_70000"
    event.rollout = nil
    event.verification = []
    event.jobId = nil
    event.drift = Event.DriftReference(
        cause: .platform, desired: "v_67890", deployed: "v_70000", changedBy: "Eve <eve@example.com>", changedAt: ten,
        firstSeen: ten, occurrence: 1)
    return event
}

/// A rollout at some point of its life.
func makeRollout(_ type: String, outcome: Outcome? = nil, message: String = "as it is") -> Event {
    var event = makeFullEvent()
    event.type = type
    event.message = message
    event.rollout?.outcome = outcome
    if let outcome, outcome != .succeeded, outcome != .superseded {
        event.severity = .error
        event.status = .failed
    }
    if type == "rollout.started" { event.status = .pending }
    return event
}

/// Every type of `product/reporting.md`, with what its event has.
let everyEvent: [Event] = {
    let rollouts: [(String, Outcome?)] = [
        ("rollout.started", nil), ("rollout.succeeded", .succeeded), ("rollout.failed-over", .failedOver),
        ("rollout.failed", .failed), ("rollout.timed-out", .timedOut), ("rollout.degraded", .degraded),
        ("rollout.indeterminate", .indeterminate), ("rollout.blocked", .blocked), ("rollout.held", nil),
        ("rollout.waiting", nil), ("rollout.superseded", .superseded),
    ]
    let others = [
        "commit.held", "commit.approved", "bot.contested", "manifest.invalid", "manifest.fixed", "bot.managed",
        "bot.unmanaged", "source.rewritten", "source.untrusted", "source.unreachable", "source.recovered",
        "platform.halted", "platform.held", "platform.released", "platform.unreachable", "platform.recovered",
        "audit.unpublished", "sink.disabled", "sink.enabled", "sink.dead-letter", "audit.broken", "audit.mended",
        "decision.approve", "decision.waive",
    ]
    return rollouts.map { makeRollout($0.0, outcome: $0.1) }
        + ["drift.detected", "drift.changed", "drift.resolved"].map(makeDrift) + others.map { makeEvent($0) }
}()
