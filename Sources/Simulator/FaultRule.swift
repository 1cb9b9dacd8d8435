/// The operations of the platform, by the names of the specification, and the token endpoint.
package enum PlatformOperation: String, Sendable, Hashable, Codable, CaseIterable {
    case listVersions, listSessions, listDeployments, createDeployment, getDeploymentStatus, testBot, token
    /// A path that the platform does not have.
    case unknown
}

/// Misbehaviour on demand. The first armed rule that matches a request is played; a rule whose turn is over is skipped.
package struct FaultRule: Sendable, Hashable {
    /// `nil` matches all.
    package var operation: PlatformOperation?
    package var botId: String?
    package var environment: String?
    /// So many matching requests pass before the first that is hit.
    package var skip: Int
    /// So many requests are hit; `nil`: all from then on.
    package var times: Int?
    /// Each matching request in turn is hit with this probability, drawn from the seed.
    package var probability: Double
    package var action: FaultAction

    package init(
        _ action: FaultAction, on operation: PlatformOperation? = nil, botId: String? = nil,
        environment: String? = nil, skip: Int = 0, times: Int? = 1, probability: Double = 1
    ) {
        self.action = action
        self.operation = operation
        self.botId = botId
        self.environment = environment
        self.skip = skip
        self.times = times
        self.probability = probability
    }
}

/// A rule with what happened to it so far.
struct ArmedFault: Sendable {
    let rule: FaultRule
    private var seen = 0
    private var hits = 0
    private var generator: SeededGenerator

    init(rule: FaultRule, seed: UInt64, stream: UInt64) {
        self.rule = rule
        generator = SeededGenerator(seed: seed, stream: stream)
    }

    /// Whether this request is hit; counts it where it matches.
    mutating func strikes(operation: PlatformOperation, botId: String?, environment: String?) -> Bool {
        if let wanted = rule.operation, wanted != operation { return false }
        if let wanted = rule.botId, wanted != botId { return false }
        if let wanted = rule.environment, wanted != environment { return false }
        if let times = rule.times, hits >= times { return false }
        seen += 1
        guard seen > rule.skip else { return false }
        if rule.probability < 1, Double.random(in: 0..<1, using: &generator) >= rule.probability { return false }
        hits += 1
        return true
    }
}
