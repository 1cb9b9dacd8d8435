import ArgumentParser
import Domain

struct ApproveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve",
        abstract: "Accepts a commit that is held, or drift that is held on a platform.",
        discussion: """
            A commit is held where it rolls more bots than `reconcile.maxBotsPerCommit`, is not signed as the trust policy \
            asks, or rewrites history. The record says what was overridden.

            Examples:
              ballast approve 3f2a9c1e --reason "release 42, agreed with the orders team"
              ballast approve --drift default --reason "the console was used by mistake"
            """)

    @Argument(help: "The commit, or the beginning of its id.")
    var commit: String?

    @Option(help: ArgumentHelp("The platform whose drift may be undone.", valueName: "platform"))
    var drift: String?

    @OptionGroup var options: DecisionOptions

    func validate() throws {
        if (commit == nil) == (drift == nil) {
            throw ValidationError("Name either a commit or `--drift PLATFORM`.")
        }
    }

    func run() async throws {
        if let drift { return try await options.carryOut(.approveDrift(platform: drift), verb: "approve") }
        if let commit { try await options.carryOut(.approve(commit: commit), verb: "approve") }
    }
}
