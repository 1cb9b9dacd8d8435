package import Domain

/// The body of `kind: webhook` (`product/reporting.md`): the tutorial's payload first, ours after it. Pure: the same event
/// gives the same bytes at every attempt and for every sink.
package enum WebhookBody {
    package static func render(_ event: Event) -> [UInt8] { node(event).bytes }

    static func node(_ event: Event) -> JSONNode {
        .object(tutorial(event) + ours(event))
    }

    /// The seven members that a receiver written for the tutorial reads: always there, null where they do not apply.
    private static func tutorial(_ event: Event) -> [(String, JSONNode?)] {
        [
            ("eventType", .string(eventType(event))),
            ("botId", .text(event.bot?.key.botId) ?? .null),
            ("targetVersionId", .text(event.to) ?? .null),
            ("jobId", .text(event.jobId) ?? .null),
            ("status", .string(event.status.rawValue)),
            ("metrics", metrics(event)),
            ("timestamp", .string(event.time.iso8601)),
        ]
    }

    private static func ours(_ event: Event) -> [(String, JSONNode?)] {
        [
            ("id", .string(event.id)),
            ("type", .string(event.type)),
            ("severity", .string(event.severity.rawValue)),
            ("sequence", .integer(event.sequence)),
            ("fingerprint", .string(event.fingerprint)),
            ("message", .string(event.message)),
            ("guard", .text(event.guardName)),
            ("bot", event.bot.map(bot)),
            ("from", .text(event.from)),
            ("to", .text(event.to)),
            ("commit", event.commit.map(commit)),
            ("rollout", event.rollout.map(rollout)),
            ("drift", event.drift.map(drift)),
            ("verification", event.verification.count > 1 ? .array(event.verification.map { turn($0, event) }) : nil),
            ("bots", event.bots.map { .array($0.map(JSONNode.string)) }),
            ("botCount", event.botCount.map { .integer(Int64($0)) }),
            ("decidedBy", .text(event.decidedBy)),
            ("reason", .text(event.reason)),
        ]
    }

    /// The tutorial's name for what happened. It knows one; the others follow its pattern.
    static func eventType(_ event: Event) -> String {
        switch event.type.prefix(while: { $0 != "." }) {
        case "rollout":
            switch event.type {
            case "rollout.blocked", "rollout.held", "rollout.waiting": "BOT_VERSION_BLOCKED"
            default: event.rollout?.direction == .rollback ? "BOT_VERSION_ROLLBACK" : "BOT_VERSION_DEPLOYMENT"
            }
        case "drift": "BOT_VERSION_DRIFT"
        case "decision": "BOT_DECISION"
        case "source", "commit": "BOT_SOURCE"
        case "platform": "BOT_PLATFORM"
        case "manifest", "bot": "BOT_MANIFEST"
        default: "BOT_REPORT"
        }
    }

    private static func bot(_ bot: Event.BotReference) -> JSONNode {
        .object([
            ("name", .string(bot.name)),
            ("platform", .string(bot.key.platform)),
            ("environment", .string(bot.key.environment)),
            ("labels", .object(bot.labels.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })),
        ])
    }

    private static func commit(_ commit: Event.CommitReference) -> JSONNode {
        .object([
            ("sha", .string(commit.sha.hex)),
            ("author", .string(commit.author)),
            ("committer", .string(commit.committer)),
            ("message", .string(commit.message)),
            ("committedAt", .instant(commit.committedAt)),
            ("reverts", .text(commit.reverts?.hex)),
            ("signature", .string(commit.signature)),
        ])
    }

    private static func rollout(_ rollout: Event.RolloutReference) -> JSONNode {
        .object([
            ("id", .string(rollout.id)),
            ("outcome", .text(rollout.outcome?.rawValue)),
            ("direction", .string(rollout.direction.rawValue)),
            ("startedAt", .instant(rollout.startedAt)),
            ("endedAt", .instant(rollout.endedAt)),
            ("phases", .array(rollout.phases.map(phase))),
            ("fallback", .text(rollout.fallback)),
        ])
    }

    private static func phase(_ phase: Event.RolloutReference.Phase) -> JSONNode {
        .object([
            ("phase", .string(phase.phase)),
            ("at", .instant(phase.at)),
            ("durationMs", phase.duration.map { .integer($0.milliseconds) }),
        ])
    }

    private static func drift(_ drift: Event.DriftReference) -> JSONNode {
        .object([
            ("cause", .string(drift.cause.rawValue)),
            ("desired", .string(drift.desired)),
            ("deployed", .text(drift.deployed)),
            ("changedBy", .text(drift.changedBy)),
            ("changedAt", .instant(drift.changedAt)),
            ("firstSeen", .instant(drift.firstSeen)),
            ("occurrence", .integer(Int64(drift.occurrence))),
        ])
    }
}

extension WebhookBody {
    /// The worst turn, in the tutorial's names; an empty object where nothing was tested.
    static func metrics(_ event: Event) -> JSONNode {
        guard let turn = TurnResult.worst(event.verification) else {
            return .object([(name: String, value: JSONNode)]())
        }
        return .object(judged(turn, event))
    }

    private static func turn(_ turn: TurnResult, _ event: Event) -> JSONNode {
        .object(
            judged(turn, event) + [
                ("attempt", .integer(Int64(turn.attempt))),
                ("verdict", .string(turn.verdict.rawValue)),
                ("versionId", .text(turn.versionId)),
                ("detail", .text(turn.detail.isEmpty ? nil : turn.detail)),
            ])
    }

    private static func judged(_ turn: TurnResult, _ event: Event) -> [(String, JSONNode?)] {
        [
            ("botId", .text(event.bot?.key.botId)),
            ("testMessage", .string(turn.testMessage)),
            ("detectedIntent", .text(turn.detectedIntent)),
            ("confidence", turn.confidence.map(JSONNode.number)),
            ("entityAccuracy", turn.entityAccuracy.map(JSONNode.number)),
            ("latencyMs", .number(turn.latencyMs)),
            ("verificationPassed", .bool(turn.verdict == .passed)),
            ("timestamp", .instant(turn.at)),
        ]
    }
}
