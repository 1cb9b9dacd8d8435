package import Domain

/// One rollout as `reconcile` and `history` list it.
package struct RolloutShape: Codable, Hashable, Sendable {
    package var id: String
    package var name: String
    package var platform: String
    package var botId: String
    package var environment: String
    package var direction: String
    @OrNull package var from: String?
    package var to: String
    package var phase: String
    /// `null` while it is open.
    @OrNull package var outcome: String?
    package var jobIds: [String]
    @OrNull package var fallback: String?
    package var message: String
    package var startedAt: String
    @OrNull package var endedAt: String?
    package var cause: String
    package var commit: String
    package var author: String

    package init(_ rollout: Rollout) {
        id = rollout.id
        name = rollout.name
        platform = rollout.key.platform
        botId = rollout.key.botId
        environment = rollout.key.environment
        direction = rollout.direction.rawValue
        from = rollout.from
        to = rollout.to
        phase = rollout.phase.rawValue
        outcome = rollout.outcome?.rawValue
        jobIds = rollout.jobIds
        fallback = rollout.fallback
        message = rollout.message
        startedAt = rollout.startedAt.iso8601
        endedAt = rollout.endedAt?.iso8601
        cause = rollout.cause.rawValue
        commit = rollout.provenance.commit.hex
        author = rollout.provenance.author
    }
}

/// The commit that asked for something.
package struct CommitShape: Codable, Hashable, Sendable {
    package var sha: String
    package var author: String
    package var committer: String
    package var message: String
    package var committedAt: String
    package var reverts: String?
    package var signature: String

    package init(_ provenance: Provenance) {
        sha = provenance.commit.hex
        author = provenance.author
        committer = provenance.committer
        message = provenance.message
        committedAt = provenance.committedAt.iso8601
        reverts = provenance.reverts?.hex
        signature = provenance.signature.description
    }
}
