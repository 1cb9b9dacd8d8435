import Domain
import Foundation
import Support
import Synchronization

/// Other writers of the same ref, each with a clone and git of its own: they fetch, merge line by line and push, never by force.
final class ForeignNotes: Sendable {
    static let writers = 8

    struct Sums {
        var lines: [String] = []
        var lost = 0
    }

    private let bench: NotesBench
    private let state = Mutex((isStopped: false, sums: Sums()))

    init(bench: NotesBench) { self.bench = bench }

    var sums: Sums { state.withLock { $0.sums } }

    func stop() { state.withLock { $0.isStopped = true } }

    /// Returns when every one of them has its clone.
    func begin(in group: inout ThrowingTaskGroup<Void, any Error>) async throws {
        for writer in 0..<Self.writers {
            _ = try await checkProcess("git", ["clone", "-q", bench.remote, "\(bench.folder)/writer-\(writer)"])
            group.addTask { try await self.write(as: writer) }
        }
    }

    private func write(as writer: Int) async throws {
        var number = 0
        while !state.withLock({ $0.isStopped }) {
            let line = "{\"writer\":\(writer),\"number\":\(number)}"
            let commit = bench.commits[(number * Self.writers + writer) % bench.commits.count]
            _ = try await git(writer, ["notes", "--ref", "ballast", "append", "-m", line, commit.hex])
            try await push(as: writer)
            state.withLock { $0.sums.lines.append(line) }
            number += 1
        }
    }

    private func push(as writer: Int) async throws {
        let ref = Benchmarks.notesRef
        while try await git(writer, ["push", "-q", "origin", "\(ref):\(ref)"], mayFail: true) != 0 {
            state.withLock { $0.sums.lost += 1 }
            _ = try await git(writer, ["fetch", "-q", "origin", "+\(ref):refs/notes/theirs"])
            _ = try await git(writer, ["notes", "--ref", "ballast", "merge", "-q", "-s", "cat_sort_uniq", "theirs"])
        }
    }

    private func git(_ writer: Int, _ arguments: [String], mayFail: Bool = false) async throws -> Int32 {
        var environment: [String: String?] = ["GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null"]
        for role in ["AUTHOR", "COMMITTER"] {
            environment["GIT_\(role)_NAME"] = "Writer \(writer)"
            environment["GIT_\(role)_EMAIL"] = "writer-\(writer)@example.com"
        }
        let run = try await runProcess(
            "git", ["-C", "\(bench.folder)/writer-\(writer)"] + arguments, environment: environment,
            timeout: .seconds(300))
        guard run.exitCode == 0 || mayFail else {
            throw Child.Failure(description: "git \(arguments.joined(separator: " ")): \(run.standardError)")
        }
        return run.exitCode ?? -1
    }
}
