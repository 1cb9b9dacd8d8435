/// What can happen to a rollout.
package enum RolloutEvent: Sendable {
    /// Its turn in the queue has come, or the process restarted: go on from what is stored (a restart finds an intent, a
    /// job or a verification and adopts it; it never sends a second POST).
    case resume
    /// `wakeAt` has passed.
    case timer
    case slotGranted
    /// The answer to the question with this step. `askedAt`: when the exchange began.
    case answer(step: Int, PlatformExchange, askedAt: Tick)
    /// The feed of the environment showed these jobs of this bot (instead of a status poll, or by the way).
    case feed([JobInfo], lookedAt: Tick)
    /// What the in-transaction judgement of the guards that need no request said changed for this bot
    /// (a head is held, a suspension, a halt, a policy …): look at `RolloutWorld` again.
    case worldChanged
    /// A newer commit wants another version, bot or platform, or a person rolled the bot elsewhere. `by` names it.
    case newerCommit(by: String)
    /// A newer commit keeps the version; labels, guards, verify changed.
    case settingsChanged(RolloutSettings, Provenance, labels: [String: String])
    /// The manifest is gone or turned invalid, the policy or `mode: alert` excludes it now. `reason` is a sentence.
    case removed(reason: String)
    case suspended(reason: String)
    /// The request budget held the POST for longer than 5 s: it was not sent, look again.
    case budgetHeld
}

/// What the engine knows and the machine must not ask for, handed in with every event.
package struct RolloutWorld: Sendable {
    /// The first of manifest … contested that fails now, after waivers; nil: all pass. Judged in the same transaction.
    package var admission: GuardVerdict?
    package var window: GuardVerdict
    package var cooldown: GuardVerdict
    /// When `window` or `cooldown` could pass at the earliest.
    package var retryAt: Tick?
    package var waived: Set<Guard>
    package var capabilities: PlatformCapabilities
    /// As last observed.
    package var deployed: Observation?
    package var openJobs: [JobInfo]
    /// Fallback candidates, best first, without the failed version and without what people rejected or is quarantined:
    /// the manifest's, the last verified here, the one that was in sync until this commit. `named`: the manifest's own.
    package var fallbacks: [Fallback]
    /// Prefix of idempotency keys of this state: `ballast-STATEID`.
    package var keyPrefix: String
    /// More than 8 jobs of ours are open: the engine polls the feed and hands `.feed` in; the machine asks no status.
    package var pollsByFeed: Bool
    /// 0..<1, for jitter.
    package var jitter: Double
    /// Verdicts of the guards manifest … contested that pass, for the record.
    package var admitted: [GuardVerdict]
    /// Foreign jobs for which a person ended the wait; they count as ended.
    package var releasedJobs: Set<String>
    /// `reconcile.driftThreshold`: looks in a row that failed before a rollout is announced as waiting for what is unknown.
    package var driftThreshold: Int

    package struct Fallback: Hashable, Sendable {
        package var version: String
        package var isNamed: Bool
        package init(version: String, isNamed: Bool) {
            self.version = version
            self.isNamed = isNamed
        }
    }

    package init(
        admission: GuardVerdict?, window: GuardVerdict, cooldown: GuardVerdict, retryAt: Tick?, waived: Set<Guard>,
        capabilities: PlatformCapabilities, deployed: Observation?, openJobs: [JobInfo], fallbacks: [Fallback],
        keyPrefix: String, pollsByFeed: Bool, jitter: Double, admitted: [GuardVerdict] = [],
        releasedJobs: Set<String> = [], driftThreshold: Int = 1
    ) {
        self.admission = admission
        self.window = window
        self.cooldown = cooldown
        self.retryAt = retryAt
        self.waived = waived
        self.capabilities = capabilities
        self.deployed = deployed
        self.openJobs = openJobs
        self.fallbacks = fallbacks
        self.keyPrefix = keyPrefix
        self.pollsByFeed = pollsByFeed
        self.jitter = jitter
        self.admitted = admitted
        self.releasedJobs = releasedJobs
        self.driftThreshold = driftThreshold
    }
}

/// What the machine wants. Questions are sent by the engine under the request budget, after the transaction.
package enum RolloutEffect: Hashable, Sendable {
    case ask(step: Int, PlatformRequest)
    case takeSlot
    case giveSlot
    /// A step worth an audit record and a line of `ballast show`: `step` is a stable word, `fields` what was seen.
    case record(step: String, fields: [String: JSONValue])
    /// `rollout.waiting`, `rollout.held`: the bot's own new reason.
    case waiting(GuardVerdict)
    case quarantine(version: String, reason: String)
    /// Remembered as verified here.
    case verified(version: String)
    /// Learned from an answer by the way; the engine keeps its observation up to date.
    case observed(Observation)
    case openJobs([JobInfo])
    /// The platform refuses credentials or lacks a scope: a platform event, no fault of the bot.
    case platformRefused(PlatformFailure)
    /// 429: the whole platform pauses.
    case platformPaused(Span?)
    /// Somebody else's later job serves another version.
    case contested(reason: String)
    case started
    case ended(Outcome, message: String)
}
