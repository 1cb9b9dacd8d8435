package import Domain

/// One rollout in a list.
package struct RolloutRow: Sendable {
    var id: String
    var shortId: String
    var href: String
    var bot: String
    var botHref: String
    var face: Face
    var from: String
    var to: String
    var direction: String
    var cause: String
    var commit: String
    var author: String
    var message: String
    var started: Moment
    var took: String

    package init(_ rollout: Rollout) {
        id = Words.clean(rollout.id)
        // The end of a UUIDv7 is what tells rollouts of one moment apart.
        shortId = Words.clean(String(rollout.id.suffix(8)))
        href = Link.rollout(rollout.id)
        bot = Words.clean(rollout.name)
        botHref = Link.bot(rollout.key)
        face = Face(rollout)
        from = rollout.from.map { Words.clean($0) } ?? "nothing"
        to = Words.clean(rollout.to)
        direction = rollout.direction.rawValue
        cause = rollout.cause.rawValue
        commit = Words.short(rollout.provenance.commit.hex)
        author = Words.clean(rollout.provenance.author)
        let standing = rollout.guards.first { !$0.passes }
        message = Words.clean(
            rollout.hasEnded || standing == nil
                ? rollout.message : standing.map { "\($0.guard.rawValue): \($0.detail)" } ?? "")
        started = Moment(rollout.startedAt)
        took = rollout.endedAt.map { Span.between(rollout.startedAt, $0).shown } ?? "open"
    }
}

/// The fleet's rollout history, newest first.
package struct RolloutsView: Sendable {
    var rows: [RolloutRow]
    var hasRows: Bool
    /// Not the newest page.
    var isLater: Bool
    var following: [String]

    package init(_ rollouts: [Rollout], next: String?, isLater: Bool) {
        rows = rollouts.map { RolloutRow($0) }
        hasRows = !rows.isEmpty
        self.isLater = isLater
        following = next.map { [Link.page(Link.rollouts, [("after", $0)])] } ?? []
    }
}
