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
            Needs `git` on the path; touches nothing outside of its own folder. With --keep a server goes on with it, and \
            its dashboard shows what happened and what you do next.

            Examples:
              ballast demo
              ballast demo --keep
            """)

    @Flag(help: "Leave the dashboard up until Ctrl-C, and the folder with repository, state and audit log behind.")
    var keep = false

    func run() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("ballast-demo-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { if !keep { try? FileManager.default.removeItem(at: folder) } }
        let console = Surroundings.current().console
        try await runSimulator(DemoStage.setup) { platform, sink in
            let stage = try DemoStage(folder: folder.path, platform: platform, sink: sink, console: console)
            try await DemoStory(stage: stage).tell()
            if keep { try await DemoServer(stage: stage).run() }
        }
        if keep { console.out("\nEverything is in \(folder.path).\n") }
    }
}
