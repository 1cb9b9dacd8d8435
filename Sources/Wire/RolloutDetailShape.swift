package import Domain

/// `show ROLLOUT -o json`: every step of one rollout.
package struct RolloutDetailShape: Codable, Hashable, Sendable {
    package struct Phase: Codable, Hashable, Sendable {
        package var phase: String
        package var at: String
        package var durationMs: Int64?
    }

    /// A mutation as it was journaled before it was sent.
    package struct Request: Codable, Hashable, Sendable {
        package var idempotencyKey: String
        package var targetVersion: String
        package var direction: String
        @OrNull package var jobId: String?
        package var isFailover: Bool
    }

    package var rollout: RolloutShape
    package var commit: CommitShape
    package var phases: [Phase]
    package var guards: [GuardShape]
    package var requests: [Request]
    package var verification: [TurnShape]
    /// Its audit records, in the order of the chain.
    package var records: [JSONValue]

    package init(_ rollout: Rollout, records: [JSONValue]) {
        self.rollout = RolloutShape(rollout)
        commit = CommitShape(rollout.provenance)
        phases = rollout.marks.map {
            Phase(phase: $0.phase, at: $0.at.iso8601, durationMs: $0.duration?.milliseconds)
        }
        guards = rollout.guards.map { GuardShape($0) }
        let legs = [(rollout.primary, false)] + (rollout.failover.map { [($0, true)] } ?? [])
        requests = legs.compactMap { leg, isFailover in
            leg.intent.map { intent in
                Request(
                    idempotencyKey: intent.request.idempotencyKey, targetVersion: intent.request.targetVersion,
                    direction: intent.request.direction.rawValue, jobId: leg.jobId, isFailover: isFailover)
            }
        }
        verification = rollout.turns.map { TurnShape($0) }
        self.records = records
    }
}

/// One synthetic turn.
package struct TurnShape: Codable, Hashable, Sendable {
    package var testMessage: String
    package var attempt: Int
    package var verdict: String
    package var detectedIntent: String?
    package var confidence: Double?
    package var entityAccuracy: Double?
    package var latencyMs: Double
    package var versionId: String?
    package var timestamp: String
    package var detail: String

    package init(_ turn: TurnResult) {
        testMessage = turn.testMessage
        attempt = turn.attempt
        verdict = turn.verdict.rawValue
        detectedIntent = turn.detectedIntent
        confidence = turn.confidence
        entityAccuracy = turn.entityAccuracy
        latencyMs = turn.latencyMs
        versionId = turn.versionId
        timestamp = turn.at.iso8601
        detail = turn.detail
    }
}
