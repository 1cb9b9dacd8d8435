import Foundation
import Support
import Testing

@Suite(
    "Too few files may be open", .timeLimit(.minutes(3)),
    .enabled(if: BuiltProducts.hasProgram("prlimit"), "needs prlimit"))
struct OpenFilesTests {
    private func run(_ stage: Stage, files: Int, _ arguments: [String]) async throws -> ProcessOutput {
        try await runProcess(
            "prlimit", ["--nofile=\(files)", try BuiltProducts.ballast()] + arguments,
            environment: stage.ballast.variables, in: stage.folder.path)
    }

    @Test("is told, with what to do, and nothing crashes", arguments: [6, 10, 14, 20, 24, 28, 32, 48, 64, 127])
    func few(_ files: Int) async throws {
        try await Stage.run { stage in
            for verb in ["serve", "reconcile", "status", "doctor"] {
                let output = try await run(stage, files: files, [verb])
                #expect(output.exitCode == 2, "\(verb): \(output)")
                #expect(output.standardError.contains("\(files) files open"), "\(verb): \(output)")
                #expect(output.standardError.contains("LimitNOFILE="), "\(verb): \(output)")
            }
        }
    }

    @Test("the least that is asked for is enough")
    func least() async throws {
        try await Stage.run { stage in
            try await stage.push("v_1")
            let output = try await run(stage, files: 128, ["reconcile"])
            #expect(output.exitCode == 0, "\(output)")
            #expect(stage.served == "v_1")
        }
    }
}
