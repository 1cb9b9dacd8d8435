/// Judges one synthetic turn. Only a whole answer of the version under test can pass or fail; all else proves nothing.
struct TurnJudge {
    let test: VerifyCase
    let target: String

    func judge(_ exchange: PlatformExchange, attempt: Int, at: Timestamp) -> TurnResult {
        let answer: TurnAnswer? = if case .success(.turn(let answer)) = exchange.result { answer } else { nil }
        var result = TurnResult(
            testMessage: test.message, attempt: attempt, verdict: .inconclusive, detectedIntent: answer?.intent,
            confidence: answer?.confidence, entityAccuracy: answer.map(accuracy),
            latencyMs: exchange.latencyMilliseconds, versionId: answer?.versionId, at: at, detail: "")
        guard let answer else {
            result.entityAccuracy = nil
            result.detail = RolloutStep.describe(exchange)
            return result
        }
        (result.verdict, result.detail) = verdict(answer, latency: exchange.latencyMilliseconds)
        return result
    }

    private func verdict(_ answer: TurnAnswer, latency: Double) -> (TurnResult.Verdict, String) {
        if let version = answer.versionId, version != target {
            return (.inconclusive, "\(version) answered instead of \(target)")
        }
        guard let intent = answer.intent else { return (.inconclusive, "the answer holds no intent") }
        if intent != test.intent { return (.failed, "intent was \(intent), expected \(test.intent)") }
        if answer.confidence == nil, test.minConfidence > 0 {
            return (.inconclusive, "the answer holds no confidence")
        }
        if let confidence = answer.confidence, !(confidence >= test.minConfidence) {
            return (.failed, "confidence was \(confidence), expected at least \(test.minConfidence)")
        }
        let accuracy = accuracy(answer)
        if accuracy < test.minEntityAccuracy {
            return (.failed, "entity accuracy was \(accuracy), expected at least \(test.minEntityAccuracy)")
        }
        if let most = test.maxLatency, latency > Double(most.milliseconds) {
            return (.failed, "the answer took longer than \(most.milliseconds) ms")
        }
        return (.passed, answer.versionId == nil ? "passed; version not proven" : "passed")
    }

    /// Matched over expected; where nothing is expected nothing can be wrong.
    private func accuracy(_ answer: TurnAnswer) -> Double {
        guard !test.entities.isEmpty else { return 1 }
        let matched = test.entities.count { answer.entities[$0.key] == $0.value }
        return Double(matched) / Double(test.entities.count)
    }
}
