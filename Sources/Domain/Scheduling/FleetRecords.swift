/// Which documents one file of the repository holds, so that a change of the file finds the bots that it held.
package struct FileRecord: Hashable, Codable, Sendable {
    package struct Document: Hashable, Codable, Sendable {
        package var index: Int
        package var name: String?
        package var key: BotKey?
        package var problems: [Problem]
        /// A good document that claims a bot or a name which another one holds; it comes into force when that one goes.
        @Boxed package var contender: Declaration? = nil
        /// On which it starts, from 1; a state of an older release does not know it.
        package var line: Int?

        package init(
            index: Int, name: String?, key: BotKey?, problems: [Problem], contender: Declaration? = nil,
            line: Int? = nil
        ) {
            self.index = index
            self.line = line
            self.name = name
            self.key = key
            self.problems = problems
            self.contender = contender
        }
    }

    package var path: String
    package var documents: [Document]
    /// Of the file as a whole: a symbolic link, too large, not UTF-8.
    package var problems: [Problem]

    package init(path: String, documents: [Document], problems: [Problem]) {
        self.path = path
        self.documents = documents
        self.problems = problems
    }
}

package struct PlatformRecord: Hashable, Codable, Sendable {
    package struct Failure: Hashable, Codable, Sendable {
        package var bot: BotKey
        package var at: Tick

        package init(bot: BotKey, at: Tick) {
            self.bot = bot
            self.at = at
        }
    }

    package var name: String
    /// Failures of rollouts on their own within `haltAfterFailures.within`.
    package var failures: [Failure] = []
    /// Why no new rollout starts here until released.
    package var halted: String?
    package var suspension: Suspension?
    /// Since when it can't be used, and why.
    package var unreachable: String?
    /// Drift made on the platform on more bots than the blast radius allows.
    package var driftHeld: [BotKey] = []
    package var driftApproved: [BotKey] = []
    package var sweep: Sweep?

    /// How far the hourly observation of every bot has come.
    package struct Sweep: Hashable, Codable, Sendable {
        package var roundStartedAt: Tick
        package var lastAt: Tick
        package var after: BotKey?

        package init(roundStartedAt: Tick, lastAt: Tick, after: BotKey?) {
            self.roundStartedAt = roundStartedAt
            self.lastAt = lastAt
            self.after = after
        }
    }

    package init(name: String) { self.name = name }
}

/// How far the deployments of one environment were read.
package struct FeedRecord: Hashable, Codable, Sendable {
    package var platform: String
    package var environment: String
    /// The newest job seen; nil: the environment has none.
    package var newest: String?
    package var newestCreatedAt: Timestamp?

    package init(platform: String, environment: String, newest: String?, newestCreatedAt: Timestamp?) {
        self.platform = platform
        self.environment = environment
        self.newest = newest
        self.newestCreatedAt = newestCreatedAt
    }
}

package struct SourceRecord: Hashable, Codable, Sendable {
    package struct Held: Hashable, Codable, Sendable {
        package var head: CommitID
        package var rewritten: Bool
        package var message: String
        /// Bots that the move would change; they pause before their POST. Ignored where `rewritten`: that holds all.
        package var bots: [BotKey]

        package init(head: CommitID, rewritten: Bool, message: String, bots: [BotKey]) {
            self.head = head
            self.rewritten = rewritten
            self.message = message
            self.bots = bots
        }
    }

    package struct Approval: Hashable, Codable, Sendable {
        package var commit: CommitID
        package var by: String
        package var reason: String
        /// Not read with it yet.
        package var isUnused = true
        /// False: approves the number of bots alone, neither a signature nor a rewrite. nil: written before there was
        /// a difference.
        package var coversTrust: Bool?
        /// It was the held head: whatever it rewrites was meant. nil: written before that was remembered.
        package var wasHeld: Bool?

        package init(
            commit: CommitID, by: String, reason: String, coversTrust: Bool = true, wasHeld: Bool? = nil
        ) {
            self.wasHeld = wasHeld
            self.commit = commit
            self.by = by
            self.reason = reason
            self.coversTrust = coversTrust
        }
    }

    /// The head whose manifests are in force.
    package var accepted: CommitID?
    package var held: Held?
    package var approvals: [Approval] = []
    /// Why the remote cannot be read, while it cannot.
    package var unreachable: String?
    /// Of everything that changes what a reading means; a changed one reads all again.
    package var readingDigest = ""

    package init() {}
}

/// A move of the branch head whose number of bots matters: held, not counted yet, or approved.
package struct MoveRecord: Hashable, Codable, Sendable {
    package enum Status: String, Hashable, Codable, Sendable {
        /// Bots that were never observed cannot be counted yet.
        case uncounted
        /// More than `maxBotsPerCommit`; a person has to approve it.
        case held
        case approved
    }

    /// The head that it moved to.
    package var head: CommitID
    /// The bots that it waits for or holds.
    package var bots: [BotKey]
    /// Bots of the move that are known to change.
    package var counted: Int
    package var status: Status
    /// Position in the order of moves; `approve` of a head approves all up to it.
    package var number: Int

    package init(head: CommitID, bots: [BotKey], counted: Int, status: Status, number: Int) {
        self.head = head
        self.bots = bots
        self.counted = counted
        self.status = status
        self.number = number
    }
}

package struct SinkRecord: Hashable, Codable, Sendable {
    package var name: String
    /// Of its settings; a changed one enables it again.
    package var settingsDigest: String
    /// What it answered when it was disabled.
    package var disabled: String?

    package init(name: String, settingsDigest: String, disabled: String?) {
        self.name = name
        self.settingsDigest = settingsDigest
        self.disabled = disabled
    }
}

/// What belongs to no single bot, platform or commit.
package struct FleetRecord: Hashable, Codable, Sendable {
    package var suspension: Suspension?
    /// Of events without a bot, for each stream.
    package var sequences: [String: Int64] = [:]
    package var moveCount = 0
    /// Wall time of the first whole look at the platforms; jobs of another Ballast that are newer contest a bot.
    package var firstLookAt: Timestamp?
    /// The state was restored from a backup, and not every bot was observed since.
    package var restored: TakenBack?
    /// When conditions that many bots share were last told of, while they last.
    package var told: [String: Tick]?
    /// When trouble with the audit log was last told of, while it lasts.
    package var trailTroubleToldAt: Tick?
    /// Newest last: commits that moved so many bots that their forge shows one status an environment; so it stays.
    package var wideCommits: [CommitID]?
    /// What the last proof of the whole trail found; only another proof takes it away.
    package var trailFinding: String?
    /// Why the log could not be written when that was tried last; nil: it was.
    package var logTrouble: String?
    /// Why records could not be brought into the notes here, and why these could not be pushed.
    package var notesUnwritten: NotesTrouble?
    package var notesUnpushed: NotesTrouble?
    /// When it was last told that notes are not published, while that lasts.
    package var unpublishedToldAt: Tick?

    package init() {}
}

/// Notes that wait: the records are in the state, and are tried again until they are where they belong.
package struct NotesTrouble: Hashable, Codable, Sendable {
    /// Of the last try.
    package var reason: String
    /// Of the first try that failed.
    package var since: Tick

    package init(reason: String, since: Tick) {
        self.reason = reason
        self.since = since
    }
}
