import Foundation
import Support
import Testing

@Suite("Invariant 15: no secret appears in a log, an error, an event, a note or the state")
struct SecrecyTests {
    /// The platform's key, in what a stranger may write into a commit message as well, and the sink's secret.
    private static let secrets = ["key-1", Stage.secret]

    @Test("after a whole story: outputs, log, notes, state and what the sink was sent")
    func story() async throws {
        try await Stage.run { stage in
            try await stage.push("v_1", message: "deploy with key-1")
            var said = [try await stage.ballast("reconcile")]
            try await stage.push("v_2")
            said.append(try await stage.ballast("reconcile"))
            try stage.folder.write("key-2\n", to: "key")
            said.append(try await stage.ballast("reconcile", "-o", "json"))
            try stage.folder.write("key-1\n", to: "key")
            for verb in [
                ["status"], ["history", "order-support"], ["audit", "show"], ["notifications"], ["doctor"],
                ["trace", "order-support"],
            ] {
                said.append(try await stage.ballast.run(verb))
            }
            for output in said { expectNoSecret(output.standardOutput + output.standardError, "an output") }
            expectNoSecret(try stage.folder.read("audit.jsonl"), "the log")
            for file in try FileManager.default.contentsOfDirectory(atPath: stage.folder.path)
            where file.hasPrefix("ballast.db") {
                let path = stage.folder.path(file)
                guard let bytes = FileManager.default.contents(atPath: path) else { continue }
                expectNoSecret(String(decoding: bytes, as: UTF8.self), file)
            }
            let notes = try await runProcess(
                "git", ["log", "--format=%N", "--notes=ballast", "main"], environment: GitFixture.environment,
                in: stage.folder.path("bots.git"))
            #expect(notes.standardOutput.contains("GOVERNANCE_ROLLBACK_EVENT"), "\(notes)")
            expectNoSecret(notes.standardOutput, "the notes")
        }
    }

    private func expectNoSecret(_ text: String, _ place: String) {
        for secret in SecrecyTests.secrets { #expect(!text.contains(secret), "\(place)") }
    }
}
