import ArgumentParser
import Audit
import Domain
import Store
import Wire

struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Reads and proves the audit trail.",
        discussion: """
            Examples:
              ballast audit show order-support
              ballast audit verify
            """,
        subcommands: [AuditShowCommand.self, AuditVerifyCommand.self])
}

struct AuditShowCommand: AsyncParsableCommand {
    enum Format: String, CaseIterable, ExpressibleByArgument { case table, json, yaml, jsonl }

    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Shows the audit records of a bot, or all, in the order of the chain.",
        discussion: """
            Examples:
              ballast audit show order-support
              ballast audit show -o jsonl | tail -1
            """)

    @Argument(help: "A bot, or PLATFORM/BOT/ENVIRONMENT (default: all records).")
    var name: String?

    @Option(help: ArgumentHelp("Only the last so many.", valueName: "number"))
    var last: Int?

    @Option(
        name: [.customShort("o"), .customLong("output")], help: "How to print it; jsonl: the log's own lines.")
    var format = Format.table

    @OptionGroup var configuration: ConfigurationOption

    func validate() throws {
        if let last, last < 1 { throw ValidationError("`--last` is at least 1.") }
    }

    func run() async throws {
        let loaded = try await configuration.load()
        let reader = try await StateReader.open(path: loaded.configuration.state)
        let console = Surroundings.current().console
        let bot: BotKey? = if let name { try await BotLookup(reader).bot(name).key } else { nil }
        if format == .jsonl, last == nil {
            try await pages(reader, bot) { lines in console.out(lines.map { $0.line + "\n" }.joined()) }
            return
        }
        var lines: [AuditLine] = []
        try await pages(reader, bot) { lines += $0 }
        if let last { lines = Array(lines.suffix(last)) }
        if format == .jsonl { return console.out(lines.map { $0.line + "\n" }.joined()) }
        let records = try lines.map { try CanonicalJSON.parse(Array($0.line.utf8)) }
        switch format {
        case .table, .jsonl: console.out(RecordText.table(records, colors: console.hasColors))
        case .json: console.out(try WireJSON.text(RecordsShape(records: records)))
        case .yaml: console.out(try Printer.yaml(RecordsShape(records: records)))
        }
    }

    private func pages(_ reader: StateReader, _ bot: BotKey?, _ body: ([AuditLine]) throws -> Void) async throws {
        var position: Int64 = 0
        while true {
            let limit = AuditLimits.maxLinesPerPage
            let page =
                if let bot { try await reader.records(of: bot, after: position, limit: limit) } else {
                    try await reader.records(after: position, limit: limit)
                }
            guard let end = page.last else { return }
            try body(page)
            position = end.index
        }
    }
}
