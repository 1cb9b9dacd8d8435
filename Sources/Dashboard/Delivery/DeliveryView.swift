package import Domain

/// The four figures of delivery over the last days, of the whole fleet and by group.
package struct DeliveryView: Sendable {
    struct Choice: Sendable {
        var value: String
        var title: String
        var isChosen: Bool
    }

    /// As people read them; a figure without anything to measure is "no data".
    struct Figures: Sendable {
        var name: String
        var deployments: String
        var succeeded: String
        var perDay: String
        var leadTime: String
        var leadTimeP90: String
        var failureRate: String
        var restoredIn: String
        var unrestored: String
    }

    package struct Input: Sendable {
        package var report: DeliveryReport
        /// Of the period.
        package var days: Int
        /// Names of labels that bots have.
        package var labels: [String]
        /// As the page's address has it.
        package var grouping: String

        package init(report: DeliveryReport, days: Int, labels: [String], grouping: String) {
            self.report = report
            self.days = days
            self.labels = labels
            self.grouping = grouping
        }
    }

    package static let periods = [7, 30, 90]
    static let maxLabels = 50
    static let maxRows = 500
    static let noData = "no data"

    var sentence: String
    var totals: [Figures]
    var rows: [Figures]
    var hasRows: Bool
    var more: [String]
    var title: String
    var groupings: [Choice]
    var days: [Choice]

    package init(_ input: Input) {
        let period = input.report.period
        let all = input.report.totals
        sentence =
            all.deployments == 0
            ? "No deployment ended in the last \(Words.count(input.days, "day"))."
            : "\(Words.count(all.deployments, "deployment")) ended in the last \(Words.count(input.days, "day")), "
                + "\(Words.grouped(all.succeeded)) of them well."
        totals = [Self.figures("total", all, period)]
        let found = input.report.rows
        rows = found.prefix(Self.maxRows).map { Self.figures(Self.name(of: $0), $0.figures, period) }
        hasRows = !rows.isEmpty
        more =
            found.count > Self.maxRows
            ? ["And \(Words.grouped(found.count - Self.maxRows)) more; `ballast report` has all."] : []
        let labels = Array(Set(input.labels)).sorted().prefix(Self.maxLabels)
        let choices =
            [("environment", "Environment"), ("bot", "Bot")]
            + labels.map { ("label=\($0)", "Label \(Words.clean($0))") }
        groupings = choices.map {
            Choice(value: Words.clean($0.0), title: $0.1, isChosen: $0.0 == input.grouping)
        }
        title = choices.first { $0.0 == input.grouping }?.1 ?? "Group"
        days = Self.periods.map {
            Choice(value: "\($0)", title: "\($0) days", isChosen: $0 == input.days)
        }
    }

    private static func figures(_ name: String, _ figures: DeliveryFigures, _ period: DeliveryPeriod) -> Figures {
        Figures(
            name: Words.clean(name), deployments: Words.grouped(figures.deployments),
            succeeded: Words.grouped(figures.succeeded),
            perDay: figures.perDay(over: period).map { Words.decimal($0, places: 2) } ?? noData,
            leadTime: length(figures.leadTimes.median), leadTimeP90: length(figures.leadTimes.percentile(90)),
            failureRate: figures.failureRate.map { "\(Words.decimal($0 * 100, places: 1)) %" } ?? noData,
            restoredIn: length(figures.restores.median), unrestored: Words.grouped(figures.unrestored))
    }

    private static func name(of row: DeliveryReport.Row) -> String {
        let name = row.name ?? "(none)"
        if case .bot(let key) = row.group { return "\(name) · \(key.environment)" }
        return name
    }

    private static func length(_ span: Span?) -> String { span.map { $0.rounded.text } ?? noData }
}
