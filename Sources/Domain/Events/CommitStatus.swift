/// What stands beside a commit at its forge: one context for each bot and environment, or, where a commit moves many bots,
/// one for each environment (`product/reporting.md`, Delivery).
package struct CommitStatus: Hashable, Sendable {
    package enum State: String, Hashable, Codable, Sendable, CaseIterable {
        case pending, success, failure
        /// It ended without a verdict: something newer took its place.
        case cancelled
    }

    /// A commit that moves more bots gets one context an environment.
    package static let maxBotContexts = 20
    static let maxEnvironmentCharacters = 100

    package var commit: CommitID
    /// What later states of the same thing replace.
    package var context: String
    package var state: State
    /// One sentence; forges cut it.
    package var text: String

    /// nil: the event says nothing about a commit that its forge should show. Drift made on the platform is nobody's commit.
    package init?(_ event: Event) {
        switch event.type {
        case "commit.held", "commit.approved":
            guard let commit = event.about else { return nil }
            self.init(
                commit: commit, context: "ballast/approval", state: event.type == "commit.held" ? .pending : .success,
                text: event.message)
        case "manifest.invalid":
            guard let commit = event.about else { return nil }
            let context = event.bot.map(CommitStatus.context(of:)) ?? "ballast/manifests"
            self.init(commit: commit, context: context, state: .failure, text: event.message)
        default:
            guard let state = CommitStatus.state(of: event), let bot = event.bot, let commit = event.commit?.sha else {
                return nil
            }
            guard let progress = event.progress else {
                self.init(
                    commit: commit, context: CommitStatus.context(of: bot), state: state, text: event.message)
                return
            }
            self.init(
                commit: commit, context: CommitStatus.context(ofEnvironment: bot.key.environment),
                state: progress.state, text: progress.text)
        }
    }

    private init(commit: CommitID, context: String, state: State, text: String) {
        self.commit = commit
        self.context = context
        self.state = state
        self.text = text
    }

    /// What the end of a rollout, or what it waits for, says of its commit.
    private static func state(of event: Event) -> State? {
        switch event.type {
        case "rollout.started", "rollout.waiting", "rollout.held", "rollout.blocked": .pending
        case "rollout.succeeded": .success
        case "rollout.superseded": .cancelled
        case "rollout.failed", "rollout.failed-over", "rollout.timed-out", "rollout.degraded", "rollout.indeterminate":
            .failure
        default: nil
        }
    }

    private static func context(of bot: Event.BotReference) -> String {
        context(ofEnvironment: bot.key.environment) + "/" + bot.name
    }

    private static func context(ofEnvironment environment: String) -> String {
        "ballast/" + String(environment.prefix(maxEnvironmentCharacters))
    }

    /// Deliveries of one lane are in order, and a newer one takes the place of those that were not sent.
    package var lane: String { "commit/\(commit.hex)/\(context)" }
}

/// How far a commit that moves many bots has come in one environment.
package struct CommitProgress: Hashable, Codable, Sendable {
    /// Bots of that environment whose manifest the commit wrote.
    package var bots: Int
    /// Of these, such that serve what it says, verified.
    package var reached: Int
    package var failed: Int

    package init(bots: Int, reached: Int, failed: Int) {
        self.bots = bots
        self.reached = reached
        self.failed = failed
    }

    package var state: CommitStatus.State {
        if bots == 0 { return .cancelled }
        if failed > 0 { return .failure }
        return reached < bots ? .pending : .success
    }

    /// Without a number that grows: a forge keeps at most a thousand statuses of one context.
    var text: String {
        switch state {
        case .success: "all \(bots) bots are on their versions"
        case .failure: "some of \(bots) bots failed; `ballast status` names them"
        case .pending: "\(bots) bots are being rolled"
        case .cancelled: "newer commits took its place"
        }
    }
}
