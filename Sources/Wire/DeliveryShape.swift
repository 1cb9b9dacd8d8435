package import Domain

/// `report -o json`: `null` where there was nothing to measure. Lengths of time are milliseconds, to three digits.
package struct DeliveryShape: Codable, Hashable, Sendable {
    package struct Figures: Codable, Hashable, Sendable {
        package var deployments: Int
        package var succeeded: Int
        package var failed: Int
        package var rollbacks: Int
        @OrNull package var succeededPerDay: Double?
        package var leadTime: LeadTime
        /// Of all deployments, 0 to 1.
        @OrNull package var changeFailureRate: Double?
        package var timeToRestore: TimeToRestore

        package init(_ figures: DeliveryFigures, over period: DeliveryPeriod) {
            deployments = figures.deployments
            succeeded = figures.succeeded
            failed = figures.failed
            rollbacks = figures.rollbacks
            succeededPerDay = figures.perDay(over: period)
            leadTime = LeadTime(
                count: figures.leadTimes.count, medianMs: figures.leadTimes.median?.milliseconds,
                p90Ms: figures.leadTimes.percentile(90)?.milliseconds)
            changeFailureRate = figures.failureRate
            timeToRestore = TimeToRestore(
                count: figures.restores.count, medianMs: figures.restores.median?.milliseconds,
                unrestored: figures.unrestored)
        }
    }

    package struct LeadTime: Codable, Hashable, Sendable {
        /// Commits that reached a bot, and whose time is known.
        package var count: Int
        @OrNull package var medianMs: Int64?
        @OrNull package var p90Ms: Int64?
    }

    package struct TimeToRestore: Codable, Hashable, Sendable {
        package var count: Int
        @OrNull package var medianMs: Int64?
        /// Bots that are not restored yet.
        package var unrestored: Int
    }

    package struct Group: Codable, Hashable, Sendable {
        /// A bot, an environment or a label's value; `null`: bots without the label.
        @OrNull package var name: String?
        /// Of a bot alone, as the two below.
        package var platform: String?
        package var botId: String?
        package var environment: String?
        package var figures: Figures

        package init(_ row: DeliveryReport.Row, over period: DeliveryPeriod) {
            name = row.name
            figures = Figures(row.figures, over: period)
            if case .bot(let key) = row.group {
                platform = key.platform
                botId = key.botId
                environment = key.environment
            }
        }
    }

    package var since: String
    package var until: String
    /// `bot`, `environment` or `label=NAME`.
    package var by: String
    package var groups: [Group]
    package var totals: Figures

    package init(_ report: DeliveryReport) {
        since = report.period.since.iso8601
        until = report.period.until.iso8601
        by = report.grouping.text
        groups = report.rows.map { Group($0, over: report.period) }
        totals = Figures(report.totals, over: report.period)
    }
}

extension DeliveryReport.Grouping {
    /// As `--by` takes it.
    package var text: String {
        switch self {
        case .bot: "bot"
        case .environment: "environment"
        case .label(let name): "label=\(name)"
        }
    }

    package init?(text: String) {
        switch text {
        case "bot": self = .bot
        case "environment": self = .environment
        default:
            guard text.hasPrefix("label=") else { return nil }
            let name = String(text.dropFirst("label=".count))
            guard !name.isEmpty else { return nil }
            self = .label(name)
        }
    }
}
