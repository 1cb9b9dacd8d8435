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
        abstract: "Tells the story of a bot from its audit records, or lists all, in the order of the chain.",
        discussion: """
            Of one bot: each rollout with why, on whose commit, what was seen, what was sent and how it ended; each decision \
            and each drift with who. Without a name, one line a record.

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
        case .table where name != nil: console.out(AuditStory(records).text(colors: console.hasColors))
        case .table: console.out(RecordText.table(records, colors: console.hasColors))
        case .json: console.out(try WireJSON.text(RecordsShape(records: records)))
        case .yaml: console.out(try Printer.yaml(RecordsShape(records: records)))
        case .jsonl: break
        }
    }
}
