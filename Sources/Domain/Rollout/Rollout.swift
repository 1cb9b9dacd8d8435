/// One guarded attempt to bring one bot to a version: plain data, stored after every step. `RolloutMachine` moves it.
package struct Rollout: Hashable, Codable, Sendable {
    /// UUIDv7.
    package var id: String
    package var key: BotKey
    package var name: String
    package var labels: [String: String]
    /// The commit that asked for it; the outcome goes on its note.
    package var provenance: Provenance
    /// What made desired and deployed differ.
    package var cause: DriftCause
    /// The newest settings until the POST, then those that were journaled with it (`verify` excepted: the newest counts
    /// from the next judgement).
    package var settings: RolloutSettings
    package var from: String?
    package var to: String
    package var direction: Direction
    /// To a version that was verified here before: may pass a window, does not wait for a cooldown.
    package var isReturn: Bool
    /// A job found after `timed-out` or `indeterminate`: this rollout adopts it and sends no POST.
    package var adopts: String?
    package var startedAt: Timestamp
    package var startedTick: Tick
    package var endedAt: Timestamp?
    package var phase = Phase.planned
    package var marks: [Event.RolloutReference.Phase] = []
    /// The latest verdict of each guard, in order.
    package var guards: [GuardVerdict] = []
    package var turns: [TurnResult] = []
    /// Every job that served it, the failover's last.
    package var jobIds: [String] = []
    package var outcome: Outcome?
    package var message = ""
    /// The version failed over to.
    package var fallback: String?
    package var primary: Leg
    package var failover: Leg?
    /// A newer commit came after the POST: watched to the job's end, then `superseded`.
    package var supersededBy: String?
    /// Raised by every exchange; an answer to an older question is ignored.
    package var step = 0
    package var hasSlot = false
    /// `takeSlot` was said and not answered yet.
    package var waitsForSlot = false
    /// The version that was last seen serving.
    package var serving: String?
    /// What serves and is surely newer than the target: the commit moved the bot back from it, so people rejected it.
    package var rejects: String?
    /// The reason for which it was last announced as waiting; the same one is not announced twice.
    package var announced: GuardVerdict?
    /// The manifest went or the bot was suspended while a POST's fate was unknown: nothing more is sent for the desired
    /// version; what was sent runs to its end.
    package var standsStill: String?
    /// Why the failover began, as a sentence without its end.
    package var failure: String?
    /// When the machine wants to be asked again.
    package var wakeAt: Tick?

    package init(
        id: String, key: BotKey, name: String, labels: [String: String], provenance: Provenance, cause: DriftCause,
        settings: RolloutSettings, from: String?, to: String, direction: Direction, isReturn: Bool, now: Now
    ) {
        self.id = id
        self.key = key
        self.name = name
        self.labels = labels
        self.provenance = provenance
        self.cause = cause
        self.settings = settings
        self.from = from
        self.to = to
        self.direction = direction
        self.isReturn = isReturn
        self.startedAt = now.wall
        self.startedTick = now.tick
        self.primary = Leg(target: to)
        self.primary.direction = direction
        self.serving = from
    }

    /// Where it stands. In a failover the same phases are walked again with `failover` as the current leg.
    package enum Phase: String, Hashable, Codable, Sendable, CaseIterable {
        /// In the queue. → guarding, superseded
        case planned
        /// Window, cooldown, version, jobs in flight. → draining, blocked, superseded
        case guarding
        /// Sessions, then the slot, then jobs and sessions again. → triggering, guarding, blocked, superseded
        case draining
        /// The intent is journaled; the POST is out or its fate is being looked up. → deploying, draining, guarding, ended
        case triggering
        /// The job runs, or its end is being read back. → verifying, failover's guarding, ended
        case deploying
        /// Synthetic turns. → ended, failover's guarding
        case verifying
        /// `outcome` says how.
        case ended
    }

    /// What was journaled before the POST was sent.
    package struct Intent: Hashable, Codable, Sendable {
        package var request: DeploymentRequest
        /// The jobs that the in-flight guard just saw; one of them is never ours.
        package var seenJobIds: [String]
        package var journaledAt: Tick
        /// When the POST was given up without an answer; a look begun `timeout` later that finds nothing is sure.
        package var givenUpAt: Tick?

        package init(request: DeploymentRequest, seenJobIds: [String], journaledAt: Tick, givenUpAt: Tick? = nil) {
            self.request = request
            self.seenJobIds = seenJobIds
            self.journaledAt = journaledAt
            self.givenUpAt = givenUpAt
        }
    }

    package enum Question: String, Hashable, Codable, Sendable, CaseIterable {
        case versions, sessions, jobs, post, lookUp, status, readBack, turn
    }

    /// What is done at `wakeAt`, or when the world changes.
    package enum Next: String, Hashable, Codable, Sendable, CaseIterable {
        case judge, versions, sessions, jobs, slot, lookUp, status, readBack, turn
    }

    package var leg: Leg {
        get { failover ?? primary }
        set { if failover == nil { primary = newValue } else { failover = newValue } }
    }

    /// In place of a job to adopt, on a platform without jobs: the switch is proven by what serves.
    package static let whatServes = ""

    package var isFailover: Bool { failover != nil }
    package var hasEnded: Bool { phase == .ended }
    /// The guard that ended it: later ones may keep what an earlier look showed.
    package var blocking: GuardVerdict? {
        guards.first { $0.verdict == .block && !$0.passes } ?? guards.last { !$0.passes }
    }
}

/// What a rollout needs to know of manifest, policy and configuration.
package struct RolloutSettings: Hashable, Codable, Sendable {
    package var guards: Guards
    package var verify: [VerifyCase]
    package var onFailure: Manifest.OnFailure
    package var fallbackVersion: String?
    package var rolloutTimeout: Span
    package var verifyTimeout: Span
    /// Of one request to the platform.
    package var requestTimeout: Span

    package init(
        guards: Guards, verify: [VerifyCase], onFailure: Manifest.OnFailure, fallbackVersion: String?,
        rolloutTimeout: Span, verifyTimeout: Span, requestTimeout: Span
    ) {
        self.guards = guards
        self.verify = verify
        self.onFailure = onFailure
        self.fallbackVersion = fallbackVersion
        self.rolloutTimeout = rolloutTimeout
        self.verifyTimeout = verifyTimeout
        self.requestTimeout = requestTimeout
    }
}
