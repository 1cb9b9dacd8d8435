@testable import Commands
@testable import Domain

/// Plain values that tests change where it matters.
enum Sample {
    static let commit = CommitID(String(repeating: "a1b2c3d4", count: 5))
    static let time = Timestamp(milliseconds: 1_795_341_600_000)

    static let provenance = Provenance(
        commit: commit, author: "Alice <alice@example.com>", committer: "Alice <alice@example.com>",
        message: "Say v_67890\n\nbecause", committedAt: time, reverts: nil, signature: .unsigned, step: commit)

    static func declaration(_ name: String = "order-support", version: String = "v_67890") -> Declaration {
        let spec = Manifest.Spec(platform: "default", botId: "bot_12345", environment: "PRODUCTION", version: version)
        return Declaration(
            manifest: Manifest(name: name, labels: ["team": "orders"], spec: spec), digest: "d", specDigest: "s",
            path: "bots/\(name).yaml", index: 0, provenance: provenance)
    }

    static func report(
        _ name: String = "order-support", _ state: BotCondition.State = .inSync, deployed: String? = "v_67890",
        differs: Bool = false, action: BotReport.Action = .none, guards: [GuardVerdict] = [],
        isLeftAlone: Bool = false, isSelected: Bool = true
    ) -> BotReport {
        BotReport(
            key: BotKey(platform: "default", botId: "bot_12345", environment: "PRODUCTION"), name: name,
            desired: "v_67890", deployed: deployed, isDeployedKnown: state != .unknown, state: state, guard: nil,
            message: state == .inSync ? "serves v_67890" : "wants v_67890", cause: differs ? .manifest : nil,
            action: action, declaration: declaration(name), guards: guards, differs: differs, isOff: differs,
            isLeftAlone: isLeftAlone,
            isSelected: isSelected, since: time)
    }

    static func record(_ name: String = "order-support", _ state: BotCondition.State = .inSync) -> BotRecord {
        var record = BotRecord(
            key: BotKey(platform: "default", botId: "bot_12345", environment: "PRODUCTION"), name: name,
            condition: BotCondition(state, message: "serves v_67890", since: time))
        record.declared = declaration(name)
        record.observed = Observation(version: "v_67890", jobId: "job_1", by: nil, at: time, idempotencyKey: nil)
        return record
    }

    static func rollout(_ id: String = "r-1", outcome: Outcome? = .succeeded) -> Rollout {
        let settings = RolloutSettings(
            guards: Guards(), verify: [], onFailure: .failover, fallbackVersion: nil, rolloutTimeout: .minutes(30),
            verifyTimeout: .minutes(5), requestTimeout: .seconds(30))
        var rollout = Rollout(
            id: id, key: BotKey(platform: "default", botId: "bot_12345", environment: "PRODUCTION"),
            name: "order-support", labels: [:], provenance: provenance, cause: .manifest, settings: settings,
            from: "v_70000", to: "v_67890", direction: .rollback, isReturn: false,
            now: Now(tick: Tick(milliseconds: 0), wall: time))
        rollout.outcome = outcome
        if outcome != nil {
            rollout.phase = .ended
            rollout.endedAt = time.advanced(by: .milliseconds(323))
        }
        rollout.message = outcome == nil ? "" : "v_67890 serves"
        rollout.jobIds = ["job_1"]
        return rollout
    }

    static let problem = Problem(path: "bots/x.yaml", line: 3, column: 5, message: "expected a name")
}
