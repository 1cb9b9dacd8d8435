import ArgumentParser
import Domain
import Live
import Store
import Wire

struct NotificationsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "notifications",
        abstract: "Lists what sinks were sent, and sends again.",
        discussion: """
            Examples:
              ballast notifications
              ballast notifications redeliver --sink pipeline --since 2h
            """,
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
    @OptionGroup var place: PlaceOptions

    func validate() throws {
        guard (1...StateReader.maxRows).contains(limit) else {
            throw ValidationError("`--limit` is between 1 and \(StateReader.maxRows).")
        }
    }

    func run() async throws {
        let items = try await place.ask { try await $0.notifications(status: status, sink: sink, limit: limit) }
        try Printer(console: Surroundings.current().console, format: output.format)
            .print(NotificationsShape(items: items)) { NotificationTable.text(items, colors: $0) }
    }
}

extension DeliveryState.Status: ExpressibleByArgument {}

struct RedeliverCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "redeliver",
        abstract: "Makes events due again: the same id, body and sequence, a new attempt.",
        discussion: """
            They are tried at once; what fails is tried again by the next `ballast reconcile`, or by the server.

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

    @OptionGroup var options: DecisionOptions

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
        let surroundings = Surroundings.current()
        if let server = try await options.place.remote(surroundings) {
            let decided = try await server.closing { try await ask(server) }
            return options.show(decided, on: surroundings.console)
        }
        let configuration = try await options.place.configuration.load().configuration
        let (deliveries, rest) = try await found(configuration)
        guard !deliveries.isEmpty else {
            return surroundings.console.note("ballast: sink \(sink ?? "") was sent nothing since then")
        }
        try await options.carryOut(.redeliver(deliveries, rest: rest), verb: "notifications")
    }

    private static func unknown(_ event: String) -> CommandFailure {
        CommandFailure(
            .usage, "no sink was sent an event with the id \(event)",
            remedy: "`ballast notifications list` lists those that are kept.")
    }

    private func ask(_ server: RemoteServer) async throws -> DecidedShape {
        var body: [String: JSONValue] = ["reason": .string(options.plainReason)]
        if let sink, let since {
            body["since"] = .string(since)
            return try await server.post(["sinks", sink, "redeliver"], body)
        }
        let id = event ?? ""
        do { return try await server.post(["notifications", id, "redeliver"], body) } catch let refusal as RemoteFailure
            where refusal.status == 404
        {
            throw Self.unknown(id)
        }
    }

    /// - Returns: with the time from which on there are more than go at once.
    private func found(_ configuration: Configuration) async throws -> ([DeliveryState], rest: Timestamp?) {
        // Read first: a state that does not exist is not made for this.
        let reader = try await StateReader.open(path: configuration.state)
        guard let sink, let since else {
            let found = try await reader.deliveries(ofEvent: event ?? "").map(\.state)
            if found.isEmpty { throw Self.unknown(event ?? "") }
            return (found, nil)
        }
        guard configuration.notifications.contains(where: { $0.name == sink }) else {
            throw CommandFailure(.usage, "no sink is called \(sink)")
        }
        let now = SystemClock(continuing: nil).now().wall
        let start = Span(text: since).map { now.advanced(by: Span(milliseconds: -$0.milliseconds)) }
        let from = start ?? Timestamp(iso8601: since) ?? now
        return try await reader.redeliveries(sink: sink, since: from, limit: StateReader.maxRows)
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
