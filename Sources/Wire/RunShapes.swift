package import Domain

/// `plan -o json`.
package struct PlanShape: Codable, Hashable, Sendable {
    @OrNull package var commit: String?
    package var branch: String
    package var bots: [BotShape]
    package var problems: [Problem]
    /// Why the repository could not be read; the last accepted commit was worked with.
    package var failure: String?
    package var unreachablePlatforms: [String]?

    package init(
        commit: CommitID?, branch: String, bots: [BotReport], problems: [Problem], failure: String? = nil,
        unreachablePlatforms: [String] = []
    ) {
        self.commit = commit?.hex
        self.branch = branch
        self.bots = bots.map { BotShape($0) }
        self.problems = problems
        self.failure = failure
        self.unreachablePlatforms = unreachablePlatforms.isEmpty ? nil : unreachablePlatforms
    }
}

/// `reconcile -o json`.
package struct ReconcileShape: Codable, Hashable, Sendable {
    @OrNull package var commit: String?
    package var rollouts: [RolloutShape]
    package var bots: [BotShape]
    package var problems: [Problem]
    /// As in a plan.
    package var failure: String?
    package var unreachablePlatforms: [String]?

    package init(
        commit: CommitID?, rollouts: [Rollout], bots: [BotReport], problems: [Problem], failure: String? = nil,
        unreachablePlatforms: [String] = []
    ) {
        let plan = PlanShape(
            commit: commit, branch: "", bots: bots, problems: problems, failure: failure,
            unreachablePlatforms: unreachablePlatforms)
        self.init(plan, rollouts: rollouts.map { RolloutShape($0) })
    }

    /// How all stands at the end, and what was done meanwhile.
    package init(_ plan: PlanShape, rollouts: [RolloutShape]) {
        commit = plan.commit
        self.rollouts = rollouts
        bots = plan.bots
        problems = plan.problems
        failure = plan.failure
        unreachablePlatforms = plan.unreachablePlatforms
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

    package init(_ rollouts: [Rollout]) { self.init(rollouts.map { RolloutShape($0) }) }

    package init(_ rollouts: [RolloutShape]) { self.rollouts = rollouts }
}
