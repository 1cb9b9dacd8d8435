import ArgumentParser
import Domain
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
    @OptionGroup var place: PlaceOptions

    func run() async throws {
        let trace = try await place.ask { try await $0.trace(name) }
        try Printer(console: Surroundings.current().console, format: output.format).print(trace) {
            TraceText.text(trace, colors: $0)
        }
    }
}
