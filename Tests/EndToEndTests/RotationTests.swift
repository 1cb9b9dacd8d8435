import Foundation
import Support
import Testing

@Suite("A log in several files", .timeLimit(.minutes(3)))
struct RotationTests {
    private func closed(_ stage: Stage) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: stage.folder.path)
            .filter { $0.hasPrefix("audit-") && $0.hasSuffix(".jsonl") }.sorted {
                ($0.count, $0) < ($1.count, $1)
            }
    }

    @Test("is one trail: for a proof, for a restored state, and for a rebuild; a missing file is named")
    func story() async throws {
        try await Stage.run("audit: {rotate: {size: 16 KiB}}\n") { stage in
            try await stage.push("v_1")
            #expect(try await stage.ballast("reconcile").exitCode == 0)
            #expect(try await stage.ballast("state", "backup", "backup.db").exitCode == 0)
            var number = 0
            while try closed(stage).count < 2, number < 20 {
                try await stage.push(number.isMultiple(of: 2) ? "v_3" : "v_1", message: "move \(number)")
                #expect(try await stage.ballast("reconcile").exitCode == 0)
                number += 1
            }
            let files = try closed(stage)
            try #require(files.count == 2)
            #expect(files[0] == "audit-1.jsonl")
            for file in files { #expect(try stage.folder.read(file).utf8.count <= 16 << 10) }
            let shown = try await stage.ballast("audit", "show", "-o", "jsonl")
            let log = try (files + ["audit.jsonl"]).map { try stage.folder.read($0) }.joined()
            #expect(shown.standardOutput == log)
            let verify = try await stage.ballast("audit", "verify")
            #expect(verify.exitCode == 0, "\(verify)")

            // Another program moved one away.
            try FileManager.default.moveItem(atPath: stage.folder.path(files[1]), toPath: stage.folder.path("old.1"))
            let missing = try await stage.ballast("audit", "verify")
            #expect(missing.exitCode == 1, "\(missing)")
            #expect(missing.standardOutput.contains("missing: \(files[1]) was moved away"), "\(missing)")
            try FileManager.default.moveItem(atPath: stage.folder.path("old.1"), toPath: stage.folder.path(files[1]))

            // A state from before most of it takes all back.
            for ending in ["", "-wal", "-shm"] where stage.folder.exists("ballast.db" + ending) {
                try FileManager.default.removeItem(atPath: stage.folder.path("ballast.db" + ending))
            }
            try FileManager.default.copyItem(
                atPath: stage.folder.path("backup.db"), toPath: stage.folder.path("ballast.db"))
            let restored = try await stage.ballast("reconcile")
            #expect(restored.exitCode == 0, "\(restored)")
            #expect(try await stage.ballast("audit", "verify").exitCode == 0)
            let after = try await stage.ballast("audit", "show", "-o", "jsonl")
            #expect(after.standardOutput.hasPrefix(log))

            let edited = try stage.folder.read(files[0]).replacing("\"v_1\"", with: "\"v_9\"", maxReplacements: 1)
            try stage.folder.write(edited, to: files[0])
            let broken = try await stage.ballast("audit", "verify")
            #expect(broken.exitCode == 1 && broken.standardOutput.contains("(\(files[0]) line "), "\(broken)")
            let rebuilt = try await stage.ballast("audit", "rebuild")
            #expect(rebuilt.exitCode == 0 && rebuilt.standardOutput.contains("closed files"), "\(rebuilt)")
            #expect(try await stage.ballast("audit", "verify").exitCode == 0)
        }
    }
}
