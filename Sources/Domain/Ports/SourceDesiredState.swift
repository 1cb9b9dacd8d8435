/// The watched branch: what git says that bots should serve.
package protocol DesiredState: Sendable {
    /// The head of the branch at the remote. Where it moved, its history comes over the same connection.
    func look() async -> Answered<RemoteHead>

    /// What `head` declares, compared with what was accepted last; the remote is asked only where the commit is not here.
    ///
    /// The relation and the list of commits are always those between `accepted` and `head`. The changes are those between
    /// the two trees, or every document of `head` where `everything` is set (a changed configuration, a new state).
    func read(head: CommitID, since accepted: CommitID?, everything: Bool) async -> Answered<Reading>

    /// The commit that a branch, tag or (abbreviated) id of the remote's repository names, for `plan --commit`.
    func resolve(_ revision: String) async -> Answered<CommitID>
}

extension DesiredState {
    package func read(head: CommitID, since accepted: CommitID?) async -> Answered<Reading> {
        await read(head: head, since: accepted, everything: false)
    }
}

package struct RemoteHead: Hashable, Sendable {
    package var branch: String
    package var commit: CommitID
    /// How long the transfer of its history took; nil: it was here already.
    package var transfer: Span?

    package init(branch: String, commit: CommitID, transfer: Span? = nil) {
        self.branch = branch
        self.commit = commit
        self.transfer = transfer
    }
}

/// One look into the repository, as plain data.
package struct Reading: Hashable, Sendable {
    package enum Relation: String, Hashable, Codable, Sendable, CaseIterable {
        /// Nothing was accepted before.
        case first
        /// The head is the accepted commit.
        case same
        case descendant
        /// The accepted commit is no ancestor of the head.
        case rewritten
    }

    package var head: CommitID
    package var relation: Relation
    /// Newest first: the head alone on a first reading (who vouches for it vouches for its tree), else every commit that is
    /// reachable from the head and not from the accepted commit.
    package var commits: [CommitInfo]
    /// There were more new commits than `SourceLimits.maxNewCommits`; a policy that asks for every signature is not satisfied.
    package var commitsLeftOut: Bool
    /// In the order of their paths.
    package var changes: [PathChange]
    /// Every file of the head is in `changes`: what was known of paths that they do not name is gone. Also set, unasked,
    /// where the accepted commit is no longer to be had (a rewritten history, fetched anew).
    package var isComplete: Bool
    /// What happened to the local copy, for people; `nil` in ordinary life.
    package var notice: String?

    package init(
        head: CommitID, relation: Relation, commits: [CommitInfo], commitsLeftOut: Bool = false,
        changes: [PathChange], isComplete: Bool = false, notice: String? = nil
    ) {
        self.head = head
        self.relation = relation
        self.commits = commits
        self.commitsLeftOut = commitsLeftOut
        self.changes = changes
        self.isComplete = isComplete
        self.notice = notice
    }
}

package struct PathChange: Hashable, Sendable {
    package enum Content: Hashable, Sendable {
        case removed
        /// Every document of the file as it stands now, changed or not.
        case file([DocumentReading])
        /// A symbolic link, a submodule, too large, not UTF-8, too many documents: what this file held is frozen.
        case unreadable(Problem)
    }

    /// From the root of the repository; bytes that are not printable UTF-8 are shown as `\xHH`.
    package var path: String
    package var content: Content

    package init(path: String, content: Content) {
        self.path = path
        self.content = content
    }
}

/// One document of a file, read alone.
package struct DocumentReading: Hashable, Codable, Sendable {
    package enum Outcome: Hashable, Codable, Sendable {
        /// `digest` is over what the document means, policy defaults included. `specDigest` is over the spec as it is written,
        /// comments apart, so that only a commit can change it and a changed policy cannot.
        case manifest(Manifest, digest: String, specDigest: String)
        /// `name` and `key` where they could be read all the same, so that the bot it means can be frozen by name.
        case problems([Problem], name: String?, key: BotKey?)
    }

    /// From 0, in the file.
    package var index: Int
    /// The line of the file on which the document starts, from 1.
    package var line: Int
    package var outcome: Outcome
    package var provenance: Provenance

    package init(index: Int, line: Int, outcome: Outcome, provenance: Provenance) {
        self.index = index
        self.line = line
        self.outcome = outcome
        self.provenance = provenance
    }
}

/// Which commit asked for a document to be as it is.
package struct Provenance: Hashable, Codable, Sendable {
    /// The commit inside the accepted step that changed the document, else the step itself; its note tells the story.
    package var commit: CommitID
    /// `Name <email>`, cut and cleaned.
    package var author: String
    package var committer: String
    package var message: String
    package var committedAt: Timestamp
    /// Only where the document is now what stood before the named commit, and that commit changed it.
    package var reverts: CommitID?
    package var signature: SignatureVerdict
    /// The step along first parents that brought the change to the branch.
    package var step: CommitID

    package init(
        commit: CommitID, author: String, committer: String, message: String, committedAt: Timestamp,
        reverts: CommitID?, signature: SignatureVerdict, step: CommitID
    ) {
        self.commit = commit
        self.author = author
        self.committer = committer
        self.message = message
        self.committedAt = committedAt
        self.reverts = reverts
        self.signature = signature
        self.step = step
    }
}

package struct CommitInfo: Hashable, Codable, Sendable {
    package var id: CommitID
    package var parents: [CommitID]
    package var author: String
    package var committer: String
    package var message: String
    package var committedAt: Timestamp
    package var signature: SignatureVerdict

    package init(
        id: CommitID, parents: [CommitID], author: String, committer: String, message: String,
        committedAt: Timestamp, signature: SignatureVerdict
    ) {
        self.id = id
        self.parents = parents
        self.author = author
        self.committer = committer
        self.message = message
        self.committedAt = committedAt
        self.signature = signature
    }
}

/// What is known about who signed a commit. Only `good` satisfies a policy that requires signatures.
package enum SignatureVerdict: Hashable, Codable, Sendable, CustomStringConvertible {
    case unsigned
    /// Signed, and no lists of keys are configured to judge it by.
    case unchecked
    case good(signer: String, key: String)
    /// A signature by a key that no list names.
    case unknownKey(String)
    case bad(String)
    /// Neither proved nor disproved, and why.
    case unsupported(String)

    package var isGood: Bool {
        if case .good = self { true } else { false }
    }

    package var description: String {
        switch self {
        case .unsigned: "unsigned"
        case .unchecked: "signed, not checked"
        case .good(let signer, let key): "good signature of \(signer) with \(key)"
        case .unknownKey(let key): "signed with \(key), which is not listed"
        case .bad(let reason): "bad signature: \(reason)"
        case .unsupported(let reason): "signature could not be judged: \(reason)"
        }
    }
}

/// The limits of reading a repository.
package enum SourceLimits {
    package static let maxFileBytes = 1 << 20
    package static let maxDocumentsPerFile = 1000
    package static let maxManifests = 100_000
    /// New commits that are listed and verified in one reading.
    package static let maxNewCommits = 10_000
    /// Folders within folders.
    package static let maxTreeDepth = 64
    package static let maxMessageBytes = 2048
    package static let maxPersonBytes = 256
    package static let maxPathBytes = 1024
}
