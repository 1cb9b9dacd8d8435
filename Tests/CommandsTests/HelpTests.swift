import ArgumentParser
import Testing

@testable import Commands

@Suite("Help and usage")
struct HelpTests {
    private static let verbs: [any ParsableCommand.Type] = leaves(of: BallastCommand.self)

    private static func leaves(of command: any ParsableCommand.Type) -> [any ParsableCommand.Type] {
        let children = command.configuration.subcommands
        return children.isEmpty ? [command] : children.flatMap { leaves(of: $0) }
    }

    @Test("every verb has an example")
    func examples() {
        #expect(Self.verbs.count == 28)
        for verb in Self.verbs {
            #expect(verb.configuration.discussion.contains("Example"), "\(verb)")
            #expect(!verb.configuration.abstract.isEmpty, "\(verb)")
        }
    }

    @Test("the verbs of the first page")
    func firstPage() {
        let names = BallastCommand.configuration.subcommands.compactMap { $0.configuration.commandName }
        #expect(
            names == [
                "init", "import", "validate", "plan", "reconcile", "serve", "status", "history", "show", "trace",
                "rollback",
                "approve", "release", "waive", "suspend", "resume", "audit", "notifications", "report", "state",
                "schema",
                "doctor",
                "demo",
            ])
    }

    @Test(
        "wrong usage",
        arguments: [
            (["waive", "x", "--guard", "window"], "`waive` needs `--reason TEXT`: it stands in the audit record."),
            (
                ["waive", "x", "--guard", "quarantine", "--reason", "y"],
                "`quarantine` can't be waived; only halt, contested, window, cooldown, sessions."
            ),
            (["suspend", "--reason", "y"], "Name either a bot or platform, or `--all`."),
            (["suspend", "x", "--all", "--reason", "y"], "Name either a bot or platform, or `--all`."),
            (["suspend", "x"], "`suspend` needs `--reason TEXT`: it stands in the audit record."),
            (
                ["rollback", "x", "--without-git"],
                "`rollback --without-git` needs `--reason TEXT`: it stands in the audit record."
            ),
            (["approve"], "Name either a commit or `--drift PLATFORM`."),
            (["approve", "abcd", "--drift", "default"], "Name either a commit or `--drift PLATFORM`."),
            (["release", "x", "--reason", " "], "`--reason` is empty: say why."),
            (["validate", "-", "bots"], "Standard input (`-`) is checked alone."),
            (["notifications", "redeliver"], "Give either an event's id, or `--sink NAME --since TIME`."),
            (["reconcile", "--selector", "team"], "`--selector team`: expected LABEL=VALUE[,LABEL=VALUE]."),
        ])
    func usage(arguments: [String], message: String) async {
        do {
            _ = try await BallastCommand.asyncParseAsRoot(arguments)
            Issue.record("accepted: \(arguments)")
        } catch {
            #expect(BallastCommand.message(for: error) == message)
            #expect(BallastCommand.exitCode(for: error) == .validationFailure)
            #expect(BallastCommand.fullMessage(for: error).hasPrefix("ballast: \(message)\n"))
        }
    }

    @Test("completions for three shells", arguments: [CompletionShell.bash, .zsh, .fish])
    func completions(shell: CompletionShell) {
        let script = BallastCommand.completionScript(for: shell)
        for verb in ["reconcile", "rollback", "notifications"] { #expect(script.contains(verb)) }
    }
}
