/// Everything that is remembered about one bot.
package struct BotRecord: Hashable, Codable, Sendable {
    package var key: BotKey
    /// The last name it had; a label only.
    package var name: String
    /// In force; nil: unmanaged.
    @Boxed package var declared: Declaration? = nil
    /// Declared by a move of the branch that is held; takes the place of `declared` when approved.
    @Boxed package var pending: PendingDeclaration? = nil
    /// Its manifest is bad since: the last good one stays in force, frozen.
    package var frozen: [Problem]?
    package var observed: Observation?
    /// Jobs that had not ended when last seen, ours and others'.
    package var openJobs: [JobInfo] = []
    /// Old jobs of others for which a person ended the wait; what becomes of them is watched all the same.
    package var releasedJobs: [String] = []
    /// Oldest first, at most `maxVerifiedVersions`.
    package var verified: [String] = []
    /// Versions that a commit moved this bot away from by a revert or a rollback.
    package var rejected: [String] = []
    /// The version that last was in sync with git.
    package var synced: String?
    package var quarantine: [Quarantine] = []
    /// What the bot is meant to serve where that is not what its manifest says: after a failover or a rollback without git.
    @Boxed package var meant: MeantVersion? = nil
    /// When drift made by others was last put back.
    package var putBackAt: Tick?
    package var contested: String?
    /// What served when a person or a newer commit ended a contest: that alone contests nothing again.
    @Boxed package var settled: Observation? = nil
    package var lastRolloutEndedAt: Tick?
    /// What the last rollout that sent something brought; it is no drift made by others.
    @Boxed package var lastDeployment: OwnDeployment? = nil
    @Boxed package var suspension: Suspension? = nil
    package var waivers: [Waiver] = []
    /// How the last rollout ended, where that still holds the bot.
    @Boxed package var standing: Standing? = nil
    package var condition: BotCondition
    @Boxed package var drift: DriftRecord? = nil
    /// Its last deployment failed, and it has not been as git wants it since; nil: no.
    package var isFailing: Bool?
    /// When it was as git wants it again after a failure, without a rollout: the next end of one takes it into its record.
    package var restoredAt: Timestamp?
    /// Of the last event of this bot.
    package var sequence: Int64 = 0
    /// When an event last opened or repeated a condition of this bot that may last.
    package var toldAt: Tick?

    package static let maxVerifiedVersions = 100

    /// Some manifest names it, held or in force.
    var isManaged: Bool { !_declared.isEmpty || !_pending.isEmpty }
    /// How the last rollout ended holds nothing.
    var hasNoStanding: Bool { _standing.isEmpty }
    var hasNothingOpen: Bool {
        _standing.isEmpty && _pending.isEmpty && _meant.isEmpty && _suspension.isEmpty && _drift.isEmpty
    }

    package init(key: BotKey, name: String, condition: BotCondition) {
        self.key = key
        self.name = name
        self.condition = condition
    }
}

package struct OwnDeployment: Hashable, Codable, Sendable {
    package var version: String
    package var jobIds: [String]

    package init(version: String, jobIds: [String]) {
        self.version = version
        self.jobIds = jobIds
    }
}

package struct PendingDeclaration: Hashable, Codable, Sendable {
    package var declaration: Declaration
    /// The number of the move with which it came; `approve` of a later head approves it too.
    package var move: Int

    package init(declaration: Declaration, move: Int) {
        self.declaration = declaration
        self.move = move
    }
}

/// What the platform reported last.
package struct Observation: Hashable, Codable, Sendable {
    /// nil: nothing is deployed.
    package var version: String?
    package var jobId: String?
    package var by: String?
    package var at: Timestamp?
    package var idempotencyKey: String?

    package init(version: String?, jobId: String?, by: String?, at: Timestamp?, idempotencyKey: String?) {
        self.version = version
        self.jobId = jobId
        self.by = by
        self.at = at
        self.idempotencyKey = idempotencyKey
    }
}

package struct Quarantine: Hashable, Codable, Sendable {
    package var version: String
    package var reason: String
    package var rolloutId: String
    /// The spec under which it failed; another one lifts it.
    package var specDigest: String

    package init(version: String, reason: String, rolloutId: String, specDigest: String) {
        self.version = version
        self.reason = reason
        self.rolloutId = rolloutId
        self.specDigest = specDigest
    }
}

package struct MeantVersion: Hashable, Codable, Sendable {
    package var version: String
    /// For people: "since v7 failed its verification", "since NAME said so".
    package var reason: String
    package var rolloutId: String?

    package init(version: String, reason: String, rolloutId: String?) {
        self.version = version
        self.reason = reason
        self.rolloutId = rolloutId
    }
}

package struct Suspension: Hashable, Codable, Sendable {
    package var by: String
    package var reason: String
    package var until: Tick?

    package init(by: String, reason: String, until: Tick?) {
        self.by = by
        self.reason = reason
        self.until = until
    }
}

package struct Waiver: Hashable, Codable, Sendable {
    package var `guard`: Guard
    package var by: String
    package var reason: String
    package var until: Tick
    /// The rollout that it serves, from its first use.
    package var rolloutId: String?

    package init(guard: Guard, by: String, reason: String, until: Tick, rolloutId: String?) {
        self.guard = `guard`
        self.by = by
        self.reason = reason
        self.until = until
        self.rolloutId = rolloutId
    }
}

/// What the end of the last rollout means for the bot until a newer commit, a release or a finding ends it.
package struct Standing: Hashable, Codable, Sendable {
    package var outcome: Outcome
    package var rolloutId: String
    package var target: String
    package var message: String
    /// `indeterminate` after a POST, or `timed-out`: something of ours may still be in flight.
    package var mayBeInFlight: Bool
    package var jobId: String?
    /// The guard that blocked it, which is looked at again on full passes.
    package var `guard`: Guard?
    /// The journaled key, to find the job whose answer never came.
    package var idempotencyKey: String?
    /// Jobs that were there before the POST; one of them is never ours.
    package var seenJobIds: [String] = []
    /// Where the rollout was in its failover: the version that this was to bring.
    package var fallback: String?

    /// The version that its open job brings.
    package var awaited: String { fallback ?? target }

    /// Whether that job is the one whose fate is open.
    package func isTrace(_ job: JobInfo) -> Bool {
        if job.jobId == jobId { return true }
        if let own = idempotencyKey, let key = job.idempotencyKey { return own == key }
        return jobId == nil && job.targetVersion == awaited && !seenJobIds.contains(job.jobId)
    }

    package init(
        outcome: Outcome, rolloutId: String, target: String, message: String, mayBeInFlight: Bool, jobId: String?
    ) {
        self.outcome = outcome
        self.rolloutId = rolloutId
        self.target = target
        self.message = message
        self.mayBeInFlight = mayBeInFlight
        self.jobId = jobId
    }
}

/// `STATE` and `MESSAGE` of `ballast status`.
package struct BotCondition: Hashable, Codable, Sendable {
    package enum State: String, Hashable, Codable, Sendable, CaseIterable {
        case inSync = "in-sync"
        case drifted, progressing, waiting, blocked, held
        case failedOver = "failed-over"
        case degraded, indeterminate, suspended, unknown, invalid, unmanaged
    }

    package var state: State
    package var `guard`: Guard?
    package var message: String
    package var since: Timestamp

    package init(_ state: State, guard: Guard? = nil, message: String, since: Timestamp) {
        self.state = state
        self.guard = `guard`
        self.message = message
        self.since = since
    }
}

package struct DriftRecord: Hashable, Codable, Sendable {
    package var cause: DriftCause
    package var desired: String
    package var deployed: String?
    package var firstSeen: Timestamp
    /// Observations in a row.
    package var seen: Int
    package var occurrence: Int
    package var announcedAt: Tick?

    package init(
        cause: DriftCause, desired: String, deployed: String?, firstSeen: Timestamp, seen: Int, occurrence: Int,
        announcedAt: Tick?
    ) {
        self.cause = cause
        self.desired = desired
        self.deployed = deployed
        self.firstSeen = firstSeen
        self.seen = seen
        self.occurrence = occurrence
        self.announcedAt = announcedAt
    }
}
