import ArgumentParser
import Domain
import Store
import Wire

struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Shows every bot as the last pass left it.",
        discussion: """
            Reads the state alone; `ballast plan` asks the platform.

            Examples:
              ballast status
              ballast status order-support --watch
              ballast status -o json | jq '.bots[] | select(.state != "in-sync")'
            """)

    @Argument(help: "Bots, by name or PLATFORM/BOT/ENVIRONMENT (default: all).")
    var names: [String] = []

    @Flag(help: "Goes on until it is interrupted.")
    var watch = false

    @OptionGroup var output: OutputOption
    @OptionGroup var configuration: ConfigurationOption

    static let watchInterval = Duration.seconds(1)

    func run() async throws {
        let surroundings = Surroundings.current()
        let loaded = try await configuration.load()
        let reader = try await StateReader.open(path: loaded.configuration.state)
        let printer = Printer(console: surroundings.console, format: output.format)
        var records = try await BotLookup(reader).bots(names)
        try show(records, printer, isFirst: true)
        guard watch else { return }
        while true {
            do { try await Task.sleep(for: Self.watchInterval) } catch { return }
            let next = try await BotLookup(reader).bots(names)
            if next == records { continue }
            records = next
            try show(records, printer, isFirst: false)
        }
    }

    /// On a terminal one picture takes the place of the other.
    private func show(_ records: [BotRecord], _ printer: Printer, isFirst: Bool) throws {
        if watch, output.format == .table, printer.console.outIsTerminal {
            printer.console.out("\u{1B}[H\u{1B}[2J")
        } else if !isFirst, output.format == .table {
            printer.console.out("\n")
        } else if !isFirst, output.format == .yaml {
            printer.console.out("---\n")
        }
        try printer.print(StatusShape(records)) { BotTable.status(records, colors: $0) }
    }
}
