/// Makes the commit of `ballast rollback` and brings it to the branch; nothing but one value of one file changes.
package protocol ManifestEditor: Sendable {
    /// Reads the branch's head anew, edits the manifest there, commits, signs where a key is configured, and pushes.
    /// The push is never forced: where the branch moved meanwhile the edit is made again on the new head, a few times.
    func rollback(_ request: RollbackRequest) async -> Answered<RollbackOutcome>
}

package struct RollbackRequest: Hashable, Sendable {
    package enum Target: Hashable, Sendable {
        /// What the manifest said before the last commit that changed its version.
        case lastVersionChange
        case version(String)
    }

    /// `metadata.name` of the manifest.
    package var name: String
    package var target: Target
    package var author: GitPerson
    package var at: Timestamp
    /// Minutes east of UTC, as git writes them beside the time.
    package var offsetMinutes: Int
    /// Said in the commit message.
    package var reason: String?
    /// The ID in `ballast/rollback-NAME-ID`, the branch that is pushed where the watched one refuses.
    package var branchSuffix: String
    /// Versions whose last rollout here failed; `lastVersionChange` never goes back to one of them by itself.
    package var failedHere: Set<String> = []

    package init(
        name: String, target: Target, author: GitPerson, at: Timestamp, offsetMinutes: Int = 0, reason: String? = nil,
        branchSuffix: String
    ) {
        self.name = name
        self.target = target
        self.author = author
        self.at = at
        self.offsetMinutes = offsetMinutes
        self.reason = reason
        self.branchSuffix = branchSuffix
    }
}

package struct GitPerson: Hashable, Sendable {
    package var name: String
    package var email: String

    package init(name: String, email: String) {
        self.name = name
        self.email = email
    }
}

package enum RollbackOutcome: Hashable, Sendable {
    case pushed(RollbackCommit)
    /// The branch refused; the commit stands on another one, for a merge request.
    case refused(RollbackCommit, branch: String, answer: String, mergeRequest: String?)
    /// The manifest names that version already.
    case unchanged(version: String)
}

package struct RollbackCommit: Hashable, Sendable {
    package var id: CommitID
    package var path: String
    package var from: String
    package var to: String
    /// The commit whose version change is undone, where one is.
    package var reverts: CommitID?

    package init(id: CommitID, path: String, from: String, to: String, reverts: CommitID?) {
        self.id = id
        self.path = path
        self.from = from
        self.to = to
        self.reverts = reverts
    }
}
