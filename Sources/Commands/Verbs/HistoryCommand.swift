import ArgumentParser
import Domain
import Store
import Wire

struct HistoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "Lists the rollouts of a bot, newest first.",
        discussion: """
            Example:
              ballast history order-support
            """)

    @Argument(help: "A bot, or PLATFORM/BOT/ENVIRONMENT.")
    var name: String

    @Option(help: ArgumentHelp("At most so many.", valueName: "number"))
    var limit = 50

    @OptionGroup var output: OutputOption
    @OptionGroup var place: PlaceOptions

    func validate() throws {
        guard (1...StateReader.maxRows).contains(limit) else {
            throw ValidationError("`--limit` is between 1 and \(StateReader.maxRows).")
        }
    }

    func run() async throws {
        let rollouts = try await place.ask { try await $0.rollouts(of: name, limit: limit) }
        let console = Surroundings.current().console
        try Printer(console: console, format: output.format).print(HistoryShape(rollouts)) {
            RolloutTable.history(rollouts, colors: $0)
        }
        if rollouts.isEmpty { console.note("ballast: \(name) was never rolled out by this Ballast") }
    }
}
