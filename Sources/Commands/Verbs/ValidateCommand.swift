import ArgumentParser
import Domain
import Foundation
import Source
import Wire

struct ValidateCommand: AsyncParsableCommand {
    enum Format: String, CaseIterable, ExpressibleByArgument { case table, json, yaml, github, junit }

    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Checks manifests in folders, a commit, or standard input (`-`).",
        discussion: """
            Needs no platform and no state. Where there is a configuration, its platforms and its policy are part of the \
            check. Two documents that name the same bot, or the same name, are both errors.

            Examples:
              ballast validate
              ballast validate bots teams/orders -o github
              ballast validate --commit HEAD
              cat bots/order-support.yaml | ballast validate -
            """)

    @Argument(help: "Folders and files (default: `source.path` below the working folder).", completion: .file())
    var paths: [String] = []

    @Option(help: ArgumentHelp("A commit, branch or tag of the repository here.", valueName: "rev"))
    var commit: String?

    @Option(
        name: [.customShort("o"), .customLong("output")], help: "How to print it; github: annotations; junit: XML.")
    var format = Format.table

    @OptionGroup var configuration: ConfigurationOption

    func validate() throws {
        if paths.contains("-"), paths.count > 1 || commit != nil {
            throw ValidationError("Standard input (`-`) is checked alone.")
        }
        if commit != nil, paths.count > 1 {
            throw ValidationError("With `--commit` at most one PATH is given: a folder of the repository.")
        }
    }

    func run() async throws {
        let surroundings = Surroundings.current()
        let loaded = try await optionalConfiguration(surroundings)
        let check = ManifestCheck(loaded?.configuration, folder: surroundings.folder)
        let readings = try await read(check.files, loaded, surroundings)
        let checked = check.judge(readings)
        try show(checked, surroundings.console)
        try Ending.with(checked.contains { !$0.problems.isEmpty } ? .findings : .done)
    }

    /// None is needed; one that is named or lies here must be good.
    private func optionalConfiguration(_ surroundings: Surroundings) async throws -> LoadedConfiguration? {
        let isNamed = configuration.path != nil || surroundings.environment[LoadedConfiguration.variable] != nil
        let path = LoadedConfiguration.path(configuration.path, surroundings)
        guard isNamed || FileManager.default.fileExists(atPath: path) else { return nil }
        return try await configuration.load()
    }

    private func read(
        _ files: ManifestFiles, _ loaded: LoadedConfiguration?, _ surroundings: Surroundings
    ) async throws -> [FileReading] {
        let folder = loaded?.configuration.source.path ?? ""
        if let commit {
            // The person's git knows more ways to name a commit (HEAD~1); where there is none, the plain ones do.
            let (root, id) = try await offPool {
                (
                    GitCommand.line(["rev-parse", "--show-toplevel"], in: surroundings.folder),
                    GitCommand.line(
                        ["rev-parse", "--verify", "--end-of-options", commit + "^{commit}"], in: surroundings.folder)
                )
            }
            let readings = await files.read(
                revision: id ?? commit, ofClone: root ?? surroundings.folder, folder: paths.first ?? folder,
                workerPath: Executable.path)
            return try readings.get()
        }
        if paths == ["-"] {
            return [files.read(try await offPool { try standardInput() }, path: "-")]
        }
        do {
            return try await files.read(paths.isEmpty ? [folder.isEmpty ? "." : folder] : paths)
        } catch {
            if error.code == .notFound { throw CommandFailure(.usage, error.message) }
            throw error
        }
    }

    /// One byte more than is allowed is enough to refuse it.
    private func standardInput() throws -> [UInt8] {
        Array(try FileHandle.standardInput.read(upToCount: SourceLimits.maxFileBytes + 1) ?? Data())
    }

    private func show(_ checked: [ManifestCheck.File], _ console: Console) throws {
        let problems = checked.flatMap(\.problems)
        let shape = ValidateShape(problems: problems)
        switch format {
        case .table: console.out(ProblemText.lines(problems))
        case .json: console.out(try WireJSON.text(shape))
        case .yaml: console.out(try Printer.yaml(shape))
        case .github: console.out(GitHubText.problems(problems))
        case .junit: console.out(JUnitText.text(checked.map { ($0.path, $0.problems) }))
        }
        console.note("ballast: \(ManifestCheck.summary(checked))")
    }
}
