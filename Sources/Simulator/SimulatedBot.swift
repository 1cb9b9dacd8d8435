package import Domain

/// One bot of the world. What serves where, and its sessions, are kept by the platform.
package struct SimulatedBot: Sendable, Hashable {
    package var id: String
    package var versions: [SimulatedVersion]

    package init(id: String, versions: [SimulatedVersion]) {
        self.id = id
        self.versions = versions
    }

    /// A bot with versions that all understand `turn`, a day apart and the last one made an hour ago.
    package init(id: String, versionIds: [String], environment: String = "PRODUCTION", turn: SimulatedTurn = .good) {
        self.init(
            id: id,
            versions: versionIds.map { SimulatedVersion(id: $0, environment: environment, turn: turn) })
    }
}

/// One version: what the listing shows, and what the bot says while it serves.
package struct SimulatedVersion: Sendable, Hashable {
    package var id: String
    package var status: String
    package var environment: String
    /// `nil`: a day after the version before it, the last one an hour before the platform was told of it.
    package var createdAt: Timestamp?
    /// A deployment with `validateDependencies` is refused; without, the deployed version answers tests with 500.
    package var dependenciesMissing: Bool
    /// What is understood of a message that `turns` does not hold.
    package var turn: SimulatedTurn
    package var turns: [String: SimulatedTurn]

    package init(
        id: String, status: String = "PUBLISHED", environment: String = "PRODUCTION", createdAt: Timestamp? = nil,
        dependenciesMissing: Bool = false, turn: SimulatedTurn = .good, turns: [String: SimulatedTurn] = [:]
    ) {
        self.id = id
        self.status = status
        self.environment = environment
        self.createdAt = createdAt
        self.dependenciesMissing = dependenciesMissing
        self.turn = turn
        self.turns = turns
    }

    /// A version that any verification of `SimulatedTurn.good` finds bad.
    package static func bad(_ id: String, environment: String = "PRODUCTION") -> SimulatedVersion {
        SimulatedVersion(id: id, environment: environment, turn: .bad)
    }
}

/// What a version understands of one message.
package struct SimulatedTurn: Sendable, Hashable {
    package struct Entity: Sendable, Hashable, Codable {
        package var name: String
        package var value: String
        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// `nil`: the answer holds no intent at all.
    package var intent: String?
    package var confidence: Double
    package var entities: [Entity]
    /// Added to the answer's time.
    package var latency: Span

    package init(intent: String?, confidence: Double, entities: [Entity] = [], latency: Span = .zero) {
        self.intent = intent
        self.confidence = confidence
        self.entities = entities
        self.latency = latency
    }

    package static let good = SimulatedTurn(
        intent: "order_support", confidence: 0.93, entities: [Entity(name: "topic", value: "order")])
    package static let bad = SimulatedTurn(intent: "fallback", confidence: 0.31)
}

/// From this moment on there are `count` open sessions.
package struct SessionStep: Sendable, Hashable {
    /// After the schedule was set.
    package var after: Span
    package var count: Int

    package init(after: Span, count: Int) {
        self.after = after
        self.count = count
    }
}
