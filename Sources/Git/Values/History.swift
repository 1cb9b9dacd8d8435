/// Which commits to walk, newest first.
package struct HistoryQuery: Hashable, Sendable, Codable {
    package enum Order: String, Hashable, Sendable, Codable {
        /// `head`, its first parent, that one's first parent, … until `base` (left out) or a commit without parents.
        case firstParents
        /// Everything that `head` reaches and `base` does not; a child always before its parents.
        case all
    }

    package var head: ObjectID
    /// Where to stop; `nil`: at the root. With `.firstParents`, a `base` off that line is never met: see `History.metBase`.
    package var base: ObjectID?
    package var order: Order
    /// At most this many commits are returned; `History.isCut` says that there were more. At most 10,000.
    package var maxCommits: Int
    /// Not `nil`: each entry carries what it changed against its first parent below this folder (`""`: everywhere).
    package var changesUnder: String?

    package init(
        head: ObjectID, base: ObjectID?, order: Order, maxCommits: Int = 1_000, changesUnder: String? = nil
    ) {
        self.head = head
        self.base = base
        self.order = order
        self.maxCommits = maxCommits
        self.changesUnder = changesUnder
    }
}

/// The commits that a query found.
package struct History: Hashable, Sendable {
    package struct Entry: Hashable, Sendable {
        package var commit: CommitSnapshot
        /// Against the first parent (against nothing for a root); `nil` unless asked for.
        package var changes: [PathChange]?
    }

    package var entries: [Entry]
    /// The walk came to `base`. False after a rewrite, or where `isCut`.
    package var metBase: Bool
    /// There were more commits than `maxCommits`.
    package var isCut: Bool
}

/// A commit to be made without a checkout: `parent` with some files replaced.
package struct CommitDraft: Hashable, Sendable, Codable {
    package var parent: ObjectID
    /// New contents by path; `nil` removes the file. A path that is a link, a submodule or a folder is refused.
    package var files: [String: [UInt8]?]
    package var author: Person
    package var committer: Person
    package var message: String

    package init(
        parent: ObjectID, files: [String: [UInt8]?], author: Person, committer: Person, message: String
    ) {
        self.parent = parent
        self.files = files
        self.author = author
        self.committer = committer
        self.message = message
    }
}
