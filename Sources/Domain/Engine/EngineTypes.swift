/// What happened, as the shell reports it. Nothing here is a conclusion; those are the engine's.
package enum EngineInput: Sendable {
    /// The process started: take up what was left.
    case start
    /// A timer, a person or a start asks for a whole pass.
    case passWanted
    /// A push was told of: the remote is looked at, and the platforms only where it moved.
    case lookWanted
    /// The process is about to end: no pass and no rollout begins any more.
    case stop
    case looked(Answered<RemoteHead>)
    case read(Answered<Reading>)
    case exchanged(id: Int, PlatformExchange)
    case delivered(eventId: String, sink: String, DeliveryAnswer)
    /// Notes were written to the local ref (or could not be); indexes are those of the records.
    case notesWritten([Int64], failure: String?)
    case notesPushed([Int64], failure: String?)
    case logAppended(failure: String?)
    /// Comes before `start`.
    case trailFound(TrailFinding)
    /// The whole trail was proved: the first thing that is wrong with it, or nil.
    case trailVerified(finding: String?)
    /// The process is about to end: notes are written and pushed without waiting for their pause.
    case hurry
    /// `nextWake` has come.
    case wake
}

/// One exchange with the world, performed after the transaction is on the disk.
package enum EngineEffect: Sendable {
    case look
    case read(head: CommitID, since: CommitID?, everything: Bool)
    case exchange(id: Int, platform: String, PlatformRequest, renewCredentials: Bool)
    case deliver(eventId: String, sink: String)
    case writeNotes
    case pushNotes
    case appendLog
}

package struct EngineOutput: Sendable {
    package var transaction: Transaction
    package var effects: [EngineEffect] = []
    /// When `.wake` is due, unless something else happens before.
    package var nextWake: Tick?

    package init(transaction: Transaction) { self.transaction = transaction }
}

/// Everything that a run of the engine is given and that does not change while it runs.
package struct EngineSettings: Sendable {
    package enum Purpose: Sendable {
        /// Makes the platforms agree with git.
        case act
        /// Judges all guards of the drifted bots and starts nothing.
        case plan
    }

    package var source: SourceSettings
    package var platforms: [PlatformSettings]
    package var policy: Policy
    package var reconcile: ReconcileSettings
    package var sinks: [SinkSettings]
    package var audit: AuditSettings
    package var capabilities: [String: PlatformCapabilities] = [:]
    package var purpose = Purpose.act
    /// How a server goes on by itself; nil: a one-shot.
    package var intervals: LookRhythm.Intervals?
    /// Of all that changes what a reading means (policy defaults, platforms, path, parser); a new one reads all again.
    package var readingDigest: String
    /// `--selector` and `--bot`; nil: all are acted upon.
    package var selector: Selector?

    package init(_ configuration: Configuration, readingDigest: String) {
        source = configuration.source
        platforms = configuration.platforms
        policy = configuration.policy
        reconcile = configuration.reconcile
        sinks = configuration.notifications
        audit = configuration.audit
        self.readingDigest = readingDigest
    }

    func platform(_ name: String) -> PlatformSettings? { platforms.first { $0.name == name } }
}

/// Which bots a verb is about: names (or `PLATFORM/BOT/ENVIRONMENT`) and labels.
package struct Selector: Hashable, Sendable {
    package var names: [String]
    package var labels: [String: String]

    package init(names: [String] = [], labels: [String: String] = [:]) {
        self.names = names
        self.labels = labels
    }

    package func matches(_ bot: BotRecord) -> Bool {
        if !names.isEmpty, !names.contains(bot.name), !names.contains(bot.key.description) { return false }
        let own = (bot.declared ?? bot.pending?.declaration)?.manifest.labels ?? [:]
        return labels.allSatisfy { own[$0.key] == $0.value }
    }
}

/// One environment of one platform: the unit in which deployments are observed.
package struct FeedKey: Hashable, Comparable, Sendable {
    package var platform: String
    package var environment: String

    package init(platform: String, environment: String) {
        self.platform = platform
        self.environment = environment
    }

    init(_ key: BotKey) { self.init(platform: key.platform, environment: key.environment) }

    package static func < (one: FeedKey, other: FeedKey) -> Bool {
        (one.platform, one.environment) < (other.platform, other.environment)
    }
}

/// Pure functions of the outside that the engine needs: they read nothing and always give the same answer.
package struct EngineTools: Sendable {
    /// Lower-case hex SHA-256 of the text's UTF-8.
    package var sha256: @Sendable (String) -> String
    package var zones: any TimeZones

    package init(sha256: @escaping @Sendable (String) -> String, zones: any TimeZones) {
        self.sha256 = sha256
        self.zones = zones
    }
}
