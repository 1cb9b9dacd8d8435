import Foundation
import Git
import Testing

/// The worker processes: ended at their deadline, by cancellation, with their parent; and what they leave.
@Suite struct WorkerTests {
    /// Process ids of workers whose copy is in this folder, found by the lock that they hold open.
    private func workers(of fixture: Fixture) -> [Int32] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap(Int32.init).filter { pid in
            let open = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/fd")) ?? []
            return open.contains { name in
                let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(pid)/fd/\(name)")
                return target?.hasPrefix(fixture.copy + "/") == true
            }
        }
    }

    @Test func `shutdown leaves no process`() async throws {
        let fixture = try await Fixture()
        try await fixture.commit(["a": "1"])
        try await fixture.withRepository { repository in
            _ = try await repository.fetch(branch: "main")
            try await repository.open()
            #expect(workers(of: fixture).count == 2)
        }
        #expect(workers(of: fixture).isEmpty)
    }

    @Test func `a repository that is dropped takes its workers with it`() async throws {
        let fixture = try await Fixture()
        try await fixture.commit(["a": "1"])
        do {
            let repository = GitRepository(
                GitSettings(
                    workerPath: Fixture.workerPath, place: .copy(folder: fixture.copy),
                    remote: try GitAddress(fixture.remote)))
            _ = try await repository.fetch(branch: "main")
            #expect(workers(of: fixture).count == 1)
        }
        #expect(try await eventually { workers(of: fixture).isEmpty })
    }

    @Test func `a worker has no environment, no credential on its command line, and a bound on its memory`()
        async throws
    {
        let fixture = try await Fixture()
        try await fixture.commit(["a": "1"])
        try await fixture.withRepository(credential: .token(username: "git", token: "canary")) { repository in
            _ = try await repository.fetch(branch: "main")
            let pid = try #require(workers(of: fixture).first)
            #expect(try Data(contentsOf: URL(fileURLWithPath: "/proc/\(pid)/environ")).isEmpty)
            let line = try String(contentsOfFile: "/proc/\(pid)/cmdline", encoding: .utf8)
            #expect(line.split(separator: "\0").dropFirst().map(String.init) == ["git-worker"])
            let limits = try String(contentsOfFile: "/proc/\(pid)/limits", encoding: .utf8).split(separator: "\n")
            #expect(limits.contains { $0.hasPrefix("Max address space") && $0.contains("4294967296") })
            #expect(limits.contains { $0.hasPrefix("Max core file size") && $0.contains(" 0 ") })
            #expect(limits.contains { $0.hasPrefix("Max cpu time") && !$0.contains("unlimited            unlimited") })
        }
    }

    @Test func `looks at the remote take no memory that stays`() async throws {
        let fixture = try await Fixture()
        try await fixture.commit(["a": "1"])
        try await fixture.withRepository { repository in
            _ = try await repository.fetch(branch: "main")
            let pid = try #require(workers(of: fixture).first)
            for _ in 0..<50 { _ = try await repository.look(branch: "main") }
            let settled = try anonymousKiB(of: pid)
            for _ in 0..<300 { _ = try await repository.look(branch: "main") }
            // The comparison with `url.*.insteadOf` alone lost 60 KiB a look.
            #expect(try anonymousKiB(of: pid) - settled < 4_096)
        }
    }

    @Test func `packs that tidying up deleted are held by nobody`() async throws {
        let fixture = try await Fixture()
        try await fixture.withRepository { repository in
            // More packs than are left lying, each read by both workers.
            for number in 0..<52 {
                let head = try await fixture.commit(["a": "\(number)"])
                _ = try await repository.fetch(branch: "main")
                _ = try await repository.commit(head)
            }
            let packed = try await repository.tidyUp()
            #expect(packed)
            _ = try await repository.fetch(branch: "main")
            let pids = workers(of: fixture)
            #expect(pids.count == 2)
            for pid in pids {
                let maps = try String(contentsOfFile: "/proc/\(pid)/maps", encoding: .utf8)
                #expect(!maps.contains("(deleted)"), "\(maps)")
            }
        }
    }

    /// The memory that is the process's own, as the system accounts to it (proc(5)).
    private func anonymousKiB(of pid: Int32) throws -> Int {
        let status = try String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("RssAnon:") })
        return try #require(line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) })
    }

    @Test func `a truncated loose object ends the worker, and the copy is made anew`() async throws {
        let fixture = try await Fixture()
        // Random text: it does not shrink, so that cutting the file cuts the object.
        let text = (0..<4_000).map { _ in String(UInt64.random(in: 0...UInt64.max), radix: 36) }.joined()
        let head = try await fixture.commit(["a": text])
        try await fixture.withRepository(limits: .quick) { repository in
            _ = try await repository.fetch(branch: "main")
            let payload = try await repository.payload(
                of: CommitDraft(
                    parent: head, files: ["a": Array((text + "x").utf8)], author: fixture.writer,
                    committer: fixture.writer,
                    message: "m"))
            let made = try await repository.writeCommit(payload: payload)
            let blob = try #require(try await repository.entry(at: "a", in: made)).id
            let path = "\(fixture.copy)/repository.git/objects/\(blob.hex.prefix(2))/\(blob.hex.dropFirst(2))"
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
            let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
            try handle.truncate(atOffset: 2_000)
            try handle.close()
            let start = ContinuousClock.now
            let thrown = await code { _ = try await repository.blobs([blob], maxBytesEach: 1_000_000) }
            #expect(thrown == .damagedMirror)
            #expect(ContinuousClock.now - start < .seconds(30))
            let aside = try await repository.setAside()
            #expect(aside.map { FileManager.default.fileExists(atPath: $0) } == true)
            let fresh = try await repository.fetch(branch: "main", known: head)
            #expect(fresh.head == head)
            let commit = try await repository.commit(head)
            #expect(commit.id == head)
        }
    }

    @Test(arguments: ["HEAD", "objects"]) func `a copy that is no repository any more is said to be damaged`(
        part: String
    ) async throws {
        let fixture = try await Fixture()
        try await fixture.commit(["a": "1"])
        try await fixture.withRepository { repository in _ = try await repository.fetch(branch: "main") }
        try FileManager.default.removeItem(atPath: "\(fixture.copy)/repository.git/\(part)")
        try await fixture.withRepository { repository in
            let thrown = await code { try await repository.open() }
            #expect(thrown == .damagedMirror)
            try await repository.setAside()
            try await repository.open()
        }
    }

    @Test func `locks and unfinished files of a killed worker are removed`() async throws {
        let fixture = try await Fixture()
        let head = try await fixture.commit(["a": "1"])
        try await fixture.withRepository { repository in _ = try await repository.fetch(branch: "main") }
        let leftovers = [
            "refs/notes/ballast.lock", "refs/remotes/origin/heads/main.lock", "objects/pack/tmp_pack_x",
            "objects/pack/pack_git2_x", "packed-refs.lock",
        ]
        for name in leftovers { try fixture.scratch.write("", to: "copy/repository.git/\(name)") }
        let next = try await fixture.commit(["a": "2"])
        try await fixture.withRepository { repository in
            let fetched = try await repository.fetch(branch: "main", known: head)
            #expect(fetched.head == next)
            let noted = try await repository.appendNotes(
                "refs/notes/ballast", [NoteAddition(target: next, lines: ["x"])], writer: fixture.writer)
            #expect(noted.tip != nil)
        }
        for name in leftovers {
            #expect(!FileManager.default.fileExists(atPath: "\(fixture.copy)/repository.git/\(name)"), "\(name)")
        }
    }

    @Test func `two processes cannot work on one copy`() async throws {
        let fixture = try await Fixture()
        try await fixture.commit(["a": "1"])
        try await fixture.withRepository { first in
            try await first.open()
            try await fixture.withRepository { second in
                let thrown = await code { try await second.open() }
                #expect(thrown == .busy)
            }
            try await first.open()
        }
        try await fixture.withRepository { third in try await third.open() }
    }

    @Test(.enabled(if: Server.isAvailable)) func `cancelling ends the request at once, and the next one works`()
        async throws
    {
        let fixture = try await Fixture()
        let server = try Server(["silent"], in: fixture.scratch)
        try await fixture.withRepository(remote: "git://127.0.0.1:\(server.port)/x.git") { repository in
            let task = Task { await code { _ = try await repository.look(branch: "main") } }
            #expect(try await eventually { workers(of: fixture).count == 1 })
            let start = ContinuousClock.now
            task.cancel()
            let thrown = await task.value
            #expect(thrown == .cancelled)
            #expect(ContinuousClock.now - start < .seconds(30))
            #expect(try await eventually { workers(of: fixture).isEmpty })
            try await repository.open()
        }
    }

    @Test func `a worker that cannot be started is an error`() async throws {
        let fixture = try await Fixture()
        for path in ["/nonexistent/ballast", "/bin/true"] {
            let repository = GitRepository(GitSettings(workerPath: path, place: .copy(folder: fixture.copy)))
            let thrown = await code { try await repository.open() }
            #expect(thrown == .worker)
            await repository.shutdown()
        }
    }

    @Test func `a folder that cannot be used is an error`() async throws {
        let fixture = try await Fixture()
        try fixture.scratch.write("a file", to: "file")
        try await fixture.withRepository(folder: fixture.scratch("file/inside")) { repository in
            let thrown = await code { try await repository.open() }
            #expect(thrown == .unusable)
        }
        try await fixture.withRepository(clone: fixture.scratch("nothing")) { repository in
            let thrown = await code { try await repository.open() }
            #expect(thrown == .noSuchRepository)
        }
    }

    @Test(.enabled(if: Server.isAvailable)) func `a worker ends when its parent is killed`() async throws {
        let fixture = try await Fixture()
        let silent = try Server(["silent"], in: fixture.scratch)
        // A parent that starts a worker, gives it a request that hangs, and is killed.
        let setup =
            #"{"begin":{"_0":{"role":"remote","path":"\#(fixture.copy)","isClone":false,"maxMemoryBytes":4294967296,"cpuSecondsPerRequest":60,"maxChanges":10}}}"#
        let look = #"{"look":{"branch":"main","_1":{"address":"git://127.0.0.1:\#(silent.port)/x.git"}}}"#
        let script = """
            import os, struct, subprocess, sys
            child = subprocess.Popen([sys.argv[1], "git-worker"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={})
            for text in sys.argv[2:]:
                child.stdin.write(struct.pack(">II", len(text), 0) + text.encode()); child.stdin.flush()
            head = child.stdout.read(8)
            child.stdout.read(struct.unpack(">II", head)[0])
            os.kill(os.getpid(), 9)
            """
        let parent = try await Tool.run("/usr/bin/python3", ["-c", script, Fixture.workerPath, setup, look])
        #expect(parent.status == 9)
        #expect(try await eventually { workers(of: fixture).isEmpty })
    }
}
