import Testing

@testable import Domain

@Suite("What each kind of sink is told")
struct SinkKindTests {
    static func event(_ type: String, _ severity: Severity = .info) -> Event {
        var event = Event(
            id: "i", type: type, time: Timestamp(milliseconds: 0), severity: severity, sequence: 1, stream: "s",
            fingerprint: "f", message: "m", status: .pending)
        let commit = CommitID(String(repeating: "a", count: 40))
        event.bot = Event.BotReference(
            key: BotKey(platform: "p", botId: "b", environment: "PROD"), name: "orders", labels: [:])
        event.commit = Event.CommitReference(
            sha: commit, author: "", committer: "", message: "", committedAt: Timestamp(milliseconds: 0),
            reverts: nil, signature: "none")
        return event
    }

    static func rollout(_ type: String, _ severity: Severity = .info) -> Event {
        var event = event(type, severity)
        event.rollout = Event.RolloutReference(
            id: "r", outcome: nil, direction: .rollback, startedAt: Timestamp(milliseconds: 0), endedAt: nil,
            phases: [])
        return event
    }

    /// Type and severity of every event (`product/reporting.md`), and what PagerDuty makes of it.
    static let incidents: [(String, Severity, IncidentChange?)] = [
        ("rollout.started", .info, nil), ("rollout.succeeded", .info, .closes), ("rollout.failed-over", .error, .opens),
        ("rollout.failed", .error, .opens), ("rollout.timed-out", .error, .opens),
        ("rollout.degraded", .critical, .opens), ("rollout.indeterminate", .critical, .opens),
        ("rollout.blocked", .warning, .opens), ("rollout.held", .warning, .opens),
        ("rollout.waiting", .warning, .opens),
        ("rollout.superseded", .info, .closes), ("commit.held", .warning, .opens), ("commit.approved", .info, .closes),
        ("bot.contested", .critical, .opens), ("drift.detected", .warning, .opens), ("drift.changed", .warning, .opens),
        ("drift.resolved", .info, .closes), ("manifest.invalid", .error, .opens), ("manifest.fixed", .info, .closes),
        ("bot.managed", .info, nil), ("bot.unmanaged", .info, nil), ("source.rewritten", .critical, .opens),
        ("source.untrusted", .critical, .opens), ("source.unreachable", .warning, .opens),
        ("source.recovered", .info, .closes), ("platform.halted", .critical, .opens),
        ("platform.held", .critical, .opens), ("platform.released", .info, .closes),
        ("platform.unreachable", .critical, .opens), ("platform.recovered", .info, .closes),
        ("audit.unpublished", .error, .opens), ("sink.disabled", .error, .opens), ("sink.enabled", .info, .closes),
        ("sink.dead-letter", .error, .opens), ("audit.broken", .critical, .opens), ("audit.mended", .info, .closes),
        ("decision.approve", .info, nil), ("decision.rollback", .info, nil),
    ]

    @Test("alerts open with what goes wrong and close with its end", arguments: incidents)
    func incident(type: String, severity: Severity, change: IncidentChange?) {
        #expect(Self.event(type, severity).incident == change)
        #expect(SinkSettings.Kind.pagerduty.takes(Self.event(type, severity)) == (change != nil))
    }

    @Test("a sink of alerts with a least severity still learns the end of what it was told")
    func closing() {
        var settings = SinkSettings(name: "duty", url: .literal(""))
        settings.minSeverity = .error
        settings.kind = .pagerduty
        #expect(EventFilter(settings).admits(Self.event("rollout.succeeded")))
        #expect(!EventFilter(settings).admits(Self.event("rollout.started")))
        #expect(!EventFilter(settings).admits(Self.event("drift.detected", .warning)))
        settings.kind = .webhook
        #expect(!EventFilter(settings).admits(Self.event("rollout.succeeded")))
    }

    @Test("states of commits are those of rollouts, of bad manifests and of held moves alone")
    func states() {
        let types = Self.incidents.map(\.0)
        let found = types.filter { type in
            var event = Self.rollout(type)
            event.about = event.commit?.sha
            return CommitStatus(event) != nil
        }
        #expect(
            found == types.filter { $0.hasPrefix("rollout.") || $0.hasPrefix("commit.") || $0 == "manifest.invalid" })
        #expect(CommitStatus(Self.event("manifest.invalid")) == nil)
        var unbound = Self.rollout("rollout.started")
        unbound.commit = nil
        #expect(CommitStatus(unbound) == nil)
        for kind in SinkSettings.Kind.allCases where kind.showsStates {
            #expect(kind.takes(Self.rollout("rollout.started")) && !kind.takes(Self.event("drift.detected")))
        }
    }

    @Test("one context for each bot and environment")
    func contexts() {
        let status = CommitStatus(Self.rollout("rollout.started"))
        #expect(status?.context == "ballast/PROD/orders")
        #expect(status?.lane == "commit/\(String(repeating: "a", count: 40))/ballast/PROD/orders")
        var held = Self.event("commit.held")
        held.bot = nil
        held.about = CommitID(String(repeating: "b", count: 40))
        #expect(CommitStatus(held)?.context == "ballast/approval" && CommitStatus(held)?.state == .pending)
        held.type = "commit.approved"
        #expect(CommitStatus(held)?.state == .success)
        held.type = "manifest.invalid"
        #expect(CommitStatus(held)?.context == "ballast/manifests" && CommitStatus(held)?.state == .failure)
    }

    @Test("deployments are told of rollouts alone; the others are told everything that passes their filters")
    func others() {
        for (type, severity, _) in Self.incidents {
            #expect(
                SinkSettings.Kind.githubDeployment.takes(Self.rollout(type, severity)) == type.hasPrefix("rollout."))
            #expect(!SinkSettings.Kind.githubDeployment.takes(Self.event(type, severity)))
            for kind in [SinkSettings.Kind.webhook, .cdevents, .githubDispatch, .gitlabPipeline, .slack] {
                #expect(kind.takes(Self.event(type, severity)))
            }
        }
    }
}
