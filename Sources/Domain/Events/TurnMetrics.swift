/// What the tutorial calls `metrics`: one turn that speaks for all.
extension TurnResult {
    /// Characters of the test message that a record keeps.
    static let maxRecordedMessageCharacters = 200

    /// A failed turn before an inconclusive one before one that passed; of equals the least confident, then the earliest.
    package static func worst(_ turns: [TurnResult]) -> TurnResult? {
        turns.min { ($0.rank, $0.confidence ?? 0) < ($1.rank, $1.confidence ?? 0) }
    }

    private var rank: Int {
        switch verdict {
        case .failed: 0
        case .inconclusive: 1
        case .passed: 2
        }
    }

    /// The worst turn as audit records carry it; empty where nothing was tested.
    static func metrics(_ turns: [TurnResult], of bot: BotKey) -> JSONValue {
        guard let turn = worst(turns) else { return .object([:]) }
        return .object(omittingNil: [
            "botId": .string(bot.botId),
            "testMessage": .string(UntrustedText.cut(turn.testMessage, maxCharacters: maxRecordedMessageCharacters)),
            "detectedIntent": .optional(turn.detectedIntent),
            "confidence": turn.confidence.map(JSONValue.number),
            "entityAccuracy": turn.entityAccuracy.map(JSONValue.number),
            "latencyMs": .number(turn.latencyMs),
            "verificationPassed": .bool(turn.verdict == .passed),
            "timestamp": .string(turn.at.iso8601),
        ])
    }
}
