import Foundation
import Glibc
import Simulator
import Support
import Testing

/// A state whose end is missing, at every page: it opens with all that it had, or is refused and left as it is.
@Suite("States that were cut", .timeLimit(.minutes(5)))
struct CutStateTests {
    private static let pageBytes = 4096
    private static let walHeaderBytes = 32
    private static let frameBytes = pageBytes + 24

    /// A folder with the configuration and the keys, and a state of these bytes.
    private func run(_ stage: Stage, _ file: Data, _ wal: Data?, _ arguments: [String]) async throws -> ProcessOutput {
        for suffix in ["", "-wal", "-shm", ".lock"] {
            try? FileManager.default.removeItem(atPath: stage.folder.path("ballast.db\(suffix)"))
        }
        try stage.folder.write(Array(file), to: "ballast.db")
        if let wal { try stage.folder.write(Array(wal), to: "ballast.db-wal") }
        return try await stage.ballast.run(arguments)
    }

    private func expectToldAndLeftAlone(_ stage: Stage, _ output: ProcessOutput, _ file: Data, _ cut: String) throws {
        #expect(output.exitCode == 2, "\(cut): \(output)")
        #expect(output.standardError.contains("ballast.db"), "\(cut): \(output)")
        #expect(try Data(contentsOf: URL(filePath: stage.folder.path("ballast.db"))) == file, "\(cut): it was changed")
    }

    @Test("the file, cut at every page")
    func file() async throws {
        try await Stage.run { stage in
            for version in ["v_1", "v_3"] {
                try await stage.push(version)
                #expect(try await stage.ballast("reconcile").exitCode == 0)
            }
            let jobs = stage.platform.jobs().count
            let whole = try Data(contentsOf: URL(filePath: stage.folder.path("ballast.db")))
            let pages = whole.count / Self.pageBytes
            #expect(pages > 20)
            let log = try stage.folder.bytes("audit.jsonl")
            for count in 1..<pages {
                let file = whole.prefix(count * Self.pageBytes)
                for verb in [["status"], ["reconcile"]] {
                    let output = try await run(stage, file, nil, verb)
                    try expectToldAndLeftAlone(stage, output, file, "\(verb) with \(count) of \(pages) pages")
                }
            }
            #expect(stage.platform.jobs().count == jobs)
            #expect(try stage.folder.bytes("audit.jsonl") == log)
            #expect(try await run(stage, whole, nil, ["status"]).exitCode == 0)
        }
    }

    @Test("its log, cut at every page of the last transaction: all of it or none of it, and what follows is whole")
    func log() async throws {
        try await Stage.run { stage in
            try await stage.push("v_1")
            #expect(try await stage.ballast("reconcile").exitCode == 0)
            let (file, wal) = try await killed(stage)
            let frames = (wal.count - Self.walHeaderBytes) / Self.frameBytes
            #expect(frames >= 2)
            // Before its last frames the log ends with the transaction before, and so on.
            for count in max(0, frames - 12)...frames {
                let cut = wal.prefix(Self.walHeaderBytes + count * Self.frameBytes)
                let status = try await run(stage, file, cut, ["status", "-o", "json"])
                #expect(status.exitCode == 0, "\(count) of \(frames) frames: \(status)")
                #expect(status.standardOutput.contains("\"deployed\" : \"v_1\""), "\(count) of \(frames): \(status)")
                // What the cut state lacks the log of the audit has: taken back, and nothing is deployed again.
                let next = try await run(stage, file, cut, ["reconcile"])
                #expect(next.exitCode == 0, "\(count) of \(frames) frames: \(next)")
                let verify = try await stage.ballast("audit", "verify")
                #expect(verify.exitCode == 0, "\(count) of \(frames) frames: \(verify)")
            }
            #expect(stage.platform.counters.jobsCreated == 1)
        }
    }

    /// The state of a server that was killed: with what it wrote last still in the database's log.
    private func killed(_ stage: Stage) async throws -> (file: Data, wal: Data) {
        try stage.folder.write(try stage.folder.read("ballast.yaml") + "server: {port: 0}\n", to: "ballast.yaml")
        _ = try await withProcess(
            try BuiltProducts.ballast(), ["serve"], environment: stage.ballast.variables, in: stage.folder.path,
            logPath: stage.folder.path("serve.log")
        ) { process in
            try await eventually("the server listens") { try stage.folder.read("serve.log").contains("listening") }
            stage.platform.setSessions(1, of: Stage.bot, in: "PRODUCTION")
            try await stage.push("v_3")
            kill(process.pid, SIGHUP)
            try await eventually("it waits for a session") {
                try await stage.ballast.json("status")["bots"].map { "\($0)" }?.contains("waiting") == true
            }
            kill(process.pid, SIGKILL)
        }
        stage.platform.setSessions(0, of: Stage.bot, in: "PRODUCTION")
        try await stage.git.revert(try await stage.git.head())
        try await stage.git.push()
        let file = try Data(contentsOf: URL(filePath: stage.folder.path("ballast.db")))
        return (file, try Data(contentsOf: URL(filePath: stage.folder.path("ballast.db-wal"))))
    }
}
