import ArgumentParser
import Domain
import Wire

struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Shows every bot as the last pass left it.",
        discussion: """
            Reads the state alone; `ballast plan` asks the platform. What keeps the audit trail or a sink from being told is \
            said below the bots, with the remedy.

            Examples:
              ballast status
              ballast status order-support --watch
              ballast status --server https://ballast.example --token-file token
              ballast status -o json | jq '.bots[] | select(.state != "in-sync")'
            """)

    @Argument(help: "Bots, by name or PLATFORM/BOT/ENVIRONMENT (default: all).")
    var names: [String] = []

    @Flag(help: "Goes on until it is interrupted.")
    var watch = false

    @OptionGroup var output: OutputOption
    @OptionGroup var place: PlaceOptions

    static let watchInterval = Duration.seconds(1)
    private static let maxTroubleCharacters = 1000

    func run() async throws {
        let console = Surroundings.current().console
        let printer = Printer(console: console, format: output.format)
        try await place.ask { answers in
            var shown = try await look(answers)
            try show(shown, printer, isFirst: true)
            guard watch else { return }
            var isAway = false
            while true {
                do { try await Task.sleep(for: Self.watchInterval) } catch { return }
                let next: StatusShape
                do {
                    next = try await look(answers)
                } catch let failure as RemoteFailure where failure.isPassing {
                    // A server that is started anew is waited for.
                    if !isAway { console.note("ballast: \(failure.failure.message); trying again") }
                    isAway = true
                    continue
                } catch is CancellationError {
                    return
                }
                isAway = false
                if next == shown { continue }
                shown = next
                try show(shown, printer, isFirst: false)
            }
        }
    }

    private func look(_ answers: any Answers) async throws -> StatusShape {
        StatusShape(try await answers.bots(names), troubles: try await answers.troubles())
    }

    /// On a terminal one picture takes the place of the other.
    private func show(_ status: StatusShape, _ printer: Printer, isFirst: Bool) throws {
        if watch, output.format == .table, printer.console.outIsTerminal {
            printer.console.out("\u{1B}[H\u{1B}[2J")
        } else if !isFirst, output.format == .table {
            printer.console.out("\n")
        } else if !isFirst, output.format == .yaml {
            printer.console.out("---\n")
        }
        try printer.print(status) { BotTable.status(status.bots, colors: $0) }
        guard output.format == .table else { return }
        for trouble in status.troubles {
            let message = UntrustedText.cleaned(trouble.message, maxCharacters: Self.maxTroubleCharacters)
            printer.console.note("ballast: \(trouble.subject): \(message)\n  → \(trouble.remedy)")
        }
    }
}
