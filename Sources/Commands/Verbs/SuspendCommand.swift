import ArgumentParser
import Domain

struct SuspendCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "suspend",
        abstract: "Leaves a bot, a platform or everything alone for a while.",
        discussion: """
            No rollout starts there until `ballast resume`, or until the time given with --for has passed. What runs goes \
            on to its end.

            Examples:
              ballast suspend order-support --for 2h --reason "incident 17"
              ballast suspend --all --reason "freeze over the holidays"
            """)

    @Argument(help: "A bot, PLATFORM/BOT/ENVIRONMENT, or a platform.")
    var name: String?

    @Flag(help: "Every bot of every platform.")
    var all = false

    @Option(
        name: .customLong("for"),
        help: ArgumentHelp("How long, such as 2h or 1h30m (default: until resumed).", valueName: "duration"))
    var duration: DurationArgument?

    @OptionGroup var options: DecisionOptions

    func validate() throws {
        _ = try SuspendCommand.target(name, all: all)
        if duration?.span == .zero { throw ValidationError("`--for 0s` would suspend nothing.") }
        try options.requireReason(for: "suspend")
    }

    func run() async throws {
        let target = try SuspendCommand.target(name, all: all)
        try await options.carryOut(.suspend(target, for: duration?.span), verb: "suspend")
    }

    static func target(_ name: String?, all: Bool) throws -> Decision.SuspensionTarget {
        switch (name, all) {
        case (let name?, false): return .named(name)
        case (nil, true): return .all
        default: throw ValidationError("Name either a bot or platform, or `--all`.")
        }
    }
}
