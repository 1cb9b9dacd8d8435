import Domain

extension BotKey {
    static let sample = BotKey(platform: "default", botId: "bot_1", environment: "PRODUCTION")
}

extension Provenance {
    static let sample = Provenance(
        commit: CommitID(String(repeating: "a", count: 40)),
        author: "Ada <ada@example.org>", committer: "Ada <ada@example.org>", message: "Use v7",
        committedAt: Timestamp(milliseconds: 1_699_999_000_000), reverts: nil, signature: .unsigned,
        step: CommitID(String(repeating: "a", count: 40)))
    static let newer = Provenance(
        commit: CommitID(String(repeating: "b", count: 40)),
        author: "Bea <bea@example.org>", committer: "Bea <bea@example.org>", message: "Other guards",
        committedAt: Timestamp(milliseconds: 1_699_999_500_000), reverts: nil, signature: .unsigned,
        step: CommitID(String(repeating: "b", count: 40)))
}

extension VerifyCase {
    static let sample = VerifyCase(
        message: "I need help with my order", intent: "order_support", minConfidence: 0.8,
        maxLatency: .seconds(2))
    static func sample(attempts: Int, require: Int) -> VerifyCase {
        var test = sample
        test.attempts = attempts
        test.require = require
        return test
    }
}

extension TurnAnswer {
    static let right = TurnAnswer(intent: "order_support", confidence: 0.93, entities: [:], versionId: nil)
    static let wrong = TurnAnswer(intent: "smalltalk", confidence: 0.99, entities: [:], versionId: nil)
    static let none = TurnAnswer(intent: nil, confidence: nil, entities: [:], versionId: nil)
}

extension RolloutSettings {
    static func sample(
        verify: [VerifyCase] = [.sample], onFailure: Manifest.OnFailure = .failover,
        _ change: (inout Guards) -> Void = { _ in }
    ) -> RolloutSettings {
        var guards = Guards()
        change(&guards)
        return RolloutSettings(
            guards: guards, verify: verify, onFailure: onFailure, fallbackVersion: nil, rolloutTimeout: .minutes(30),
            verifyTimeout: .minutes(5), requestTimeout: .seconds(30))
    }
}

extension Rollout {
    /// v5 serves, v7 is wanted.
    static func sample(_ settings: RolloutSettings = .sample(), from: String? = "v5") -> Rollout {
        Rollout(
            id: "r1", key: .sample, name: "order-support", labels: ["team": "orders"], provenance: .sample,
            cause: .manifest, settings: settings, from: from, to: "v7", direction: .deployment, isReturn: false,
            now: Now(tick: Tick(milliseconds: 1_000_000), wall: Timestamp(milliseconds: 1_700_001_000_000)))
    }
}

extension RolloutWorld {
    static func sample(fallbacks: [Fallback] = [Fallback(version: "v5", isNamed: false)]) -> RolloutWorld {
        RolloutWorld(
            admission: nil, window: GuardVerdict(.window, .pass, "no window"),
            cooldown: GuardVerdict(.cooldown, .pass, "none"), retryAt: nil, waived: [],
            capabilities: PlatformCapabilities(),
            deployed: Observation(version: "v5", jobId: "job_1", by: "ops", at: nil, idempotencyKey: nil), openJobs: [],
            fallbacks: fallbacks, keyPrefix: "ballast-s1", pollsByFeed: false, jitter: 0)
    }
}

extension PageInfo {
    static let only = PageInfo(page: 1, next: nil, first: nil)
}

extension VersionInfo {
    static func sample(
        _ id: String, status: String = "PUBLISHED", environment: String? = "PRODUCTION", created: Int64? = nil
    ) -> VersionInfo {
        VersionInfo(
            id: id, status: status, environment: environment,
            createdAt: created.map { Timestamp(milliseconds: $0) })
    }
    static let samples = [sample("v5", created: 500), sample("v6", created: 600), sample("v7", created: 700)]
}

extension JobInfo {
    static func sample(
        _ id: String, _ version: String, _ state: JobState, at: Int64, completed: Int64? = nil, by: String? = nil,
        key: String? = nil
    ) -> JobInfo {
        JobInfo(
            jobId: id, botId: "bot_1", targetVersion: version, environment: "PRODUCTION", state: state,
            createdAt: Timestamp(milliseconds: at), completedAt: completed.map { Timestamp(milliseconds: $0) },
            createdBy: by, idempotencyKey: key)
    }
    /// Brought v5 before the rollout began.
    static let old = sample("job_1", "v5", .completed, at: 1_000, completed: 2_000, by: "ops")
    static func ours(_ state: JobState) -> JobInfo {
        sample("job_9", "v7", state, at: 9_000, completed: state.hasEnded ? 9_500 : nil)
    }
    static func fallback(_ state: JobState) -> JobInfo {
        sample("job_10", "v5", state, at: 10_000, completed: state.hasEnded ? 10_500 : nil)
    }
    static func foreign(_ state: JobState, _ version: String = "v6", at: Int64 = 8_000) -> JobInfo {
        sample("job_x", version, state, at: at, completed: state.hasEnded ? at + 500 : nil, by: "eve")
    }
}
