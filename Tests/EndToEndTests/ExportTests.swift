import Foundation
import Support
import Testing

@Suite("An exported trail", .timeLimit(.minutes(3)))
struct ExportTests {
    @Test("is the journal's very lines, or a sheet of them; from the state, from a log alone, and from a server")
    func story() async throws {
        try await Served.run { served in
            try await served.settle()
            let stage = served.stage
            let log = try stage.folder.read("audit.jsonl")
            let count = log.split(separator: "\n").count
            let plain = try await stage.ballast("audit", "export")
            #expect(plain.exitCode == 0 && plain.standardOutput == log, "\(plain.standardError)")
            let lines = try await stage.ballast("audit", "export", "--log", "audit.jsonl", "--bot", "order-support")
            #expect(lines.exitCode == 0 && !lines.standardOutput.isEmpty)
            for line in lines.standardOutput.split(separator: "\n") { #expect(log.contains(line + "\n")) }
            let key = try await stage.ballast("audit", "export", "--bot", "default/bot_12345/PRODUCTION")
            #expect(key.standardOutput == lines.standardOutput)

            let sheet = try await stage.ballast("audit", "export", "--format", "csv", "--output", "trail.csv")
            #expect(sheet.exitCode == 0 && sheet.standardOutput.isEmpty, "\(sheet)")
            let rows = try stage.folder.read("trail.csv")
            #expect(rows.hasPrefix("index,time,type,"))
            #expect(rows.split(separator: "\r\n").count == count + 1)
            #expect(rows.contains("rollout.end") && rows.contains("say v_1"))
            #expect(!stage.folder.exists("trail.csv.partial"))

            let none = try await stage.ballast("audit", "export", "--since", "2099-01-01")
            #expect(none.exitCode == 0 && none.standardOutput.isEmpty, "\(none)")
            let all = try await stage.ballast("audit", "export", "--since", "2h")
            #expect(all.standardOutput == log)
            let asked = try await served.ballast("audit", "export")
            #expect(asked.exitCode == 0 && asked.standardOutput == log, "\(asked.standardError)")
        }
    }

    @Test("is refused where there is nothing to read, or nowhere to write; a file that is there stays")
    func refused() async throws {
        try await withTemporaryFolder { folder in
            let ballast = BallastRun(folder: folder.path)
            let missing = try await ballast("audit", "export", "--log", "none.jsonl")
            #expect(missing.exitCode == 2 && missing.standardError.contains("none.jsonl"), "\(missing)")
            try folder.write("{\"not\": \"a record\"}\nrest", to: "audit.jsonl")
            let empty = try await ballast("audit", "export", "--log", "audit.jsonl")
            #expect(empty.exitCode == 0 && empty.standardOutput.isEmpty)
            #expect(empty.standardError.contains("2 lines are no records"), "\(empty)")
            let nowhere = try await ballast("audit", "export", "--log", "audit.jsonl", "--output", "none/trail.csv")
            #expect(nowhere.exitCode == 2 && nowhere.standardError.contains("none/trail.csv"), "\(nowhere)")
            try folder.write("mine", to: "trail.csv")
            let failed = try await ballast("audit", "export", "--log", "none.jsonl", "--output", "trail.csv")
            #expect(failed.exitCode == 2)
            #expect(try folder.read("trail.csv") == "mine" && !folder.exists("trail.csv.partial"))
            for bad in ["x", "0d", "2026-13-01"] {
                let usage = try await ballast("audit", "export", "--log", "audit.jsonl", "--since", bad)
                #expect(usage.exitCode == 64, "\(usage)")
            }
        }
    }

    /// Ten times as many records take no more memory.
    @Test("takes the same memory however long it is", .enabled(if: Verifiers.has("resource"), "needs python3"))
    func memory() async throws {
        try await withTemporaryFolder { folder in
            let script = """
                import json, resource, subprocess, sys
                count, path = int(sys.argv[1]), sys.argv[2]
                with open(path, "w") as log:
                    for index in range(1, count + 1):
                        chain = {"hash": "0" * 64, "id": "c", "index": index, "previous": "0" * 64}
                        record = {"auditTimestamp": "2026-11-22T10:00:00.000Z", "chain": chain, "message": "x" * 700}
                        log.write(json.dumps(record, sort_keys=True, separators=(",", ":")) + "\\n")
                subprocess.run([sys.argv[3], "audit", "export", "--format", "csv", "--log", path, "--output", path + ".csv"], check=True)
                assert sum(1 for _ in open(path + ".csv")) == count + 1
                print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
                """
            var peaks: [Int] = []
            for count in [1_000, 10_000] {
                let path = folder.path("audit-\(count).log")
                let output = try await Verifiers.run(script, ["\(count)", path, try BuiltProducts.ballast()])
                peaks.append(try #require(Int(output.trimmingCharacters(in: .whitespacesAndNewlines))))
            }
            #expect(peaks[1] < peaks[0] + 6 * 1024, "KiB: \(peaks)")
        }
    }
}
