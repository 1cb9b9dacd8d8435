import ArgumentParser
import Domain

struct ReleaseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "release",
        abstract: "Ends what holds a bot or a platform after a failure.",
        discussion: """
            For a bot: quarantine, contest, degraded, indeterminate, timed-out, and the wait for another's job that never \
            ends. For a platform: the halt after repeated failures.

            Examples:
              ballast release order-support --reason "v_67890 was repaired on the platform"
              ballast release default --reason "the platform's incident is over"
            """)

    @Argument(help: "A bot, PLATFORM/BOT/ENVIRONMENT, or a platform.")
    var name: String

    @OptionGroup var options: DecisionOptions

    func run() async throws { try await options.carryOut(.release(name), verb: "release") }
}
