import Foundation
import Support
import Testing

@Suite("A trail that was tampered with", .timeLimit(.minutes(3)))
struct RebuildTests {
    @Test("is whole after a rebuild, for the state and for a clone; nothing is deleted")
    func rebuilt() async throws {
        try await Stage.run { stage in
            let commit = try await stage.push("v_1")
            #expect(try await stage.ballast("reconcile").exitCode == 0)
            try await stage.push("v_3")
            #expect(try await stage.ballast("reconcile").exitCode == 0)
            let whole = try stage.folder.read("audit.jsonl")
            let unneeded = try await stage.ballast("audit", "rebuild")
            #expect(unneeded.exitCode == 0 && unneeded.standardOutput.contains("nothing was changed"), "\(unneeded)")
            #expect(try stage.folder.read("audit.jsonl") == whole)

            let broken = try await tamper(stage, commit)
            #expect(try await stage.ballast("audit", "verify").exitCode == 1)
            let output = try await stage.ballast("audit", "rebuild")
            #expect(output.exitCode == 0, "\(output)")
            for words in ["set aside as audit.jsonl.", "notes were given ", "disowned", "the trail is whole"] {
                #expect(output.standardOutput.contains(words), "\(words): \(output)")
            }
            let verify = try await stage.ballast("audit", "verify")
            #expect(verify.exitCode == 0, "\(verify)")
            #expect(try stage.folder.read("audit.jsonl").hasPrefix(whole))
            let aside = try FileManager.default.contentsOfDirectory(atPath: stage.folder.path)
                .filter { $0.hasPrefix("audit.jsonl.") }
            #expect(aside.count == 1)
            #expect(try aside.first.map { try stage.folder.read($0) } == broken)
            let note = try await fetchedNote(stage, commit)
            #expect(note.contains("a remark") && note.contains("v_forged") && note.contains("rollout.end"), "\(note)")
            let clone = try await stage.ballast("audit", "verify", "--repository", stage.git.path)
            #expect(clone.exitCode == 0, "\(clone)")
            let events = try await stage.ballast("notifications", "list")
            #expect(events.standardOutput.contains("audit.mended"), "\(events)")
            #expect(try await stage.ballast("reconcile").exitCode == 0)
            let again = try await stage.ballast("audit", "rebuild")
            #expect(again.standardOutput.contains("nothing was changed"), "\(again)")
        }
    }

    /// Changes a record in the middle of the log, and puts a forged line and a remark in the place of a note.
    /// - Returns: the log as it is then.
    private func tamper(_ stage: Stage, _ commit: String) async throws -> String {
        let broken = try stage.folder.read("audit.jsonl").replacing("\"v_1\"", with: "\"v_9\"", maxReplacements: 1)
        try stage.folder.write(broken, to: "audit.jsonl")
        let note = try await fetchedNote(stage, commit)
        let forged = note.replacing("\"v_1\"", with: "\"v_forged\"")
        try await stage.git.git(
            "notes", "--ref=ballast", "add", "--force", "--file=-", commit, input: forged + "\na remark\n")
        try await stage.git.push("+refs/notes/ballast:refs/notes/ballast")
        // The state's own copy has what the remote has.
        try await stage.git.git(
            "--git-dir=\(stage.folder.path("ballast.db.git/repository.git"))", "fetch", "--quiet",
            stage.folder.path("bots.git"), "+refs/notes/ballast:refs/notes/ballast")
        return broken
    }

    private func fetchedNote(_ stage: Stage, _ commit: String) async throws -> String {
        try await stage.git.git("fetch", "--quiet", "origin", "+refs/notes/ballast:refs/notes/ballast")
        return try await stage.git.git("notes", "--ref=ballast", "show", commit)
    }

    @Test("is not rebuilt beside a running server: 2, and what to do")
    func besideAServer() async throws {
        try await Served.run { served in
            try await served.settle()
            let log = try served.stage.folder.read("audit.jsonl")
            let output = try await served.stage.ballast("audit", "rebuild")
            #expect(output.exitCode == 2, "\(output)")
            #expect(output.standardError.contains("process \(served.pid)"), "\(output)")
            #expect(output.standardError.contains("Stop that server"), "\(output)")
            #expect(try served.stage.folder.read("audit.jsonl") == log)
        }
    }
}
