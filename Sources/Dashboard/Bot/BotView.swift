package import Domain

/// Everything that a bot's page is made of, taken at one moment.
package struct BotSnapshot: Sendable {
    package var bot: BotRecord
    /// Of the newest rollout, in the order of the chain.
    package var records: [AuditLineView]
    /// Newest first; an open one before all.
    package var rollouts: [Rollout]
    /// Newest first.
    package var events: [Event]

    package init(bot: BotRecord, records: [AuditLineView], rollouts: [Rollout], events: [Event]) {
        self.bot = bot
        self.records = records
        self.rollouts = rollouts
        self.events = events
    }
}

/// One bot, from commit to verification.
package struct BotView: Sendable {
    struct Fact: Sendable {
        var name: String
        var value: String
        var isCode: Bool
    }

    package var name: String
    var place: String
    var face: Face
    var guardName: String
    var message: String
    var since: Moment
    var desired: String
    var deployed: String
    var differs: Bool
    var deployedBy: String
    var deployedAt: [Moment]
    var labels: [String]
    var hasLabels: Bool
    var facts: [Fact]
    var commits: [CommitView]
    var manifestPath: String
    var newest: [RolloutView]
    var isOpen: Bool
    var guards: GuardLadder
    var guardsOf: String
    var confidence: [TurnChart]
    var latency: [TurnChart]
    var hasCharts: Bool
    var rolloutList: RolloutsView
    var hasRollouts: Bool
    var events: [EventRow]
    var hasEvents: Bool
    var auditHref: String

    package init(_ snapshot: BotSnapshot) {
        let bot = snapshot.bot
        let row = FleetView.Row(FleetBot(bot))
        name = row.name
        place = row.place
        face = row.face
        guardName = row.guardName
        message = row.message
        since = row.since
        desired = row.desired
        deployed = row.deployed
        differs = row.differs
        deployedBy = bot.observed?.by.map { Words.clean($0) } ?? ""
        deployedAt = bot.observed?.at.map { [Moment($0)] } ?? []
        labels = row.labels
        hasLabels = !labels.isEmpty
        facts = Self.facts(bot)
        commits = bot.latest.map { [CommitView($0.provenance)] } ?? []
        manifestPath = bot.latest.map { Words.clean($0.path) } ?? ""
        let first = snapshot.rollouts.first
        newest = first.map { [RolloutView($0, records: snapshot.records)] } ?? []
        isOpen = first.map { !$0.hasEnded } ?? false
        // Where an admission guard stops the bot there is no rollout: its verdict is the bot's own.
        let isStopped = !isOpen && bot.condition.guard != nil
        guards = GuardLadder(
            isStopped ? [] : first?.guards ?? [], condition: isStopped ? bot.condition : nil)
        guardsOf =
            isStopped
            ? "What stops it now, before a rollout begins."
            : first.map { $0.hasEnded ? "As the newest rollout saw them." : "As the open rollout sees them." } ?? ""
        let turns = snapshot.rollouts.reversed().flatMap { rollout in
            rollout.turns.map { TurnChart.Turn(version: $0.versionId ?? rollout.to, result: $0) }
        }
        let cases = bot.latest?.manifest.spec.verify ?? []
        confidence = TurnChart.confidence(turns, least: cases.map(\.minConfidence).min()).map { [$0] } ?? []
        latency =
            TurnChart.latency(turns, most: cases.compactMap(\.maxLatency).map { Double($0.milliseconds) }.max())
            .map { [$0] } ?? []
        hasCharts = !confidence.isEmpty || !latency.isEmpty
        rolloutList = RolloutsView(snapshot.rollouts, next: nil, isLater: false)
        hasRollouts = !snapshot.rollouts.isEmpty
        events = snapshot.events.map { EventRow($0) }
        hasEvents = !events.isEmpty
        auditHref = Link.page(Link.audit, [("bot", bot.key.description)])
    }

    static let maxVersions = 8

    /// What else is remembered of it; only what there is.
    private static func facts(_ bot: BotRecord) -> [Fact] {
        var found: [Fact] = []
        func add(_ name: String, _ value: String?, code: Bool = false) {
            if let value, !value.isEmpty { found.append(Fact(name: name, value: Words.clean(value), isCode: code)) }
        }
        add("Meant to serve", bot.meant.map { "\($0.version): \($0.reason)" })
        add(
            "Drift",
            bot.drift.map { "\($0.cause.rawValue), seen \($0.seen) times in a row, since \(Moment($0.firstSeen).text)" }
        )
        for one in bot.quarantine { add("In quarantine", "\(one.version): \(one.reason)") }
        add("Contested", bot.contested)
        add("Suspended", bot.suspension.map { "by \($0.by): \($0.reason)" })
        for one in bot.waivers { add("Waived", "\(one.guard.rawValue) by \(one.by): \(one.reason)") }
        for problem in bot.frozen ?? [] {
            add("Problem", "\(problem.path):\(problem.line):\(problem.column): \(problem.message)")
        }
        add(
            "Running jobs", bot.openJobs.map { "\($0.jobId) to \($0.targetVersion)" }.joined(separator: ", "),
            code: true)
        add("Verified here", bot.verified.suffix(maxVersions).reversed().joined(separator: ", "), code: true)
        add("Rejected", bot.rejected.suffix(maxVersions).joined(separator: ", "), code: true)
        add("Mode", bot.latest.map { $0.manifest.spec.mode == .alert ? "alert: nothing is rolled out" : "" })
        return found
    }
}
