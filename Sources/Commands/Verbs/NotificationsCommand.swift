import ArgumentParser
import Domain
import Live
import Store
import Wire

struct NotificationsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "notifications",
        abstract: "Lists what sinks were sent, and sends again.",
        subcommands: [NotificationsListCommand.self, RedeliverCommand.self, EnableSinkCommand.self],
        defaultSubcommand: NotificationsListCommand.self)
}

struct NotificationsListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists the outbox: pending, delivered, dead, superseded; newest first.",
        discussion: """
            Example:
              ballast notifications list --status dead
            """)

    @Option(help: "Only those: pending, delivered, dead or superseded.")
    var status: DeliveryState.Status?

    @Option(help: ArgumentHelp("Only those for this sink.", valueName: "name"))
    var sink: String?

    @Option(help: ArgumentHelp("At most so many.", valueName: "number"))
    var limit = 200

    @OptionGroup var output: OutputOption
    @OptionGroup var configuration: ConfigurationOption

    func validate() throws {
        guard (1...StateReader.maxRows).contains(limit) else {
            throw ValidationError("`--limit` is between 1 and \(StateReader.maxRows).")
        }
    }

    func run() async throws {
        let loaded = try await configuration.load()
        let reader = try await StateReader.open(path: loaded.configuration.state)
        let found = try await reader.deliveries(status: status, sink: sink, limit: limit)
        let items = found.map {
            NotificationsShape.Item($0.state, type: $0.type, time: $0.time, nextAt: $0.nextAt)
        }
        try Printer(console: Surroundings.current().console, format: output.format)
            .print(NotificationsShape(items: items)) { NotificationTable.text(found, colors: $0) }
    }
}

extension DeliveryState.Status: ExpressibleByArgument {}

struct RedeliverCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "redeliver",
        abstract: "Makes events due again: the same id, body and sequence, a new attempt.",
        discussion: """
            They are sent by the next `ballast reconcile`.

            Examples:
              ballast notifications redeliver 01936b1e-7c3a-7d2f-9a51-0c6f2f4b8e11
              ballast notifications redeliver --sink pipeline --since 2h
            """)

    @Argument(help: "The event's id.")
    var event: String?

    @Option(help: ArgumentHelp("All events of this sink.", valueName: "name"))
    var sink: String?

    @Option(help: ArgumentHelp("Since then: a duration (2h) or a time (2026-11-22T10:00:00Z).", valueName: "time"))
    var since: String?

    @OptionGroup var configuration: ConfigurationOption

    func validate() throws {
        if (event == nil) == (sink == nil) || (sink == nil) != (since == nil) {
            throw ValidationError("Give either an event's id, or `--sink NAME --since TIME`.")
        }
        if let since, Span(text: since) == nil, Timestamp(iso8601: since) == nil {
            throw ValidationError(
                "`--since \(since)`: expected a duration such as 2h, or a time such as 2026-11-22T10:00:00Z.")
        }
    }

    func run() async throws {
        let loaded = try await configuration.load().configuration
        if let sink, !loaded.notifications.contains(where: { $0.name == sink }) {
            throw CommandFailure(.usage, "no sink is called \(sink)")
        }
        // Read first: a state that does not exist is not made for this.
        _ = try await StateReader.open(path: loaded.state)
        let store = try await SQLiteStore.open(path: loaded.state, verb: "notifications", newID: SystemRandom.id)
        let due: [DeliveryState]
        do {
            let now = SystemClock(continuing: try await store.load().saved).now()
            due = try await store.redeliver(what(now.wall), now: now)
        } catch {
            try await store.close()
            throw error
        }
        try await store.close()
        if due.isEmpty, let event {
            throw CommandFailure(
                .usage, "no sink was sent an event with the id \(event)",
                remedy: "`ballast notifications list` lists those that are kept.")
        }
        Surroundings.current().console.out(
            "\(due.count) deliver\(due.count == 1 ? "y is" : "ies are") due again; `ballast reconcile` sends them\n")
    }

    private func what(_ now: Timestamp) -> SQLiteStore.Redelivery {
        guard let sink, let since else { return .event(id: event ?? "") }
        let start = Span(text: since).map { now.advanced(by: Span(milliseconds: -$0.milliseconds)) }
        return .sink(name: sink, since: start ?? Timestamp(iso8601: since) ?? now)
    }
}

struct EnableSinkCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "enable",
        abstract: "Sends to a sink again that answered 410.",
        discussion: """
            Example:
              ballast notifications enable pipeline
            """)

    @Argument(help: "The sink.")
    var sink: String

    @OptionGroup var options: DecisionOptions

    func run() async throws { try await options.carryOut(.enableSink(sink), verb: "notifications") }
}
