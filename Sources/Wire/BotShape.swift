package import Domain

/// One bot as `plan` and `reconcile` print it. Members that `cli.md` names are always there, `null` where they have no
/// value; further ones are left out where they do not apply. So it is in all shapes of this module.
package struct BotShape: Codable, Hashable, Sendable {
    package var name: String
    package var platform: String
    package var botId: String
    package var environment: String
    package var labels: [String: String]
    @OrNull package var desired: String?
    @OrNull package var deployed: String?
    /// True where `deployed` is null because nobody could look.
    package var unobserved: Bool?
    package var state: String
    /// The guard that it waits for or that stops it.
    package var `guard`: String?
    package var message: String
    package var since: String
    @OrNull package var cause: String?
    package var action: String
    @OrNull package var manifest: ManifestShape?
    package var guards: [GuardShape]
    /// Desired and deployed are known to differ.
    package var differs: Bool?
    /// What serves is not what the bot is meant to serve, which after a failover is the fallback.
    package var off: Bool?
    /// By a decision: suspended, `mode: alert`, `selfHeal: false`, unmanaged.
    package var leftAlone: Bool?

    package init(_ report: BotReport) {
        name = report.name
        platform = report.key.platform
        botId = report.key.botId
        environment = report.key.environment
        labels = report.declaration?.manifest.labels ?? [:]
        desired = report.desired
        deployed = report.deployed
        unobserved = report.isDeployedKnown ? nil : true
        state = report.state.rawValue
        `guard` = report.guard?.rawValue
        message = report.message
        since = report.since.iso8601
        cause = report.cause?.rawValue
        action = report.action.rawValue
        manifest = report.declaration.map { ManifestShape($0) }
        guards = report.guards.map { GuardShape($0) }
        differs = report.differs ? true : nil
        off = report.isOff ? true : nil
        leftAlone = report.isLeftAlone ? true : nil
    }
}

/// Which document of which commit wants it so.
package struct ManifestShape: Codable, Hashable, Sendable {
    package var path: String
    package var commit: String
    package var author: String
    package var committedAt: String

    package init(_ declaration: Declaration) {
        path = declaration.path
        commit = declaration.provenance.commit.hex
        author = declaration.provenance.author
        committedAt = declaration.provenance.committedAt.iso8601
    }
}

package struct GuardShape: Codable, Hashable, Sendable {
    package var `guard`: String
    package var verdict: String
    package var detail: String
    /// When waiting ends, where that is known.
    package var until: String?
    /// A person let it pass.
    package var waived: Bool?

    package init(_ verdict: GuardVerdict) {
        `guard` = verdict.guard.rawValue
        self.verdict = verdict.verdict.rawValue
        detail = verdict.detail
        until = verdict.until?.iso8601
        waived = verdict.waived ? true : nil
    }

    package var passes: Bool { verdict == Verdict.pass.rawValue || waived == true }
}
