import Foundation
import Support
import Testing

/// Disks that take nothing, and what others do to the notes at the remote.
@Suite("Places of the trail that are not as they should be", .timeLimit(.minutes(4)))
struct BadTrailTests {
    // MARK: The log

    @Test("a log on a full disk is told in status, doctor and an event; rollouts go on, and nothing is lost")
    func fullDisk() async throws {
        try await Stage.run("audit: {file: /dev/full}\n") { stage in
            try await stage.push("v_1")
            #expect(try await stage.ballast("reconcile").exitCode == 0)
            #expect(stage.served == "v_1")
            let status = try await stage.ballast("status")
            #expect(status.exitCode == 0 && status.standardOutput.contains("in-sync"), "\(status)")
            for words in ["audit log: ", "No space left on device", "make room", "→ "] {
                #expect(status.standardError.contains(words), "\(words): \(status)")
            }
            let troubles = try await stage.ballast.json("status")["troubles"] as? [[String: Any]]
            #expect(troubles?.map { $0["subject"] as? String } == ["audit log"])
            try await expectDoctor(stage, finds: "audit log", saying: "No space left on device")
            #expect(try await told(stage, "audit.broken") == 1)

            try await stage.push("v_3")
            #expect(try await stage.ballast("reconcile").exitCode == 0)
            #expect(try await told(stage, "audit.broken") == 1, "once")
            let elsewhere = try stage.folder.read("ballast.yaml").replacing("/dev/full", with: "audit.jsonl")
            try stage.folder.write(elsewhere, to: "ballast.yaml")
            try await expectMended(stage)
            #expect(try stage.folder.read("audit.jsonl").contains("\"index\":1,"))
        }
        try await Stage.run("audit: {file: /dev/full, required: true}\n") { stage in
            try await stage.push("v_1")
            // The first record that cannot be written is that of the first rollout's beginning.
            _ = try await stage.ballast("reconcile", "--wait", "2s")
            try await stage.push("v_3")
            let output = try await stage.ballast("reconcile", "--wait", "2s")
            #expect(output.exitCode == 1, "\(output)")
            #expect(stage.served != "v_3")
            let bot = try await stage.bot()
            #expect(bot["state"] as? String == "held" && (bot["message"] as? String)?.contains("make room") == true)
        }
    }

    private static let mounts = "unshare"
    /// A small disk of its own needs the rights of root.
    static let canMount: Bool = {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", "unshare -m sh -c 'mount -t tmpfs -o size=64k none /mnt' >/dev/null 2>&1"]
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }()

    @Test(
        "a small disk that fills up, and one that turns read-only: told, and written to its end when it can be",
        .enabled(if: canMount, "needs the rights to mount"))
    func smallDisk() async throws {
        try await Stage.run("audit: {file: logs/audit.jsonl}\n") { stage in
            try await stage.push("v_1")
            _ = try stage.folder.makeFolder("logs")
            let script = """
                mount -t tmpfs -o size=64k none logs || exit 99
                cat /dev/zero > logs/filler 2>/dev/null
                "$0" reconcile 2>&1; echo "full: $?"
                "$0" status 2>&1; "$0" doctor
                rm logs/filler
                "$0" suspend order-support --reason "room again" 2>&1; echo "mended: $?"
                "$0" audit verify; echo "whole: $?"
                mount -o remount,ro logs || exit 98
                "$0" resume order-support --reason "read-only" 2>&1; echo "read-only: $?"
                "$0" status 2>&1; "$0" audit verify; echo "late: $?"
                mount -o remount,rw logs
                "$0" reconcile 2>&1; echo "writable: $?"
                "$0" audit verify; echo "end: $?"
                cat logs/audit.jsonl
                """
            let output = try await runProcess(
                Self.mounts, ["-m", "sh", "-c", script, try BuiltProducts.ballast()],
                environment: stage.ballast.variables, in: stage.folder.path)
            let text = output.standardOutput
            for words in [
                "full: 0", "No space left on device; make room", "mended: 0", "whole: 0", "read-only: 0",
                "Read-only file system", "check its permissions", "late: 0", "lags by record", "writable: 0", "end: 0",
            ] {
                #expect(text.contains(words), "\(words): \(output)")
            }
            #expect(stage.served == "v_1")
            #expect(text.contains("decision.resume"), "the record is written late")
            #expect(try await told(stage, "audit.broken") == 2)
            #expect(try await told(stage, "audit.mended") == 2)
        }
    }

    @Test("a limit of the size of files ends a write in words, and not the process by a signal")
    func fileSizeLimit() async throws {
        try await withTemporaryFolder { folder in
            try folder.write(Sample.offline, to: "ballast.yaml")
            try folder.write("key\n", to: "key")
            let output = try await runProcess(
                "sh", ["-c", "ulimit -f 4; exec \"$0\" reconcile", try BuiltProducts.ballast()],
                environment: BallastRun(folder: folder.path).variables, in: folder.path)
            #expect(output.exitCode == 2, "\(output)")
            #expect(output.standardError.contains("ballast.db: disk I/O error; check the disk"), "\(output)")
        }
    }

    // MARK: The notes at the remote

    private static let ref = "refs/notes/ballast"

    private func inRemote(_ stage: Stage, _ arguments: String..., input: String = "") async throws -> String {
        try await stage.git.git(["--git-dir=\(stage.folder.path("bots.git"))"] + arguments, input: input)
    }

    @Test("notes that somebody set back are named; a rebuild has what they lack pushed again")
    func rewritten() async throws {
        try await Stage.run { stage in
            try await stage.push("v_1")
            #expect(try await stage.ballast("reconcile").exitCode == 0)
            let older = try await inRemote(stage, "rev-parse", Self.ref)
            try await stage.push("v_3")
            #expect(try await stage.ballast("reconcile").exitCode == 0)
            let newer = try await inRemote(stage, "rev-parse", Self.ref)
            #expect(older != newer)
            _ = try await inRemote(stage, "update-ref", Self.ref, older)
            let verify = try await stage.ballast("audit", "verify")
            #expect(verify.exitCode == 1, "\(verify)")
            #expect(verify.standardOutput.contains("remote notes: record"), "\(verify)")
            #expect(verify.standardOutput.contains("was cut"), "\(verify)")
            let rebuild = try await stage.ballast("audit", "rebuild")
            #expect(rebuild.exitCode == 0, "\(rebuild)")
            #expect(
                rebuild.standardOutput.contains("the remote's notes lacked 1 record, which is due again"), "\(rebuild)")
            #expect(try await stage.ballast("audit", "verify").exitCode == 0)
            #expect(try await stage.ballast("reconcile").exitCode == 0)
        }
    }

    @Test("notes that somebody deleted are one finding, and doctor says so; the next push brings all of them back")
    func deleted() async throws {
        try await Stage.run { stage in
            try await stage.push("v_1")
            #expect(try await stage.ballast("reconcile").exitCode == 0)
            _ = try await inRemote(stage, "update-ref", "-d", Self.ref)
            let verify = try await stage.ballast("audit", "verify")
            #expect(verify.exitCode == 1, "\(verify)")
            #expect(verify.standardOutput.contains("BROKEN remote notes: there are none any more"), "\(verify)")
            try await expectDoctor(stage, finds: "notes", saying: "the remote has no refs/notes/ballast any more")
            try await stage.push("v_3")
            #expect(try await stage.ballast("reconcile").exitCode == 0)
            #expect(try await stage.ballast("audit", "verify").exitCode == 0)
        }
    }

    @Test("foreign text, foreign JSON and bytes that are no UTF-8 stay as they are, and disturb nothing")
    func foreign() async throws {
        try await Stage.run { stage in
            let commit = try await stage.push("v_1")
            #expect(try await stage.ballast("reconcile").exitCode == 0)
            let bytes: [UInt8] =
                [0xFF, 0xFE, 0x00, 0x41, 0x0A] + Array("{\"chain\":{\"index\":\"x\"}}\nplain\n{\n".utf8)
            try Data(bytes).write(to: URL(fileURLWithPath: stage.folder.path("foreign")))
            try await stage.git.git("fetch", "--quiet", "origin", "\(Self.ref):\(Self.ref)")
            try await stage.git.git("notes", "--ref=ballast", "append", "--file", stage.folder.path("foreign"), commit)
            let next = try await stage.push("v_3")
            try await stage.git.git("notes", "--ref=ballast", "add", "--file", stage.folder.path("foreign"), next)
            try await stage.git.push(Self.ref)
            #expect(try await stage.ballast("reconcile").exitCode == 0)
            #expect(stage.served == "v_3")
            let verify = try await stage.ballast("audit", "verify")
            #expect(verify.exitCode == 0, "\(verify)")
            let entries = try await inRemote(stage, "ls-tree", "-r", Self.ref).split(separator: "\n")
            #expect(entries.count == 2)
            for entry in entries {
                let blob = String(entry.split(separator: " ")[2].prefix(40))
                let target = stage.folder.path("blob")
                try await checkProcess(
                    "sh", ["-c", "git --git-dir=bots.git cat-file blob \(blob) > \(target)"],
                    environment: GitFixture.environment, in: stage.folder.path)
                let rows = try Data(contentsOf: URL(fileURLWithPath: target)).split(separator: 0x0A)
                #expect(rows.contains { Array($0) == bytes.prefix(4) + [] }, "the very bytes")
                #expect(rows.contains { String(decoding: $0, as: UTF8.self).contains("rollout.end") })
            }
        }
    }

    @Test(
        "a ref that is no commit: rollouts go on, status and doctor say what to do, and all is pushed when it is gone")
    func noCommit() async throws {
        try await Stage.run { stage in
            let blob = try await inRemote(stage, "hash-object", "-w", "--stdin", input: "what is this")
            _ = try await inRemote(stage, "update-ref", Self.ref, blob)
            try await stage.push("v_1")
            #expect(try await stage.ballast("reconcile").exitCode == 0)
            #expect(stage.served == "v_1")
            let status = try await stage.ballast("status")
            for words in ["audit notes: notes cannot be pushed", "is a blob and no commit", "delete the ref", "→ "] {
                #expect(status.standardError.contains(words), "\(words): \(status)")
            }
            try await expectDoctor(stage, finds: "notes", saying: "is a blob and no commit")
            let verify = try await stage.ballast("audit", "verify")
            #expect(verify.exitCode == 0 && verify.standardOutput.contains("remote notes: not looked at"), "\(verify)")
            _ = try await inRemote(stage, "update-ref", "-d", Self.ref)
            try await expectMended(stage, broken: false)
            #expect(try await stage.ballast("audit", "verify").standardOutput.contains("remote notes: "))
        }
    }

    @Test(
        "a note that somebody made very large takes no record, and all others do; what waits is written when it is small"
    )
    func huge() async throws {
        try await Stage.run { stage in
            let commit = try await stage.push("v_1")
            #expect(try await stage.ballast("reconcile").exitCode == 0)
            try String(repeating: "a remark\n", count: 600_000).write(
                toFile: stage.folder.path("huge"), atomically: true, encoding: .utf8)
            try await swell(stage, commit)
            let next = try await stage.push("v_3")
            #expect(try await stage.ballast("reconcile").exitCode == 0)
            #expect(try await inRemote(stage, "notes", "--ref=ballast", "show", next).contains("rollout.end"))
            let verify = try await stage.ballast("audit", "verify")
            #expect(verify.exitCode == 1, "\(verify)")
            #expect(verify.standardOutput.contains("remote notes: a note is too large to be read"), "\(verify)")

            // What was written here before it was seen is merged with it; what comes then waits.
            try await swell(stage, next)
            #expect(try await stage.ballast("suspend", "order-support", "--reason", "a look").exitCode == 0)
            #expect(try await inRemote(stage, "notes", "--ref=ballast", "show", next).contains("decision.suspend"))
            #expect(try await stage.ballast("resume", "order-support", "--reason", "looked").exitCode == 0)
            let status = try await stage.ballast("status")
            for words in [
                "audit notes: notes cannot be written: the note on commit \(next.prefix(8))", "git notes", "→ ",
            ] {
                #expect(status.standardError.contains(words), "\(words): \(status)")
            }
            try await expectDoctor(stage, finds: "notes", saying: "the note on commit \(next.prefix(8))")
            for commit in [commit, next] { try await shrink(stage, commit) }
            try await expectMended(stage, broken: false)
            #expect(try await inRemote(stage, "notes", "--ref=ballast", "show", next).contains("decision.resume"))
        }
    }

    /// Five megabytes of somebody's remarks after what stands there.
    private func swell(_ stage: Stage, _ commit: String) async throws {
        try await stage.git.git("fetch", "--quiet", "origin", "+\(Self.ref):\(Self.ref)")
        try await stage.git.git("notes", "--ref=ballast", "append", "--file", stage.folder.path("huge"), commit)
        try await stage.git.push(Self.ref)
    }

    /// Takes the remarks away again, and nothing else.
    private func shrink(_ stage: Stage, _ commit: String) async throws {
        try await stage.git.git("fetch", "--quiet", "origin", "+\(Self.ref):\(Self.ref)")
        let rows = try await stage.git.git("notes", "--ref=ballast", "show", commit).split(separator: "\n")
        let kept = rows.filter { $0 != "a remark" }.joined(separator: "\n")
        try await stage.git.git("notes", "--ref=ballast", "add", "--force", "--file=-", commit, input: kept + "\n")
        try await stage.git.push(Self.ref)
    }

    // MARK: Sinks

    @Test("a receiver that refuses our signature: told in status and doctor with its answer, given up, and sent again")
    func wrongSecret() async throws {
        try await Stage.run { stage in
            try stage.folder.write(
                "whsec_" + Data("another secret of thirty-two byt".utf8).base64EncodedString(), to: "hook")
            try await stage.push("v_1")
            #expect(try await stage.ballast("reconcile").exitCode == 0)
            #expect(stage.served == "v_1", "no rollout waits for a sink")
            let status = try await stage.ballast("status")
            for words in ["sink pipeline: the last attempt failed: ", "401", "`secret`", "redeliver --sink pipeline"] {
                #expect(status.standardError.contains(words), "\(words): \(status)")
            }
            try await expectDoctor(stage, finds: "sink pipeline", saying: "401")
            let list = try await stage.ballast("notifications", "list")
            #expect(list.standardOutput.contains("401"), "\(list)")
            try stage.folder.write(Stage.secret, to: "hook")
            let sent = try await stage.ballast("notifications", "redeliver", "--sink", "pipeline", "--since", "1h")
            #expect(sent.exitCode == 0, "\(sent)")
            let after = try await stage.ballast("status")
            #expect(!after.standardError.contains("sink pipeline"), "\(after)")
        }
    }

    // MARK: What they have in common

    private func told(_ stage: Stage, _ type: String) async throws -> Int {
        let items = try await stage.ballast.json("notifications", "list")["items"] as? [[String: Any]]
        return items?.count { $0["type"] as? String == type } ?? 0
    }

    private func expectDoctor(_ stage: Stage, finds check: String, saying words: String) async throws {
        let checks = try await stage.ballast.json("doctor")["checks"] as? [[String: Any]]
        let found = checks?.first { $0["check"] as? String == check }
        #expect(found?["ok"] as? Bool == false, "\(String(describing: found))")
        #expect((found?["message"] as? String)?.contains(words) == true, "\(String(describing: found))")
        #expect((found?["remedy"] as? String)?.isEmpty == false)
    }

    private func expectMended(_ stage: Stage, broken: Bool = true) async throws {
        #expect(try await stage.ballast("reconcile").exitCode == 0)
        let status = try await stage.ballast("status")
        #expect(!status.standardError.contains("audit"), "\(status)")
        let verify = try await stage.ballast("audit", "verify")
        #expect(verify.exitCode == 0, "\(verify)")
        if broken { #expect(try await told(stage, "audit.mended") == 1) }
    }
}
