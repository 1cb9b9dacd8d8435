import ArgumentParser
import Domain
import Store
import Wire

struct TraceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trace",
        abstract: "Follows a bot from the commit to the deployed version.",
        discussion: """
            Which commit, by whom, which rollout, which job, and which events went where.

            Example:
              ballast trace order-support
            """)

    @Argument(help: "A bot, or PLATFORM/BOT/ENVIRONMENT.")
    var name: String

    @OptionGroup var output: OutputOption
    @OptionGroup var configuration: ConfigurationOption

    /// The newest ones, in their order.
    static let maxEvents = 20

    func run() async throws {
        let loaded = try await configuration.load()
        let reader = try await StateReader.open(path: loaded.configuration.state)
        let bot = try await BotLookup(reader).bot(name)
        let rollout = try await reader.rollouts(of: bot.key, limit: 1).first
        var events: [(event: Event, deliveries: [DeliveryState])] = []
        let commit = (bot.pending?.declaration ?? bot.declared)?.provenance.commit
        let all = try await reader.events(of: bot.key, limit: StateReader.maxRows)
        // What belongs to an older commit is the history's business.
        for event in all.filter({ commit == nil || $0.commit?.sha == commit }).prefix(Self.maxEvents).reversed() {
            events.append((event, try await reader.deliveries(ofEvent: event.id).map(\.state)))
        }
        let notes = NotesFetch.shape(loaded.configuration.audit)
        let shape = TraceShape(bot: bot, rollout: rollout, events: events, notes: notes)
        try Printer(console: Surroundings.current().console, format: output.format).print(shape) {
            TraceText.text(bot, rollout, events, notes, colors: $0)
        }
    }
}
