import ArgumentParser
import Domain

struct WaiveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "waive",
        abstract: "Lets one rollout of one bot pass a guard.",
        discussion: """
            Only sessions, window, cooldown, halt and contested can be waived. It ends with that rollout, or after an hour.

            Example:
              ballast waive order-support --guard window --reason "the fix must go out tonight"
            """)

    @Argument(help: "A bot, or PLATFORM/BOT/ENVIRONMENT.")
    var name: String

    @Option(name: .customLong("guard"), help: "The guard.")
    var `guard`: Guard

    @OptionGroup var options: DecisionOptions

    func validate() throws {
        guard Guard.waivable.contains(`guard`) else {
            let list = Guard.waivable.sorted().map(\.rawValue).joined(separator: ", ")
            throw ValidationError("`\(`guard`.rawValue)` can't be waived; only \(list).")
        }
        try options.requireReason(for: "waive")
    }

    func run() async throws { try await options.carryOut(.waive(bot: name, `guard`), verb: "waive") }
}

extension Guard: ExpressibleByArgument {}
