import ArgumentParser
import Audit
import Domain
import Wire

struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Reads and proves the audit trail.",
        discussion: """
            Examples:
              ballast audit show order-support
              ballast audit verify
              ballast audit rebuild
              ballast audit export --since 90d --format csv --output trail.csv
            """,
        subcommands: [
            AuditShowCommand.self, AuditVerifyCommand.self, AuditRebuildCommand.self, AuditExportCommand.self,
        ])
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

    @OptionGroup var place: PlaceOptions

    func validate() throws {
        if let last, last < 1 { throw ValidationError("`--last` is at least 1.") }
    }

    func run() async throws {
        let console = Surroundings.current().console
        var records: [JSONValue] = []
        try await place.ask { answers in
            try await answers.records(of: name, last: last) { lines in
                if format == .jsonl { return console.out(lines.map { $0 + "\n" }.joined()) }
                records += try lines.map { try CanonicalJSON.parse(Array($0.utf8)) }
            }
        }
        switch format {
        case .table: console.out(RecordText.table(records, colors: console.hasColors))
        case .json: console.out(try WireJSON.text(RecordsShape(records: records)))
        case .yaml: console.out(try Printer.yaml(RecordsShape(records: records)))
        case .jsonl: break
        }
    }
}
