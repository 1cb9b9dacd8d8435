package import Domain

/// One rollout: every step, guard verdict, request and verification turn.
package struct RolloutView: Sendable {
    struct Request: Sendable {
        var key: String
        var target: String
        var direction: String
        var job: String
        var purpose: String
    }

    var row: RolloutRow
    var change: String
    var place: String
    var message: String
    var fallback: [String]
    var commit: CommitView
    var timeline: Timeline
    var guards: GuardLadder
    var sessions: [SessionChart]
    var turns: [TurnRow]
    var hasTurns: Bool
    var nothingAsked: Bool
    var requests: [Request]
    var hasRequests: Bool
    var records: [RecordRow]
    var hasRecords: Bool
    var ended: [Moment]

    /// - Parameter records: of this rollout, in the order of the chain.
    package init(_ rollout: Rollout, records: [AuditLineView]) {
        row = RolloutRow(rollout)
        change = "\(row.from) → \(row.to)"
        place = Words.clean(rollout.key.description)
        message = Words.clean(rollout.message)
        fallback = rollout.fallback.map { [Words.clean($0)] } ?? []
        commit = CommitView(rollout.provenance)
        let steps = records.compactMap { StepRecord($0.value) }
        timeline = Timeline(rollout, records: steps)
        guards = GuardLadder(rollout.guards)
        sessions = SessionChart(rollout, records: steps).map { [$0] } ?? []
        turns = rollout.turns.map { TurnRow($0) }
        hasTurns = !turns.isEmpty
        nothingAsked = turns.isEmpty && rollout.settings.verify.isEmpty
        let legs = [(rollout.primary, "the desired version")] + (rollout.failover.map { [($0, "failover")] } ?? [])
        requests = legs.compactMap { leg, purpose in
            leg.intent.map { intent in
                Request(
                    key: Words.clean(intent.request.idempotencyKey), target: Words.clean(intent.request.targetVersion),
                    direction: intent.request.direction.rawValue, job: leg.jobId.map { Words.clean($0) } ?? "not known",
                    purpose: purpose)
            }
        }
        hasRequests = !requests.isEmpty
        self.records = records.map { RecordRow($0) }
        hasRecords = !records.isEmpty
        ended = rollout.endedAt.map { [Moment($0)] } ?? []
    }
}

/// The commit that asked for something.
struct CommitView: Sendable {
    var sha: String
    var short: String
    var author: String
    var committed: Moment
    var title: String
    var signature: String
    var reverts: [String]

    init(_ provenance: Provenance) {
        sha = Words.clean(provenance.commit.hex)
        short = Words.short(provenance.commit.hex)
        author = Words.clean(provenance.author)
        committed = Moment(provenance.committedAt)
        title = Words.firstLine(provenance.message)
        signature = Words.clean(provenance.signature.description)
        reverts = provenance.reverts.map { [Words.short($0.hex)] } ?? []
    }
}

/// One synthetic turn.
struct TurnRow: Sendable {
    var time: Moment
    var message: String
    var attempt: String
    var face: Face
    var intent: String
    var confidence: String
    var accuracy: String
    var latency: String
    var version: String
    var detail: String

    init(_ turn: TurnResult) {
        time = Moment(turn.at)
        message = Words.clean(turn.testMessage)
        attempt = "\(turn.attempt)"
        face = Face(turn.verdict)
        intent = turn.detectedIntent.map { Words.clean($0) } ?? "–"
        confidence = turn.confidence.map { Words.decimal($0) } ?? "–"
        accuracy = turn.entityAccuracy.map { Words.decimal($0) } ?? "–"
        latency = "\(Words.decimal(turn.latencyMs, places: 1)) ms"
        version = turn.versionId.map { Words.clean($0) } ?? "–"
        detail = Words.clean(turn.detail)
    }
}
