import ArgumentParser
import Domain
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
    @OptionGroup var place: PlaceOptions

    func run() async throws {
        let detail = try await place.ask { try await $0.rollout(rollout) }
        try Printer(console: Surroundings.current().console, format: output.format).print(detail) {
            RolloutText.show(detail, colors: $0)
        }
    }
}
