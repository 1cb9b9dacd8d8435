import ArgumentParser
import Audit
import Domain
import Store
import Wire

struct ShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Shows one rollout: every step, guard verdict, request and verification turn.",
        discussion: """
            Example:
              ballast show 01936b1e-7c3a-7d2f-9a51-0c6f2f4b8e11
            """)

    @Argument(help: "Its id, or the beginning of it (see `ballast history`).")
    var rollout: String

    @OptionGroup var output: OutputOption
    @OptionGroup var configuration: ConfigurationOption

    func run() async throws {
        let loaded = try await configuration.load()
        let reader = try await StateReader.open(path: loaded.configuration.state)
        let found = try await reader.rollouts(idPrefix: rollout.lowercased(), limit: 2)
        guard let one = found.first else {
            throw CommandFailure(
                .usage, "no rollout has an id that begins with `\(rollout)`",
                remedy: "`ballast history NAME` lists those of a bot.")
        }
        guard found.count == 1 else {
            throw CommandFailure(
                .usage, "several rollouts have an id that begins with `\(rollout)`", remedy: "Give more of it.")
        }
        let records = try await reader.records(ofRollout: one.id).map { try CanonicalJSON.parse(Array($0.line.utf8)) }
        try Printer(console: Surroundings.current().console, format: output.format)
            .print(RolloutDetailShape(one, records: records)) { RolloutText.show(one, records: records, colors: $0) }
    }
}
