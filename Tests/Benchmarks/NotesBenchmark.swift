import Audit
import Domain
import Foundation
import Git
import Source
import Support
import Synchronization

extension Benchmarks {
    static let notesRef = "refs/notes/ballast"

    /// Records written and pushed as the server does it, while eight others push notes to the same ref with git alone.
    static func notes(records: Int, commits: Int, _ claims: Claims) async throws {
        let others = ForeignNotes.writers
        say("\(records) records on \(commits) commits, written and pushed while \(others) others push notes")
        try await withFolder { folder in
            let bench = try await NotesBench(folder: folder, commits: commits)
            let others = ForeignNotes(bench: bench)
            let course = try await withThrowingTaskGroup(of: Void.self) { group in
                try await others.begin(in: &group)
                let course = try await bench.write(records)
                others.stop()
                try await group.waitForAll()
                return course
            }
            await bench.access.shutdown()
            course.show(others.sums)
            try await bench.judge(course, others.sums, claims)
        }
        try await manyNotes(10_000, claims)
    }
}

/// A remote with a row of commits, and the copy of Ballast.
struct NotesBench {
    static let recordsPerPush = 10
    static let maxPushTries = 20

    let folder: String
    let remote: String
    let commits: [CommitID]
    let access: RepositoryAccess
    let notes: GitNotes

    struct Course {
        var lines: [String] = []
        var appends: [Double] = []
        var pushes: [Double] = []
        var lost = 0
        var givenUp = 0
        var seconds = 0.0

        func show(_ others: ForeignNotes.Sums) {
            say(
                "  \(lines.count) records in \(seconds.text(1)) s; writing \(NotesBench.recordsPerPush) of them: median"
                    + " \(appends.median.text(0)) ms; bringing them to the remote: median \(pushes.median.text(0)) ms, most"
                    + " \((pushes.max() ?? 0).text(0)) ms")
            say(
                "  \(lost) pushes were lost to others and made again, \(givenUp) left to the next turn; the others: \(others.lines.count)"
                    + " lines, \(others.lost) lost pushes")
        }
    }

    private struct NoSecrets: Secrets {
        func read(_ reference: SecretReference) throws(SecretProblem) -> Secret {
            throw SecretProblem(.absent, "a repository on the disk needs no secret")
        }
    }

    private struct WallClock: Domain.Clock {
        func now() -> Now {
            Now(tick: Tick(milliseconds: 0), wall: Timestamp(milliseconds: HurriedClock.wall()))
        }
    }

    init(folder: String, commits count: Int, copy: String = "copy") async throws {
        self.folder = folder
        remote = "\(folder)/bots.git"
        _ = try await checkProcess("git", ["init", "-q", "--bare", "-b", "main", remote])
        _ = try await checkProcess(
            "git", ["-C", remote, "fast-import", "--quiet"], input: Self.history(count))
        let listed = try await checkProcess("git", ["-C", remote, "rev-list", "main"]).standardOutput
        commits = listed.split(separator: "\n").map { CommitID(String($0)) }
        access = try RepositoryAccess(
            settings: SourceSettings(url: remote), copyFolder: "\(folder)/\(copy)", workerPath: try Stage.binary(),
            secrets: NoSecrets())
        notes = GitNotes(access: access, ref: Benchmarks.notesRef, clock: WallClock())
        _ = try await access.git.fetch(branch: "main")
    }

    private static func history(_ count: Int) -> String {
        (0..<count).map { number in
            "commit refs/heads/main\ncommitter Bench <bench@example.com> \(1_790_000_000 + number) +0000\ndata 2\nc\n"
        }.joined()
    }

    func write(_ count: Int) async throws -> Course {
        var writer = ChainWriter(head: ChainHead(id: UUID().uuidString.lowercased()))
        var course = Course()
        let begun = ContinuousClock.now
        for start in stride(from: 0, to: count, by: Self.recordsPerPush) {
            let numbers = start..<min(count, start + Self.recordsPerPush)
            let lines = try numbers.map { try writer.append(Self.draft($0, on: commits[$0 % commits.count])) }
            course.lines += lines.map(\.line)
            let additions = lines.map { line in
                NoteAddition(
                    commit: line.notedOn ?? commits[0], lines: [NoteLine(text: line.line, record: line.index)])
            }
            let written = ContinuousClock.now
            try await notes.append(additions).get()
            course.appends.append((ContinuousClock.now - written).milliseconds)
            try await push(&course)
        }
        while course.givenUp > 0, try await notes.push().get() == .lost {}
        course.seconds = (ContinuousClock.now - begun).milliseconds / 1000
        return course
    }

    /// As the server does: at once again where somebody was quicker, and left to the next turn after so many tries.
    private func push(_ course: inout Course) async throws {
        let begun = ContinuousClock.now
        for _ in 0..<Self.maxPushTries {
            switch try await notes.push().get() {
            case .pushed, .upToDate:
                course.pushes.append((ContinuousClock.now - begun).milliseconds)
                return
            case .lost: course.lost += 1
            case .refused(let words): throw Child.Failure(description: "the remote refused the notes: \(words)")
            }
        }
        course.givenUp += 1
    }

    static func draft(_ number: Int, on commit: CommitID?) -> AuditDraft {
        let at = Timestamp(milliseconds: 1_790_000_000_000 + Int64(number))
        let key = BotKey(platform: "default", botId: Stage.bot(number % 50), environment: "PRODUCTION")
        var fields: [String: JSONValue] = [
            "type": .string("rollout.end"), "step": .string("end"), "outcome": .string("succeeded"),
            "botId": .string(key.botId), "timestamp": .string(at.iso8601), "desired": .string("v_67890"),
            "deployed": .string("v_67890"), "rollout": .string("rollout-\(number / 6)"),
            "direction": .string("rollback"),
            "message": .string("converged to v_67890, verified by one conversation, as commit \(number) asked"),
        ]
        fields["bot"] = .object([
            "name": .string(key.botId), "platform": .string(key.platform), "environment": .string(key.environment),
        ])
        fields["guards"] = .array((0..<8).map(guardVerdict))
        if let commit { fields["commit"] = .object(["sha": .string(commit.hex)]) }
        return AuditDraft(fields: fields, at: at, bot: key, rolloutId: "rollout-\(number / 6)", notedOn: commit)
    }

    private static func guardVerdict(_ number: Int) -> JSONValue {
        .object([
            "guard": .string("guard-\(number)"), "verdict": .string("pass"), "seen": .string("as it should be"),
        ])
    }

    /// Nothing is lost on either side, and a clone alone proves it.
    func judge(_ course: Course, _ others: ForeignNotes.Sums, _ claims: Claims) async throws {
        let clone = "\(folder)/clone.git"
        _ = try await checkProcess("git", ["clone", "-q", "--bare", remote, clone])
        _ = try await checkProcess("git", ["-C", clone, "fetch", "-q", "origin", "+refs/notes/*:refs/notes/*"])
        let proof = CloneNotes(path: clone, ref: Benchmarks.notesRef, workerPath: try Stage.binary())
        let all = try await proof.all().get().flatMap(\.lines)
        var counts: [String: Int] = [:]
        for line in all { counts[line, default: 0] += 1 }
        claims.expect(course.lines.allSatisfy { counts[$0] == 1 }, "every record stands once in a fresh clone")
        claims.expect(
            others.lines.allSatisfy { counts[$0] == 1 },
            "every line of the others does, too (\(others.lines.count))")
        let verify = try Child.run(try Stage.binary(), ["audit", "verify", "--repository", clone], in: folder)
        let said = verify.output.split(separator: "\n").last ?? ""
        claims.expect(verify.status == 0, "`audit verify --repository` says whole: \(said)")
    }
}
