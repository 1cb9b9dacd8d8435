package import Domain

/// `status -o json`: what is remembered of each bot, without asking the platform.
package struct StatusShape: Codable, Hashable, Sendable {
    package var bots: [BotStatusShape]
    /// What keeps the audit trail or a sink from being told; empty where all is well.
    package var troubles: [TroubleShape]

    package init(_ bots: [BotStatusShape], troubles: [TroubleShape]) {
        self.bots = bots
        self.troubles = troubles
    }
}

/// Trouble that is no bot's own.
package struct TroubleShape: Codable, Hashable, Sendable {
    /// `audit log`, `audit notes`, `audit trail`, `sink NAME`.
    package var subject: String
    package var message: String
    package var remedy: String

    package init(_ trouble: ReportTrouble) {
        subject = trouble.subject
        message = trouble.message
        remedy = trouble.remedy
    }
}

package struct BotStatusShape: Codable, Hashable, Sendable {
    package var name: String
    package var platform: String
    package var botId: String
    package var environment: String
    package var labels: [String: String]
    @OrNull package var desired: String?
    @OrNull package var deployed: String?
    package var state: String
    package var `guard`: String?
    package var message: String
    package var since: String
    @OrNull package var cause: String?
    @OrNull package var manifest: ManifestShape?

    package init(_ record: BotRecord) {
        let declaration = record.pending?.declaration ?? record.declared
        name = record.name
        platform = record.key.platform
        botId = record.key.botId
        environment = record.key.environment
        labels = declaration?.manifest.labels ?? [:]
        desired = declaration?.manifest.spec.version
        deployed = record.observed?.version
        state = record.condition.state.rawValue
        `guard` = record.condition.guard?.rawValue
        message = record.condition.message
        since = record.condition.since.iso8601
        cause = record.drift?.cause.rawValue
        manifest = declaration.map { ManifestShape($0) }
    }
}
