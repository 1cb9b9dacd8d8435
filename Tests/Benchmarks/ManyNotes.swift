import Audit
import Domain
import Foundation
import Source
import Support

extension Benchmarks {
    static let maxMillisecondsBesideMany = 200.0

    /// One more note beside many: what a large history costs, and whether git itself reads the tree that we write.
    static func manyNotes(_ count: Int, _ claims: Claims) async throws {
        say("one note more beside \(count)")
        try await withFolder { folder in
            let bench = try await NotesBench(folder: folder, commits: count)
            let all = bench.commits.enumerated().map { number, commit in
                NoteAddition(commit: commit, lines: [NoteLine(text: "{\"number\":\(number)}", record: Int64(number))])
            }
            let begun = ContinuousClock.now
            try await bench.notes.append(all).get()
            _ = try await bench.notes.push().get()
            say("  all of them written and pushed at once: \((ContinuousClock.now - begun).milliseconds.text(0)) ms")
            var spans: [Double] = []
            for number in 0..<20 {
                let one = NoteAddition(
                    commit: bench.commits[number], lines: [NoteLine(text: "{\"more\":\"\(number)\"}", record: 1)])
                let start = ContinuousClock.now
                try await bench.notes.append([one]).get()
                spans.append((ContinuousClock.now - start).milliseconds)
                _ = try await bench.notes.push().get()
            }
            let commit = bench.commits[0].hex
            let text = try await checkProcess(
                "git", ["-C", bench.remote, "notes", "--ref", "ballast", "show", commit]
            ).standardOutput
            let top = try await checkProcess("git", ["-C", bench.remote, "ls-tree", notesRef]).standardOutput
            await bench.access.shutdown()
            let folders = top.split(separator: "\n").count { $0.hasPrefix("040000 tree") }
            say("  one more: median \(spans.median.text(1)) ms; \(folders) folders at the top of the tree")
            claims.expect(spans.median < maxMillisecondsBesideMany, "under \(maxMillisecondsBesideMany.text(0)) ms")
            claims.expect(text.split(separator: "\n").count == 2, "git shows both lines")
        }
    }
}
