import ArgumentParser
import Audit
import Domain
import Live
import Source
import Store
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
    @OptionGroup var configuration: ConfigurationOption

    func run() async throws {
        let surroundings = Surroundings.current()
        let found = try await ProgressLine.showing("reading the trail", on: surroundings.console) { line in
            if let repository {
                return try await TrailProof.clone(surroundings.absolute(repository), ref: ref)
            }
            return try await TrailProof.whole(try await configuration.load().configuration, surroundings, line)
        }
        let verdict = found.verdict
        try Printer(console: surroundings.console, format: output.format)
            .print(AuditVerdictShape(verdict, remote: found.remoteFailure)) {
                VerdictText.text(verdict, remote: found.remoteFailure, colors: $0)
            }
        try Ending.with(verdict.isWhole ? .done : .findings)
    }
}

/// Gathers what the verifier reads.
struct TrailProof: Sendable {
    var verdict: AuditVerdict
    /// Why the remote's notes could not be looked at; no finding, but said.
    var remoteFailure: String?

    static func clone(_ path: String, ref: String) async throws -> TrailProof {
        let notes = CloneNotes(path: path, ref: ref, workerPath: Executable.path)
        let texts = Self.texts(try await notes.all().get())
        return TrailProof(
            verdict: try await AuditVerifier(
                journal: nil, logPath: nil, notes: [.init(place: .notes, texts: texts)]
            ).verify())
    }

    static func whole(
        _ configuration: Configuration, _ surroundings: Surroundings, _ line: ProgressLine
    ) async throws -> TrailProof {
        let reader = try await StateReader.open(path: configuration.state)
        let copy = RepositoryProbe.copyPath(configuration)
        var notes: [AuditVerifier.Notes] = []
        if RepositoryProbe.exists(copy) {
            let local = CloneNotes(path: copy, ref: configuration.audit.notesRef, workerPath: Executable.path)
            notes.append(.init(place: .notes, texts: texts(try await local.all().get())))
        }
        line.set("fetching the notes of the remote")
        var remoteFailure: String?
        if configuration.audit.pushNotes {
            switch try await RepositoryProbe.remoteNotes(configuration, surroundings) {
            case .value(let all): notes.append(.init(place: .remoteNotes, texts: texts(all)))
            case .failed(let failure): remoteFailure = failure.message
            }
        }
        line.set("proving the trail")
        let verifier = AuditVerifier(journal: reader, logPath: configuration.audit.file, notes: notes)
        return TrailProof(verdict: try await verifier.verify(), remoteFailure: remoteFailure)
    }

    static func texts(_ notes: [CommitNote]) -> [CommitID: String] {
        Dictionary(
            notes.map { ($0.commit, $0.lines.map { $0 + "\n" }.joined()) }, uniquingKeysWith: { first, _ in first })
    }
}
