/// The desired state of a bot as a commit declared it.
package struct Declaration: Hashable, Codable, Sendable {
    package var manifest: Manifest
    /// Of the whole document; equal digests declare the same.
    package var digest: String
    /// Of `spec` alone: a change lifts a quarantine.
    package var specDigest: String
    package var path: String
    /// Position of the document in its file, from 0.
    package var index: Int
    package var provenance: Provenance

    package init(
        manifest: Manifest, digest: String, specDigest: String, path: String, index: Int, provenance: Provenance
    ) {
        self.manifest = manifest
        self.digest = digest
        self.specDigest = specDigest
        self.path = path
        self.index = index
        self.provenance = provenance
    }
}

/// Who asked for a document's present content.
package struct Provenance: Hashable, Codable, Sendable {
    /// The commit that changed the document; its note tells the outcome.
    package var commit: CommitID
    /// The step along first parents that brought it onto the branch.
    package var step: CommitID
    /// `Name <email>`.
    package var author: String
    package var committer: String
    /// Cut and cleaned.
    package var message: String
    package var committedAt: Timestamp
    /// Only where the document's content equals what stood before that commit.
    package var reverts: CommitID?
    /// The verdict in words: `none`, `good: NAME`, `bad: …`.
    package var signature: String

    package init(
        commit: CommitID, step: CommitID, author: String, committer: String, message: String, committedAt: Timestamp,
        reverts: CommitID?, signature: String
    ) {
        self.commit = commit
        self.step = step
        self.author = author
        self.committer = committer
        self.message = message
        self.committedAt = committedAt
        self.reverts = reverts
        self.signature = signature
    }
}
