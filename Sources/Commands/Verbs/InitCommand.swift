import ArgumentParser
import Domain
import Foundation

struct InitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Starts a repository: a configuration, a first manifest, and what to do next.",
        discussion: """
            Writes ballast.yaml, bots/example.yaml and .gitignore; what is there already is left as it is.

            Example:
              ballast init bots-of-my-team
            """)

    @Argument(help: "The folder (default: the working folder).", completion: .directory)
    var folder = "."

    func run() async throws {
        let surroundings = Surroundings.current()
        let target = surroundings.absolute(folder)
        let (url, branch) = try await repository(target, surroundings)
        let files = [
            (LoadedConfiguration.defaultName, InitTemplates.configuration(url: url, branch: branch)),
            ("bots/example.yaml", InitTemplates.manifest), (".gitignore", InitTemplates.ignored),
        ]
        var report = Table(header: [])
        for (name, text) in files {
            let path = "\(target)/\(name)"
            let isNew = try await offPool { try NewFile.write(text, to: path) }
            report.rows.append([.init(isNew ? "wrote" : "kept"), .init(surroundings.shown(path))])
        }
        surroundings.console.out(report.text(colors: false) + "\n" + InitTemplates.nextSteps(folder: folder))
    }

    /// What the folder's own repository says, where the configuration would take it.
    private func repository(_ target: String, _ surroundings: Surroundings) async throws -> (
        url: String, branch: String
    ) {
        let found = try await offPool {
            guard FileManager.default.fileExists(atPath: target) else { return [String?.none, nil] }
            return [["config", "--get", "remote.origin.url"], ["symbolic-ref", "--short", "HEAD"]].map {
                GitCommand.line($0, in: target)
            }
        }
        let url = found[0] ?? "."
        let branch = found[1] ?? "main"
        return InitTemplates.isAccepted(url: url, branch: branch) ? (url, branch) : (".", "main")
    }
}

/// Files that are made and never replaced.
enum NewFile {
    /// Blocks. Makes the folders above it.
    /// - Returns: false where something of that name is there already.
    static func write(_ text: String, to path: String) throws -> Bool {
        do {
            let url = URL(fileURLWithPath: path)
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: url, options: .withoutOverwriting)
            return true
        } catch {
            if FileManager.default.fileExists(atPath: path) { return false }
            throw CommandFailure(
                .unusable, "\(path) cannot be written: \(error.localizedDescription)",
                remedy: "Check that the folder may be written by this user.")
        }
    }
}
