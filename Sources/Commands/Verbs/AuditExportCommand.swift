import ArgumentParser
import Audit
import Domain
import Live

struct AuditExportCommand: AsyncParsableCommand {
    enum Format: String, CaseIterable, ExpressibleByArgument { case jsonl, csv }

    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Writes the audit trail out: its very lines, or a sheet.",
        discussion: """
            jsonl: the lines of the trail as they are, byte for byte, so that what is exported can be proved. csv: one row a \
            record (RFC 4180, UTF-8), for a spreadsheet, with these columns: \
            \(TrailSheet.columns.map(\.name).joined(separator: ", ")). Line breaks in a text are spaces there, and a text that \
            a spreadsheet would run as a formula begins with an apostrophe.

            Reads the state, beside a running server too; with --log the log alone, its closed files as well, wherever a copy \
            of it lies. A record is written as it is read, however long the trail is.

            Examples:
              ballast audit export --since 90d --format csv --output trail.csv
              ballast audit export --bot order-support
              ballast audit export --log /backup/audit.jsonl --since 2026-01-01
            """)

    @Option(help: ArgumentHelp("Since then: a duration (30d), a date or a time (default: all).", valueName: "time"))
    var since: String?

    @Option(help: ArgumentHelp("A bot, or PLATFORM/BOT/ENVIRONMENT (default: all records).", valueName: "name"))
    var bot: String?

    @Option(help: "jsonl or csv.")
    var format = Format.jsonl

    @Option(
        help: ArgumentHelp("Writes to this file (default: standard output).", valueName: "file"), completion: .file())
    var output: String?

    @Option(
        help: ArgumentHelp("Reads this log, without a state or a configuration.", valueName: "file"),
        completion: .file())
    var log: String?

    @OptionGroup var place: PlaceOptions

    func validate() throws {
        if since != nil, start(before: Timestamp(milliseconds: 0)) == nil {
            throw ValidationError(
                "`--since \(since ?? "")`: expected a duration such as 30d, a date such as 2026-11-22, or a time such as "
                    + "2026-11-22T10:00:00Z.")
        }
        if log != nil, place.server != nil { throw ValidationError("Name either `--log` or `--server`.") }
    }

    func run() async throws {
        let surroundings = Surroundings.current()
        let sink = try ExportOutput(path: output.map { surroundings.absolute($0) }, console: surroundings.console)
        let begin = start(before: SystemClock(continuing: nil).now().wall)
        if format == .csv { try sink.write(TrailSheet.header) }
        if let log {
            try export(LogReader(path: surroundings.absolute(log)), since: begin, to: sink, surroundings.console)
        } else {
            try await place.ask { answers in
                try await answers.records(of: bot, last: nil) { lines in
                    for line in lines { try export(line, since: begin, to: sink) }
                }
            }
        }
        try sink.finish()
    }

    private func export(
        _ reader: LogReader, since begin: Timestamp?, to sink: ExportOutput, _ console: Console
    ) throws {
        var others = 0
        try reader.walk { line in
            guard case .record(let record) = line else {
                others += 1
                return
            }
            guard bot == nil || record.isAbout(bot ?? "") else { return }
            try export(String(decoding: record.line, as: UTF8.self), record.value, since: begin, to: sink)
        }
        if others > 0 {
            console.note(
                "ballast: \(others) line\(others == 1 ? " is no record" : "s are no records") and not exported")
        }
    }

    private func export(_ line: String, since begin: Timestamp?, to sink: ExportOutput) throws {
        if format == .jsonl, begin == nil { return try sink.write(line + "\n") }
        guard let value = try? CanonicalJSON.parse(Array(line.utf8)) else {
            throw CommandFailure(
                .unusable, "a record of the state is damaged", remedy: "`ballast audit verify` names it.")
        }
        try export(line, value, since: begin, to: sink)
    }

    private func export(_ line: String, _ record: JSONValue, since begin: Timestamp?, to sink: ExportOutput) throws {
        if let begin {
            // What has no time is not left out for it.
            let at = (record["auditTimestamp"]?.text).flatMap { Timestamp(iso8601: $0) }
            if let at, at < begin { return }
        }
        try sink.write(format == .jsonl ? line + "\n" : TrailSheet.row(record))
    }

    private func start(before now: Timestamp) -> Timestamp? {
        guard let since else { return nil }
        if let span = Span(text: since) {
            return span > .zero ? now.advanced(by: Span(milliseconds: -span.milliseconds)) : nil
        }
        return Timestamp(iso8601: since) ?? Timestamp(iso8601: since + "T00:00:00Z")
    }
}

extension AuditRecord {
    fileprivate func isAbout(_ name: String) -> Bool {
        value["bot"]?["name"]?.text == name || bot.map { "\($0)" == name } == true
    }
}
