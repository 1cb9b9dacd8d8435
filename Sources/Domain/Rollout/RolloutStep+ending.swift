extension RolloutStep {
    /// The one way out.
    mutating func end(_ outcome: Outcome, _ message: String) {
        guard !rollout.hasEnded else { return }
        leg.asking = nil
        leg.next = nil
        stopDrainClock()
        rollout.wakeAt = nil
        giveSlot()
        move(to: .ended)
        rollout.outcome = outcome
        rollout.message = message
        rollout.endedAt = now.wall
        record("end", endFields(outcome, message))
        effects.append(.ended(outcome, message: message))
    }

    mutating func record(_ step: String, _ fields: [String: JSONValue]) {
        effects.append(.record(step: step, fields: fields))
    }

    mutating func recordAnswer(_ exchange: PlatformExchange) {
        var fields: [String: JSONValue] = [
            "operation": .string("createDeployment"),
            "idempotencyKey": .text(leg.intent?.request.idempotencyKey),
            // `status` is the tutorial's word for how the rollout stands.
            "httpStatus": exchange.status.map { .integer(Int64($0)) } ?? .null,
            "requestDigest": .text(exchange.requestDigest),
            "answerDigest": .text(exchange.answerDigest),
            "latencyMs": .number(exchange.latencyMilliseconds),
        ]
        switch exchange.result {
        case .success(.accepted(let jobId)): fields["jobId"] = .text(jobId)
        default: fields["failure"] = .text(Self.describe(exchange))
        }
        record("answer", fields)
    }

    private func endFields(_ outcome: Outcome, _ message: String) -> [String: JSONValue] {
        [
            "outcome": .string(outcome.rawValue),
            "message": .string(message),
            "direction": .string(rollout.direction.rawValue),
            "from": .text(rollout.from),
            "to": .string(rollout.to),
            "fallback": .text(rollout.fallback),
            "jobIds": .array(rollout.jobIds.map(JSONValue.string)),
            "guards": .array(rollout.guards.map { .object(Self.fields(of: $0)) }),
            "verification": .array(compactTurns()),
            "nothingAsked": .bool(rollout.turns.isEmpty),
            "metrics": TurnResult.metrics(rollout.turns, of: rollout.key),
        ]
    }

    /// What fits into a line that people read; the single steps tell the rest.
    private func compactTurns() -> [JSONValue] {
        rollout.turns.suffix(RolloutLimit.maxTurnsInEndRecord).map { turn in
            .object(omittingNil: [
                "message": .string(String(turn.testMessage.prefix(60))),
                "verdict": .string(turn.verdict.rawValue),
                "intent": turn.detectedIntent.map { .string(String($0.prefix(60))) },
                "confidence": turn.confidence.map(JSONValue.number),
                "latencyMs": .number(turn.latencyMs),
            ])
        }
    }

    static func fields(of verdict: GuardVerdict) -> [String: JSONValue] {
        var fields: [String: JSONValue] = [
            "guard": .string(verdict.guard.rawValue), "verdict": .string(verdict.verdict.rawValue),
            "detail": .text(verdict.detail),
        ]
        if verdict.waived { fields["waived"] = .bool(true) }
        return fields
    }

    static func fields(of turn: TurnResult) -> [String: JSONValue] {
        [
            "testMessage": .text(turn.testMessage), "attempt": .integer(Int64(turn.attempt)),
            "verdict": .string(turn.verdict.rawValue), "detectedIntent": .text(turn.detectedIntent),
            "confidence": turn.confidence.map(JSONValue.number) ?? .null,
            "entityAccuracy": turn.entityAccuracy.map(JSONValue.number) ?? .null,
            "latencyMs": .number(turn.latencyMs), "versionId": .text(turn.versionId), "detail": .text(turn.detail),
        ]
    }
}
