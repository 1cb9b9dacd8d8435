import ArgumentParser
import Foundation
import Simulator

struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Shows the whole of it on this machine, in under a minute.",
        discussion: """
            Makes a git repository, a simulated bot platform and a webhook sink, all on loopback, and lets Ballast work: a \
            first deployment, a bad version that fails over, a `git revert` that rolls back, drift made behind git's back. \
            Needs `git` on the path; touches nothing outside of its own folder.

            Examples:
              ballast demo
              ballast demo --keep
            """)

    @Flag(help: "Leave the folder with the repository, the state and the audit log behind, to look around in it.")
    var keep = false

    func run() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("ballast-demo-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { if !keep { try? FileManager.default.removeItem(at: folder) } }
        let console = Surroundings.current().console
        try await runSimulator(DemoStage.setup) { platform, sink in
            let stage = try DemoStage(folder: folder.path, platform: platform, sink: sink, console: console)
            try await DemoStory(stage: stage).tell()
        }
        if keep { console.out("\nEverything is in \(folder.path).\n") }
    }
}
