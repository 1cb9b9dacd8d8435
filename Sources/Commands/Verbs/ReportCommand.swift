import ArgumentParser
import Domain
import Exchange
import Live
import Store
import Wire

struct ReportCommand: AsyncParsableCommand {
    enum Format: String, CaseIterable, ExpressibleByArgument { case table, json, yaml, markdown }

    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Reckons delivery figures from the audit trail.",
        discussion: """
            Deployments and how many of them succeeded, each day; the lead time from a commit to the rollout that brought it \
            (median, p90); the share of deployments that failed; and how long until a bot that failed was as git wants it \
            (median). `blocked` and `superseded` are no deployments, nor is putting back what somebody switched by hand; \
            every other end that is not `succeeded` is a failure. Works beside a running server.

            Examples:
              ballast report
              ballast report --since 90d --by label=team -o markdown
            """)

    @Option(help: ArgumentHelp("Since then: a duration (30d) or a time (2026-11-22T10:00:00Z).", valueName: "time"))
    var since = "30d"

    @Option(help: ArgumentHelp("A row for each: bot, environment, or label=NAME.", valueName: "group"))
    var by = "bot"

    @Option(name: [.customShort("o"), .customLong("output")], help: "How to print it.")
    var format = Format.table

    @OptionGroup var place: PlaceOptions

    func validate() throws {
        if DeliveryReport.Grouping(text: by) == nil {
            throw ValidationError("`--by \(by)`: expected bot, environment, or label=NAME.")
        }
        if start(before: Timestamp(milliseconds: 0)) == nil {
            throw ValidationError(
                "`--since \(since)`: expected a duration such as 30d, or a time such as 2026-11-22T10:00:00Z.")
        }
    }

    func run() async throws {
        let surroundings = Surroundings.current()
        if let server = try place.address(surroundings.environment) {
            throw CommandFailure(
                .usage, "the server \(server.shown) has no delivery figures to give: they are read from the state",
                remedy: "Run it beside the server, with --config FILE.")
        }
        let configuration = try await place.configuration.load().configuration
        let reader = try await StateReader.open(path: configuration.state)
        let report = try await ProgressLine.showing("reading the trail", on: surroundings.console) { _ in
            try await reckoned(reader)
        }
        let shape = DeliveryShape(report)
        let console = surroundings.console
        switch format {
        case .table: console.out(DeliveryText(shape: shape).table(colors: console.hasColors))
        case .json: console.out(try WireJSON.text(shape))
        case .yaml: console.out(try Printer.yaml(shape))
        case .markdown: console.out(DeliveryText(shape: shape).markdown)
        }
        if report.totals.deployments == 0 { console.note("ballast: no deployment ended since \(shape.since)") }
    }

    private func reckoned(_ reader: StateReader) async throws -> DeliveryReport {
        let now = SystemClock(continuing: nil).now().wall
        let period = DeliveryPeriod(since: start(before: now) ?? now, until: now)
        var report = DeliveryReport(over: period, by: DeliveryReport.Grouping(text: by) ?? .bot)
        var position: Int64 = 0
        while true {
            let page = try await reader.deliveryFacts(after: position)
            for fact in page.facts { report.take(fact) }
            guard let last = page.last else { break }
            position = last
        }
        for fact in try await reader.inSyncFacts() { report.take(fact) }
        return report
    }

    private func start(before now: Timestamp) -> Timestamp? {
        if let span = Span(text: since) {
            return span > .zero ? now.advanced(by: Span(milliseconds: -span.milliseconds)) : nil
        }
        return Timestamp(iso8601: since)
    }
}
