import ArgumentParser
import Audit
import Exchange
import Wire

struct AuditVerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Proves the audit chain across the journal, the log and the notes.",
        discussion: """
            Ends with 0 where the trail is whole, and with 1 and the first record that was cut, changed, reordered or added. \
            Works beside a running reconcile. With --repository, the notes of a clone prove themselves, without a state or a \
            configuration.

            Examples:
              ballast audit verify
              ballast audit verify --repository ~/bots
            """)

    @Option(help: ArgumentHelp("A clone whose notes are proved alone.", valueName: "path"), completion: .directory)
    var repository: String?

    @Option(help: ArgumentHelp("The notes in it.", valueName: "ref"))
    var ref = "refs/notes/ballast"

    @OptionGroup var output: OutputOption
    @OptionGroup var place: PlaceOptions

    func run() async throws {
        let surroundings = Surroundings.current()
        let found = try await ProgressLine.showing("reading the trail", on: surroundings.console) { line in
            if let repository {
                return try await TrailProof.clone(surroundings.absolute(repository), ref: ref)
            }
            if let server = try place.address(surroundings.environment) {
                throw CommandFailure(
                    .usage,
                    "the server \(server.shown) cannot prove the trail for you: a proof reads journal, log and notes",
                    remedy: "Run it beside the server, with --config FILE, or on a clone, with --repository PATH.")
            }
            return try await TrailProof.whole(try await place.configuration.load().configuration, surroundings, line)
        }
        let verdict = found.verdict
        try Printer(console: surroundings.console, format: output.format)
            .print(AuditVerdictShape(verdict, remote: found.remoteFailure)) {
                VerdictText.text(verdict, remote: found.remoteFailure, colors: $0)
            }
        try Ending.with(verdict.isWhole ? .done : .findings)
    }
}
