/// What the trail tells of one bot at one moment, as far as delivery figures need it.
package struct DeliveryFact: Hashable, Sendable {
    package enum What: Hashable, Sendable {
        case ended(Ending)
        /// The bot serves what git wants.
        case inSync
    }

    /// How one rollout ended.
    package struct Ending: Hashable, Sendable {
        package var outcome: Outcome
        /// nil: not known any more.
        package var direction: Direction?
        /// nil: not known any more.
        package var cause: DriftCause?
        /// The commit that asked for it.
        package var commit: CommitID?
        /// By the clock of whoever made the commit. nil: not known any more.
        package var committedAt: Timestamp?

        package init(
            _ outcome: Outcome, direction: Direction?, cause: DriftCause?, commit: CommitID?, committedAt: Timestamp?
        ) {
            self.outcome = outcome
            self.direction = direction
            self.cause = cause
            self.commit = commit
            self.committedAt = committedAt
        }

        /// Whether it is one of the deployments that are counted. `blocked` sent nothing for good and `superseded` made way
        /// for a newer commit, so neither says anything about a change; putting back what somebody else switched
        /// (cause `platform`) delivers none.
        package var isDeployment: Bool {
            switch outcome {
            case .blocked, .superseded: false
            case .succeeded, .failed, .failedOver, .degraded, .timedOut, .indeterminate: cause != .platform
            }
        }

        /// A deployment that left the bot on something else than git wants, or in a state that nobody knows: what is not
        /// known to be well needs a person like what is known to be bad.
        package var isFailure: Bool { isDeployment && outcome != .succeeded }
    }

    package var bot: BotKey
    package var name: String
    package var labels: [String: String]
    package var at: Timestamp
    package var what: What

    package init(bot: BotKey, name: String, labels: [String: String], at: Timestamp, _ what: What) {
        self.bot = bot
        self.name = name
        self.labels = labels
        self.at = at
        self.what = what
    }
}
