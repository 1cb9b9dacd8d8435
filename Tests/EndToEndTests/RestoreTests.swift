import Foundation
import Simulator
import Support
import Testing

@Suite("A state that was restored from a backup", .timeLimit(.minutes(3)))
struct RestoreTests {
    @Test("takes its records back, deploys nothing twice, and the trail stays whole")
    func restored() async throws {
        try await Stage.run { stage in
            try await stage.push("v_1")
            #expect(try await stage.ballast("reconcile").exitCode == 0)
            #expect(try await stage.ballast("state", "backup", "backup.db").exitCode == 0)
            try await stage.push("v_3")
            #expect(try await stage.ballast("reconcile").exitCode == 0)
            let log = try stage.folder.read("audit.jsonl")

            try restore(stage)
            let output = try await stage.ballast("reconcile")
            #expect(output.exitCode == 0, "\(output)")
            #expect(stage.served == "v_3")
            #expect(stage.platform.jobs(of: Stage.bot).count == 2)
            let after = try stage.folder.read("audit.jsonl")
            #expect(after.hasPrefix(log))
            #expect(after.dropFirst(log.count).contains("audit.mended"))
            let verify = try await stage.ballast("audit", "verify")
            #expect(verify.exitCode == 0, "\(verify)")
            #expect(try await stage.ballast("reconcile").exitCode == 0)
        }
    }

    /// A key that signs nothing but this.
    private static let key = """
        -----BEGIN PRIVATE KEY-----
        MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g
        -----END PRIVATE KEY-----

        """

    @Test(
        "where the log was restored with it, the notes tell that there was more; a rebuild makes the trail whole",
        arguments: ["", "audit: {signingKey: {file: audit-key}, rotate: {size: 16 KiB}}\n"])
    func restoredWithItsLog(configuration: String) async throws {
        try await Stage.run(configuration) { stage in
            try stage.folder.write(Self.key, to: "audit-key")
            try await stage.push("v_1")
            #expect(try await stage.ballast("reconcile").exitCode == 0)
            #expect(try await stage.ballast("state", "backup", "backup.db").exitCode == 0)
            let log = try logFiles(stage)
            let saved = Int(Date().timeIntervalSince1970)
            // The notes tell their time to the second.
            try await eventually("another second") { Int(Date().timeIntervalSince1970) > saved + 1 }
            try await stage.push("v_3")
            #expect(try await stage.ballast("reconcile").exitCode == 0)

            try restore(stage)
            for name in try logFiles(stage).keys {
                try FileManager.default.removeItem(atPath: stage.folder.path(name))
            }
            for (name, text) in log { try stage.folder.write(text, to: name) }
            let output = try await stage.ballast("reconcile")
            #expect(output.exitCode == 0, "\(output)")
            #expect(stage.served == "v_3")
            #expect(stage.platform.jobs(of: Stage.bot).count == 2, "nothing is deployed twice")
            let events = try await stage.ballast("notifications", "list")
            #expect(events.standardOutput.contains("audit.mended"), "\(events)")
            #expect(events.standardOutput.contains("audit.broken"), "\(events)")
            let told = try logFiles(stage).values.contains { $0.contains("the audit notes have records up to") }
            #expect(told)
            let rebuild = try await stage.ballast("audit", "rebuild")
            #expect(rebuild.exitCode == 0, "\(rebuild)")
            let verify = try await stage.ballast("audit", "verify")
            #expect(verify.exitCode == 0, "\(verify)")
            #expect(verify.standardOutput.contains("proved, from record 1 on") != configuration.isEmpty, "\(verify)")
        }
    }

    @Test(
        "where state, log and copy were restored together, the remote's notes tell: a server at its start, a one-shot when it pushes",
        arguments: [true, false])
    func restoredTogether(serves: Bool) async throws {
        try await Stage.run(Served.configuration) { stage in
            for name in ["chief", "ops", "looker"] { try stage.folder.write("token of \(name)\n", to: "\(name)-token") }
            let files = FileManager.default
            try await stage.push("v_1")
            #expect(try await stage.ballast("reconcile").exitCode == 0)
            #expect(try await stage.ballast("state", "backup", "backup.db").exitCode == 0)
            let log = try stage.folder.read("audit.jsonl")
            let copy = stage.folder.path("ballast.db.git")
            try files.copyItem(atPath: copy, toPath: stage.folder.path("copy"))
            for version in ["v_3", "v_1", "v_3"] {
                try await stage.push(version)
                #expect(try await stage.ballast("reconcile").exitCode == 0)
            }
            try restore(stage)
            try stage.folder.write(log, to: "audit.jsonl")
            try files.removeItem(atPath: copy)
            try files.moveItem(atPath: stage.folder.path("copy"), toPath: copy)
            if serves {
                let exitCode = try await Served.start(stage, log: "serve.log") { served in
                    try await eventually("the server tells of it") {
                        try await served.ballast("status").standardError.contains("audit trail: ")
                    }
                }
                #expect(exitCode == 0)
            } else {
                try await stage.push("v_1")
                #expect(try await stage.ballast("reconcile").exitCode == 0)
            }
            let status = try await stage.ballast("status")
            #expect(
                status.standardError.contains("audit trail: ") && status.standardError.contains("notes: "), "\(status)")
            #expect(status.standardError.contains("ballast audit rebuild"), "\(status)")
            let events = try await stage.ballast("notifications", "list")
            #expect(events.standardOutput.contains("audit.broken"), "\(events)")
            #expect(try await stage.ballast("audit", "rebuild").exitCode == 0)
            #expect(try await stage.ballast("audit", "verify").exitCode == 0)
            #expect(!(try await stage.ballast("status")).standardError.contains("audit"))
        }
    }

    @Test("a log that cannot be written is told, and rollouts go on; where it is required, none starts")
    func unwritable() async throws {
        try await Stage.run("audit: {file: logs/audit.jsonl}\n") { stage in
            try await stage.push("v_1")
            let output = try await stage.ballast("reconcile")
            #expect(output.exitCode == 0, "\(output)")
            #expect(stage.served == "v_1")
            let events = try await stage.ballast("notifications", "list")
            #expect(events.standardOutput.contains("audit.broken"), "\(events)")
            _ = try stage.folder.makeFolder("logs")
            #expect(try await stage.ballast("reconcile").exitCode == 0)
            #expect(try await stage.ballast("audit", "verify").exitCode == 0)
            #expect(try stage.folder.read("logs/audit.jsonl").contains("rollout.end"))
        }
        try await Stage.run("audit: {file: logs/audit.jsonl, required: true}\n") { stage in
            try await stage.push("v_1")
            let output = try await stage.ballast("reconcile", "--wait", "2s")
            #expect(output.exitCode == 1, "\(output)")
            #expect(stage.served == nil)
            #expect(try await stage.bot()["state"] as? String == "held")
        }
    }

    /// As a person does it: the copy takes the place of the file, and nothing of the old one stays.
    /// All files of the log, by name.
    private func logFiles(_ stage: Stage) throws -> [String: String] {
        let names = try FileManager.default.contentsOfDirectory(atPath: stage.folder.path)
            .filter { $0.hasPrefix("audit") && $0.hasSuffix(".jsonl") }
        return Dictionary(uniqueKeysWithValues: try names.map { ($0, try stage.folder.read($0)) })
    }

    private func restore(_ stage: Stage) throws {
        let files = FileManager.default
        for ending in ["", "-wal", "-shm"] where stage.folder.exists("ballast.db" + ending) {
            try files.removeItem(atPath: stage.folder.path("ballast.db" + ending))
        }
        try files.copyItem(atPath: stage.folder.path("backup.db"), toPath: stage.folder.path("ballast.db"))
    }
}
