import ArgumentParser
import Domain
import Foundation
import Store

struct StateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "state", abstract: "Looks after the state.",
        discussion: """
            Example:
              ballast state backup /var/backups/ballast.db
            """,
        subcommands: [StateBackupCommand.self])
}

struct StateBackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Makes a consistent copy of the state, while it is in use too.",
        discussion: """
            The copy is whole and on the disk when this ends with 0. An older copy of that name is replaced.

            Example:
              ballast state backup /var/backups/ballast-$(date +%F).db
            """)

    @Argument(help: "Where the copy is written.", completion: .file())
    var file: String

    @OptionGroup var configuration: ConfigurationOption

    func run() async throws {
        let surroundings = Surroundings.current()
        let state = try await configuration.load().configuration.state
        let target = surroundings.absolute(file)
        try StateBackupCommand.check(target, state: state, shown: surroundings.shown(target))
        let reader = try await StateReader.open(path: state)
        try await ProgressLine.showing("copying the state", on: surroundings.console) { _ in
            try await reader.backup(to: target)
        }
        surroundings.console.note("ballast: the state was copied to \(surroundings.shown(target))")
    }

    /// Nothing is replaced but an older copy.
    private static func check(_ target: String, state: String, shown: String) throws {
        if target == state || target.hasPrefix(state + "-") {
            throw CommandFailure(.usage, "\(shown) is the state itself", remedy: "Name another file.")
        }
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: target, isDirectory: &isFolder) else { return }
        let start = isFolder.boolValue ? nil : FileHandle(forReadingAtPath: target)?.readData(ofLength: 15)
        guard start == Data("SQLite format 3".utf8) else {
            throw CommandFailure(
                .usage, "\(shown) is there already and is no copy of a state", remedy: "Name another file.")
        }
    }
}
