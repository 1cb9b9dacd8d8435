import ArgumentParser
import Domain
import Wire

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Checks the configuration against the world; one line a check, with the remedy.",
        discussion: """
            Looks at the repository, asks each platform with the configured credentials, and looks at secrets, sinks, state \
            and audit log. Changes nothing. Ends with 1 where it finds something.

            Example:
              ballast doctor
            """)

    @OptionGroup var output: OutputOption
    @OptionGroup var configuration: ConfigurationOption

    func run() async throws {
        let surroundings = Surroundings.current()
        let loaded = try await configuration.load()
        let examination = Examination(loaded: loaded, surroundings: surroundings)
        let checks = try await ProgressLine.showing("looking around", on: surroundings.console) { line in
            try await examination.all(line)
        }
        try Printer(console: surroundings.console, format: output.format).print(DoctorShape(checks: checks)) {
            DoctorText.text(checks, colors: $0)
        }
        try Ending.with(checks.allSatisfy(\.ok) ? .done : .findings)
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
