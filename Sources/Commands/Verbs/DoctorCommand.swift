import ArgumentParser
import Domain
import Wire

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Checks the configuration against the world; one line a check, with the remedy.",
        discussion: """
            Looks at the repository, asks each platform with the configured credentials, and looks at secrets, sinks, hooks, \
            tokens, the address to listen on, state and audit log. Changes nothing. Ends with 1 where it finds something. \
            With --server, whether that server is reached and ready, and what the token may do; and the rest with --config.

            Examples:
              ballast doctor
              ballast doctor --server https://ballast.example --token-file token
            """)

    @OptionGroup var output: OutputOption
    @OptionGroup var place: PlaceOptions

    func run() async throws {
        let surroundings = Surroundings.current()
        let checks = try await ProgressLine.showing("looking around", on: surroundings.console) { line in
            guard let server = try await place.remote(surroundings) else { return try await all(surroundings, line) }
            let found = try await server.closing { await RemoteExamination(server: server).checks() }
            return place.configuration.path == nil ? found : try await found + all(surroundings, line)
        }
        try Printer(console: surroundings.console, format: output.format).print(DoctorShape(checks: checks)) {
            DoctorText.text(checks, colors: $0)
        }
        try Ending.with(checks.allSatisfy(\.ok) ? .done : .findings)
    }

    private func all(_ surroundings: Surroundings, _ line: ProgressLine) async throws -> [DoctorShape.Check] {
        try await Examination(loaded: try await place.configuration.load(), surroundings: surroundings).all(line)
    }
}

enum DoctorText {
    static func text(_ checks: [DoctorShape.Check], colors: Bool) -> String {
        var table = Table(header: [])
        for check in checks {
            table.rows.append([
                .init(check.ok ? "ok" : "FAIL", check.ok ? .green : .red), .init(check.check), .init(check.message),
            ])
            if let remedy = check.remedy { table.rows.append(["", "", .init("→ \(remedy)")]) }
        }
        return table.text(colors: colors)
    }
}
