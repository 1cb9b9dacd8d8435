/// Something that people or pipelines are told (`product/reporting.md`). Stored in the outbox as it is, rendered at delivery.
package struct Event: Hashable, Codable, Sendable {
    /// UUIDv7, the same for every attempt and sink.
    package var id: String
    package var type: String
    package var time: Timestamp
    package var severity: Severity
    /// From 1 for each stream.
    package var sequence: Int64
    /// What orders it: the bot's triple, or `source`, `platform/NAME`, `sink/NAME`, `audit`.
    package var stream: String
    package var fingerprint: String
    /// One stable sentence.
    package var message: String
    /// The guard's name in `rollout.blocked`, `held` and `waiting`.
    package var guardName: String?
    package var status: Status
    package var bot: BotReference?
    package var from: String?
    package var to: String?
    package var jobId: String?
    package var commit: CommitReference?
    package var rollout: RolloutReference?
    package var drift: DriftReference?
    /// Every verification turn; the body's `metrics` is the worst of them.
    package var verification: [TurnResult] = []
    /// `commit.held`, `platform.held`: at most 50 names, and how many there are.
    package var bots: [String]?
    package var botCount: Int?
    /// Who decided, in `decision.*` and `commit.approved`.
    package var decidedBy: String?
    package var reason: String?
    /// The commit that it is about, where that is not the one that a bot's manifest has from.
    package var about: CommitID?
    /// Where the bot's commit moves many: how far all of them are.
    package var progress: CommitProgress?

    package enum Status: String, Hashable, Codable, Sendable {
        case success = "SUCCESS"
        case failed = "FAILED"
        case pending = "PENDING"
    }

    package struct BotReference: Hashable, Codable, Sendable {
        package var key: BotKey
        package var name: String
        package var labels: [String: String]

        package init(key: BotKey, name: String, labels: [String: String]) {
            self.key = key
            self.name = name
            self.labels = labels
        }
    }

    package struct CommitReference: Hashable, Codable, Sendable {
        package var sha: CommitID
        package var author: String
        package var committer: String
        package var message: String
        package var committedAt: Timestamp
        package var reverts: CommitID?
        package var signature: String

        package init(
            sha: CommitID, author: String, committer: String, message: String, committedAt: Timestamp,
            reverts: CommitID?, signature: String
        ) {
            self.sha = sha
            self.author = author
            self.committer = committer
            self.message = message
            self.committedAt = committedAt
            self.reverts = reverts
            self.signature = signature
        }
    }

    package struct RolloutReference: Hashable, Codable, Sendable {
        package struct Phase: Hashable, Codable, Sendable {
            package var phase: String
            package var at: Timestamp
            package var duration: Span?

            package init(phase: String, at: Timestamp, duration: Span? = nil) {
                self.phase = phase
                self.at = at
                self.duration = duration
            }
        }

        package var id: String
        package var outcome: Outcome?
        package var direction: Direction
        package var startedAt: Timestamp
        package var endedAt: Timestamp?
        package var phases: [Phase]
        /// The version that it failed over to.
        package var fallback: String?

        package init(
            id: String, outcome: Outcome?, direction: Direction, startedAt: Timestamp, endedAt: Timestamp?,
            phases: [Phase], fallback: String? = nil
        ) {
            self.id = id
            self.outcome = outcome
            self.direction = direction
            self.startedAt = startedAt
            self.endedAt = endedAt
            self.phases = phases
            self.fallback = fallback
        }
    }

    package struct DriftReference: Hashable, Codable, Sendable {
        package var cause: DriftCause
        package var desired: String
        package var deployed: String?
        package var changedBy: String?
        package var changedAt: Timestamp?
        package var firstSeen: Timestamp
        package var occurrence: Int

        package init(
            cause: DriftCause, desired: String, deployed: String?, changedBy: String?, changedAt: Timestamp?,
            firstSeen: Timestamp, occurrence: Int
        ) {
            self.cause = cause
            self.desired = desired
            self.deployed = deployed
            self.changedBy = changedBy
            self.changedAt = changedAt
            self.firstSeen = firstSeen
            self.occurrence = occurrence
        }
    }

    package init(
        id: String, type: String, time: Timestamp, severity: Severity, sequence: Int64, stream: String,
        fingerprint: String, message: String, status: Status
    ) {
        self.id = id
        self.type = type
        self.time = time
        self.severity = severity
        self.sequence = sequence
        self.stream = stream
        self.fingerprint = fingerprint
        self.message = message
        self.status = status
    }
}

/// How a rollout ended; exactly one each.
package enum Outcome: String, Hashable, Codable, Sendable, CaseIterable {
    case succeeded, degraded, failed, blocked, superseded, indeterminate
    case failedOver = "failed-over"
    case timedOut = "timed-out"
}

/// Why desired and deployed differ.
package enum DriftCause: String, Hashable, Codable, Sendable, CaseIterable { case manifest, platform, rollout }

/// One synthetic turn as it was judged.
package struct TurnResult: Hashable, Codable, Sendable {
    package enum Verdict: String, Hashable, Codable, Sendable { case passed, failed, inconclusive }

    package var testMessage: String
    package var attempt: Int
    package var verdict: Verdict
    package var detectedIntent: String?
    package var confidence: Double?
    package var entityAccuracy: Double?
    package var latencyMs: Double
    package var versionId: String?
    package var at: Timestamp
    package var detail: String

    package init(
        testMessage: String, attempt: Int, verdict: Verdict, detectedIntent: String?, confidence: Double?,
        entityAccuracy: Double?, latencyMs: Double, versionId: String?, at: Timestamp, detail: String
    ) {
        self.testMessage = testMessage
        self.attempt = attempt
        self.verdict = verdict
        self.detectedIntent = detectedIntent
        self.confidence = confidence
        self.entityAccuracy = entityAccuracy
        self.latencyMs = latencyMs
        self.versionId = versionId
        self.at = at
        self.detail = detail
    }
}
