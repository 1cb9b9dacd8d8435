import Domain
import Foundation
import Glibc
import Simulator
import Support
import Testing

/// A disk and a state file as they should not be: told, left as they are, and nothing is lost.
@Suite("States and disks as they should not be", .timeLimit(.minutes(3)))
struct BadStateTests {
    private static func rolled(_ body: (Stage) async throws -> Void) async throws {
        try await Stage.run { stage in
            try await stage.push("v_1")
            #expect(try await stage.ballast("reconcile").exitCode == 0)
            try await stage.push("v_3")
            try await body(stage)
        }
    }

    private func expectLeftAlone(_ stage: Stage, _ words: String) async throws {
        let path = stage.folder.path("ballast.db")
        let before = try Data(contentsOf: URL(fileURLWithPath: path))
        for verb in [["reconcile"], ["status"], ["suspend", "order-support", "--reason", "x"], ["audit", "show"]] {
            let output = try await stage.ballast.run(verb)
            #expect(output.exitCode == 2, "\(verb) \(output)")
            #expect(output.standardError.contains("ballast.db"), "\(verb) \(output)")
            #expect(output.standardError.lowercased().contains(words), "\(verb) \(output)")
        }
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
        #expect(stage.served == "v_1")
    }

    @Test("no database at all: left as it is")
    func noDatabase() async throws {
        try await Self.rolled { stage in
            for suffix in ["", "-wal", "-shm"] {
                try? FileManager.default.removeItem(atPath: stage.folder.path("ballast.db\(suffix)"))
            }
            try stage.folder.write(String(repeating: "no database\n", count: 1000), to: "ballast.db")
            try await expectLeftAlone(stage, "database")
        }
    }

    @Test("a damaged one: left as it is")
    func damaged() async throws {
        try await Self.rolled { stage in
            let path = stage.folder.path("ballast.db")
            var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
            for index in 4096..<min(bytes.count, 60_000) { bytes[index] = UInt8(truncatingIfNeeded: index &* 31) }
            try bytes.write(to: URL(fileURLWithPath: path))
            let output = try await stage.ballast("reconcile")
            #expect(output.exitCode == 2, "\(output)")
            #expect(output.standardError.contains("ballast.db"), "\(output)")
            #expect(stage.served == "v_1")
        }
    }

    @Test("one of a newer version: left as it is", .enabled(if: BuiltProducts.hasProgram("python3")))
    func newer() async throws {
        try await Self.rolled { stage in
            let script =
                "import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); c.execute('PRAGMA user_version=999'); c.commit()"
            try await checkProcess("python3", ["-c", script, stage.folder.path("ballast.db")])
            try await expectLeftAlone(stage, "newer")
        }
    }

    private func expectStatus(_ stage: Stage, _ name: String, _ status: Int, _ told: String) throws {
        let said = try stage.folder.read(told)
        let found = try stage.folder.read("\(name).status")
        #expect(found == "\(status)\n", "\(said)")
    }

    @Test(
        "on a disk that is read-only: 2, the path and the reason",
        .enabled(if: OwnDisk.isPossible, "needs the right to mount a small disk"))
    func readOnly() async throws {
        try await Self.rolled { stage in
            try await OwnDisk.run(
                stage,
                """
                mount -o remount,ro small
                "$0" reconcile --config small.yaml >ro.out 2>ro.err; echo $? >ro.status
                "$0" status --config small.yaml >status.out 2>status.err; echo $? >status.status
                """)
            let told = try stage.folder.read("ro.err")
            #expect(try stage.folder.read("ro.status") == "2\n", "\(told)")
            #expect(told.contains("small/"), "\(told)")
            try expectStatus(stage, "status", 2, "status.err")
            #expect(try stage.folder.read("status.err").contains("read-only"))
            #expect(stage.served == "v_1")
        }
    }

    @Test(
        "a full disk stops the run with 2 before anything is sent; with room again it goes on, and the trail is whole",
        .enabled(if: OwnDisk.isPossible, "needs the right to mount a small disk"))
    func fullDisk() async throws {
        try await Self.rolled { stage in
            try await OwnDisk.run(
                stage,
                """
                dd if=/dev/zero of=small/filler bs=4k 2>/dev/null
                "$0" reconcile --config small.yaml --wait 20s >full.out 2>full.err; echo $? >full.status
                rm small/filler
                "$0" reconcile --config small.yaml >room.out 2>room.err; echo $? >room.status
                "$0" audit verify --config small.yaml >verify.out 2>&1; echo $? >verify.status
                """)
            let full = try stage.folder.read("full.err")
            #expect(try stage.folder.read("full.status") == "2\n", "\(full)")
            #expect(full.lowercased().contains("full") || full.lowercased().contains("space"), "\(full)")
            try expectStatus(stage, "room", 0, "room.err")
            try expectStatus(stage, "verify", 0, "verify.out")
            #expect(stage.served == "v_3")
            // The first deployment, and this one.
            #expect(stage.platform.counters.byOperation["createDeployment"] == 2)
        }
    }
}

/// A disk of 4 MB that holds the state and the log, in a mount namespace of its own.
enum OwnDisk {
    private static let arguments = getuid() == 0 ? ["-m"] : ["-rm"]

    static let isPossible: Bool = {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/unshare")
        process.arguments = arguments + ["mount", "-t", "tmpfs", "tmpfs", "/mnt"]
        process.standardError = nil
        do { try process.run() } catch { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }()

    /// In the script `$0` is the binary, and `small.yaml` a configuration whose state is on that disk, `small`.
    static func run(_ stage: Stage, _ script: String) async throws {
        let configuration = try stage.folder.read("ballast.yaml")
        try stage.folder.write(
            configuration + "state: small/ballast.db\naudit: {file: small/audit.jsonl}\n", to: "small.yaml")
        let whole = """
            mkdir small && mount -t tmpfs -o size=4m tmpfs small || exit 9
            cp ballast.db* audit.jsonl small/ 2>/dev/null
            \(script)
            umount small
            """
        try await checkProcess(
            "unshare", arguments + ["bash", "-c", whole, try BuiltProducts.ballast()],
            environment: GitFixture.environment, in: stage.folder.path)
    }
}
