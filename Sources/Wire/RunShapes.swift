package import Domain

/// `plan -o json`.
package struct PlanShape: Codable, Hashable, Sendable {
    @OrNull package var commit: String?
    package var branch: String
    package var bots: [BotShape]
    package var problems: [Problem]

    package init(commit: CommitID?, branch: String, bots: [BotReport], problems: [Problem]) {
        self.commit = commit?.hex
        self.branch = branch
        self.bots = bots.map { BotShape($0) }
        self.problems = problems
    }
}

/// `reconcile -o json`.
package struct ReconcileShape: Codable, Hashable, Sendable {
    @OrNull package var commit: String?
    package var rollouts: [RolloutShape]
    package var bots: [BotShape]
    package var problems: [Problem]

    package init(commit: CommitID?, rollouts: [Rollout], bots: [BotReport], problems: [Problem]) {
        self.commit = commit?.hex
        self.rollouts = rollouts.map { RolloutShape($0) }
        self.bots = bots.map { BotShape($0) }
        self.problems = problems
    }
}

/// `validate -o json`.
package struct ValidateShape: Codable, Hashable, Sendable {
    package var problems: [Problem]

    package init(problems: [Problem]) { self.problems = problems }
}

/// `history -o json`: newest first.
package struct HistoryShape: Codable, Hashable, Sendable {
    package var rollouts: [RolloutShape]

    package init(_ rollouts: [Rollout]) { self.rollouts = rollouts.map { RolloutShape($0) } }
}
