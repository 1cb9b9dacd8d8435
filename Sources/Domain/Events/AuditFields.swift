/// The members of audit records: a superset of the tutorial's record, so that whoever reads those reads these.
enum AuditFields {
    static func of(_ event: Event) -> [String: JSONValue] {
        var fields = seven(
            eventType: event.eventType, botId: event.bot?.key.botId, target: event.to, jobId: event.jobId,
            status: event.status.rawValue, at: event.time)
        if let bot = event.bot { fields["metrics"] = TurnResult.metrics(event.verification, of: bot.key) }
        fields["type"] = .string(event.type)
        fields["eventId"] = .string(event.id)
        fields["severity"] = .string(event.severity.rawValue)
        fields["message"] = .string(event.message)
        fields["from"] = .optional(event.from)
        fields["bot"] = event.bot.map { bot($0.key, name: $0.name) }
        fields["commit"] = event.commit.map { commit($0) }
        fields["decidedBy"] = .optional(event.decidedBy)
        fields["reason"] = .optional(event.reason)
        if let drift = event.drift {
            fields["drift"] = .object(omittingNil: [
                "cause": .string(drift.cause.rawValue), "desired": .string(drift.desired),
                "deployed": .optional(drift.deployed), "changedBy": .optional(drift.changedBy),
                "changedAt": .optional(drift.changedAt?.iso8601), "firstSeen": .string(drift.firstSeen.iso8601),
                "occurrence": .integer(Int64(drift.occurrence)),
            ])
        }
        if let bots = event.bots { fields["bots"] = .array(bots.map(JSONValue.string)) }
        if let count = event.botCount { fields["botCount"] = .integer(Int64(count)) }
        return fields
    }

    static func of(_ rollout: Rollout, step: String, at: Timestamp) -> [String: JSONValue] {
        let status: Event.Status =
            switch rollout.outcome {
            case .succeeded: .success
            case .failed, .failedOver, .degraded, .indeterminate, .timedOut: .failed
            case .blocked, .superseded, nil: .pending
            }
        var fields = seven(
            eventType: rollout.direction == .rollback ? "BOT_VERSION_ROLLBACK" : "BOT_VERSION_DEPLOYMENT",
            botId: rollout.key.botId, target: rollout.leg.target, jobId: rollout.leg.jobId ?? rollout.jobIds.last,
            status: status.rawValue, at: at)
        fields["type"] = .string("rollout.\(step)")
        fields["step"] = .string(step)
        fields["rollout"] = .string(rollout.id)
        fields["bot"] = bot(rollout.key, name: rollout.name)
        fields["commit"] = commit(Event.CommitReference(rollout.provenance))
        fields["desired"] = .string(rollout.to)
        fields["deployed"] = .optional(rollout.from)
        return fields
    }

    static func ofLost(
        _ open: TakenBack.OpenRollout, serves: String, message: String, at: Timestamp
    ) -> [String: JSONValue] {
        var fields = seven(
            eventType: "BOT_VERSION_DEPLOYMENT", botId: open.key.botId, target: open.target, jobId: nil,
            status: Event.Status.pending.rawValue, at: at)
        fields["type"] = .string("rollout.end")
        fields["step"] = .string("end")
        fields["outcome"] = .string(Outcome.superseded.rawValue)
        fields["message"] = .string(message)
        fields["rollout"] = .string(open.id)
        fields["bot"] = bot(open.key, name: open.name)
        fields["commit"] = .object(["sha": .string(open.commit.hex)])
        fields["desired"] = .string(open.target)
        fields["deployed"] = .string(serves)
        return fields
    }

    /// Null where they do not apply; the other members are left out then.
    private static func seven(
        eventType: String, botId: String?, target: String?, jobId: String?, status: String, at: Timestamp
    ) -> [String: JSONValue] {
        [
            "eventType": .string(eventType), "botId": .optional(botId) ?? .null,
            "targetVersionId": .optional(target) ?? .null, "jobId": .optional(jobId) ?? .null,
            "status": .string(status), "metrics": .object([:]), "timestamp": .string(at.iso8601),
        ]
    }

    private static func bot(_ key: BotKey, name: String) -> JSONValue {
        .object([
            "name": .string(name), "platform": .string(key.platform), "environment": .string(key.environment),
        ])
    }

    /// Of a commit's message: the first line, for people who read the trail.
    static let maxSubjectCharacters = 200

    private static func commit(_ commit: Event.CommitReference) -> JSONValue {
        let subject = commit.message.split(separator: "\n").first.map(String.init)
        return .object(omittingNil: [
            "sha": .string(commit.sha.hex), "author": .string(commit.author),
            "message": .optional(subject.map { UntrustedText.cut($0, maxCharacters: maxSubjectCharacters) }),
            "reverts": .optional(commit.reverts?.hex), "signature": .string(commit.signature),
        ])
    }
}
