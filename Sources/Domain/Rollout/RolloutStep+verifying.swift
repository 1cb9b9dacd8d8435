extension RolloutStep {
    mutating func beginVerification() {
        leg.caseIndex = 0
        beginCase()
    }

    /// A restart begins its case again, from the first attempt.
    mutating func beginCase() {
        leg.attemptsMade = 0
        leg.attemptsPassed = 0
        askTurn()
    }

    mutating func askTurn() {
        guard leg.caseIndex < settings.verify.count else { return verified() }
        let test = settings.verify[leg.caseIndex]
        ask(
            .turn,
            .test(botId: rollout.key.botId, environment: rollout.key.environment, message: test.message))
    }

    mutating func turnAnswered(_ exchange: PlatformExchange) {
        guard leg.caseIndex < settings.verify.count else { return verified() }
        let test = settings.verify[leg.caseIndex]
        let turn = TurnJudge(test: test, target: target).judge(exchange, attempt: leg.attemptsMade + 1, at: now.wall)
        keep(turn)
        guard turn.verdict != .inconclusive else {
            return provedNothing(turn, failure: Self.failure(of: exchange))
        }
        leg.inconclusive = 0
        leg.attemptsMade += 1
        if turn.verdict == .passed { leg.attemptsPassed += 1 }
        if leg.attemptsPassed >= test.require {
            recordCase(test, turn, verdict: "passed")
            leg.caseIndex += 1
            beginCase()
        } else if leg.attemptsPassed + max(0, test.attempts - leg.attemptsMade) < test.require {
            recordCase(test, turn, verdict: "failed")
            verificationFailed(turn)
        } else {
            askTurn()
        }
    }

    private mutating func keep(_ turn: TurnResult) {
        if rollout.turns.count >= RolloutLimit.maxTurns {
            rollout.turns.remove(at: rollout.turns.firstIndex { $0.verdict == .inconclusive } ?? 0)
        }
        rollout.turns.append(turn)
    }

    /// Neither passed nor failed: asked again while there is time, then a person is told.
    private mutating func provedNothing(_ turn: TurnResult, failure: PlatformFailure?) {
        let deadline = (leg.verifyingSince ?? now.tick) + settings.verifyTimeout
        if now.tick >= deadline {
            recordTurn(turn, Self.fields(of: turn))
            return end(.indeterminate, "\(target) serves, but could not be verified: \(turn.detail)")
        }
        leg.inconclusive += 1
        let delay = backoff(
            leg.inconclusive - 1, first: RolloutLimit.pollFirst, most: RolloutLimit.pollMost, after: failure)
        sleep(.turn, delay, deadline: deadline)
    }

    private mutating func recordCase(_ test: VerifyCase, _ turn: TurnResult, verdict: String) {
        var fields = Self.fields(of: turn)
        fields["case"] = .integer(Int64(leg.caseIndex))
        fields["verdict"] = .string(verdict)
        fields["attempts"] = .integer(Int64(leg.attemptsMade))
        fields["passed"] = .integer(Int64(leg.attemptsPassed))
        fields["require"] = .integer(Int64(test.require))
        recordTurn(turn, fields)
    }

    private mutating func recordTurn(_ turn: TurnResult, _ fields: [String: JSONValue]) {
        var fields = fields
        fields["metrics"] = TurnResult.metrics([turn], of: rollout.key)
        record("verification", fields)
    }

    private mutating func verificationFailed(_ turn: TurnResult) {
        let reason = "\(target) failed its verification: \(turn.detail)"
        quarantine(reason)
        failOver(because: reason)
    }

    mutating func verified() {
        effects.append(.verified(version: target))
        guard rollout.isFailover else {
            let how = settings.verify.isEmpty ? "serves; nothing was asked" : "serves and passed its verification"
            return end(.succeeded, "\(target) \(how)")
        }
        rollout.fallback = target
        end(.failedOver, "\(failureSentence); \(target) serves\(target == rollout.from ? " again" : "")")
    }
}
