import ArgumentParser
import Domain

/// `--config`, for every verb that works with a configuration.
struct ConfigurationOption: ParsableArguments {
    @Option(
        name: .customLong("config"),
        help: ArgumentHelp(
            "The configuration (default: $BALLAST_CONFIG, else ballast.yaml in the working folder).",
            valueName: "file"),
        completion: .file(extensions: ["yaml", "yml"]))
    var path: String?

    func load() async throws -> LoadedConfiguration { try await LoadedConfiguration.load(path, .current()) }
}

/// `-o`, for every verb that prints data.
struct OutputOption: ParsableArguments {
    @Option(name: [.customShort("o"), .customLong("output")], help: "How to print it.")
    var format = OutputFormat.table
}

enum OutputFormat: String, CaseIterable, ExpressibleByArgument { case table, json, yaml }

/// A duration as manifests and the configuration write it.
struct DurationArgument: ExpressibleByArgument, Hashable, Sendable {
    var span: Span

    init(_ span: Span) { self.span = span }

    init?(argument: String) {
        guard let span = Span(text: argument), span.milliseconds >= 0 else { return nil }
        self.span = span
    }

    var defaultValueDescription: String { span.text }
}

/// `--bot` and `--selector`.
struct SelectionOptions: ParsableArguments {
    @Option(
        name: .customLong("bot"),
        help: ArgumentHelp("Only this bot: its name, or PLATFORM/BOT/ENVIRONMENT. May be repeated.", valueName: "name"))
    var names: [String] = []

    @Option(help: ArgumentHelp("Only bots with these labels: team=orders[,...].", valueName: "labels"))
    var selector: String?

    func validate() throws { _ = try selection() }

    /// nil: all bots.
    func selection() throws -> Selector? {
        let labels = try SelectionOptions.labels(selector)
        return names.isEmpty && labels.isEmpty ? nil : Selector(names: names, labels: labels)
    }

    static func labels(_ text: String?) throws -> [String: String] {
        guard let text else { return [:] }
        var labels: [String: String] = [:]
        for pair in text.split(separator: ",", omittingEmptySubsequences: false) {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[0].isEmpty else {
                throw ValidationError("`--selector \(text)`: expected LABEL=VALUE[,LABEL=VALUE].")
            }
            labels[String(parts[0])] = String(parts[1])
        }
        return labels
    }
}
