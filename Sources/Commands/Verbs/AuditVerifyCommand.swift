import ArgumentParser
import Audit
import Exchange
import Live
import Wire

struct AuditVerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Proves the audit chain across the journal, the log and the notes.",
        discussion: """
            Ends with 0 where the trail is whole, and with 1 and the first record that was cut, changed, reordered or added. \
            Works beside a running reconcile. With --repository, the notes of a clone prove themselves, without a state or a \
            configuration.

            Where records are signed, each signature is proved by the key of `audit.signingKey` and those of \
            `audit.formerKeys`, or by --public-key: a PEM file of public keys in the order of their use, as \
            `openssl pkey -in KEY -pubout` writes them. From the first signed record on, one without a signature was \
            stripped of it.

            Examples:
              ballast audit verify
              ballast audit verify --repository ~/bots --public-key audit.pub
            """)

    @Option(help: ArgumentHelp("A clone whose notes are proved alone.", valueName: "path"), completion: .directory)
    var repository: String?

    @Option(help: ArgumentHelp("The notes in it.", valueName: "ref"))
    var ref = "refs/notes/ballast"

    @Option(
        help: ArgumentHelp(
            "Proves the signatures by these keys; those of the configuration are not read.", valueName: "file"),
        completion: .file())
    var publicKey: String?

    @OptionGroup var output: OutputOption
    @OptionGroup var place: PlaceOptions

    func run() async throws {
        let surroundings = Surroundings.current()
        let given = try await givenKeys(surroundings)
        let found = try await ProgressLine.showing("reading the trail", on: surroundings.console) { line in
            if let repository {
                return try await TrailProof.clone(surroundings.absolute(repository), ref: ref, keys: given)
            }
            if let server = try place.address(surroundings.environment) {
                throw CommandFailure(
                    .usage,
                    "the server \(server.shown) cannot prove the trail for you: a proof reads journal, log and notes",
                    remedy: "Run it beside the server, with --config FILE, or on a clone, with --repository PATH.")
            }
            let loaded = try await place.configuration.load()
            let secrets = SecretFiles(environment: surroundings.environment)
            let keys = if let given { given } else { try await loaded.auditKeyring(secrets, surroundings).keys }
            return try await TrailProof.whole(loaded.configuration, keys: keys, secrets: secrets) {
                line.set($0)
            }
        }
        let verdict = found.verdict
        try Printer(console: surroundings.console, format: output.format)
            .print(AuditVerdictShape(verdict, remote: found.remoteFailure)) {
                VerdictText.text(verdict, remote: found.remoteFailure, colors: $0)
            }
        try Ending.with(verdict.isWhole ? .done : .findings)
    }

    private func givenKeys(_ surroundings: Surroundings) async throws -> AuditKeys? {
        guard let path = publicKey.map({ surroundings.absolute($0) }) else { return nil }
        return try await offPool {
            do { return try AuditKeyring.publicKeys(given: path) } catch let problem as KeyringProblem {
                throw CommandFailure(.usage, "`--public-key`: \(problem.message)")
            }
        }
    }
}
