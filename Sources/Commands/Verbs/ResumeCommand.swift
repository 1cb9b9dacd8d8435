import ArgumentParser
import Domain

struct ResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Ends a suspension.",
        discussion: """
            A suspension in a manifest (`spec.suspend`) is ended there.

            Examples:
              ballast resume order-support
              ballast resume --all --reason "the freeze is over"
            """)

    @Argument(help: "A bot, PLATFORM/BOT/ENVIRONMENT, or a platform.")
    var name: String?

    @Flag(help: "The suspension of everything.")
    var all = false

    @OptionGroup var options: DecisionOptions

    func validate() throws { _ = try SuspendCommand.target(name, all: all) }

    func run() async throws {
        try await options.carryOut(.resume(try SuspendCommand.target(name, all: all)), verb: "resume")
    }
}
