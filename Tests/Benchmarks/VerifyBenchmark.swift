import Audit
import Domain
import Foundation
import Simulator
import Source
import Store

extension Benchmarks {
    static let noteEvery = 6
    static let notesPerCommit = 10
    static let maxVerifyGrowthMegabytes = 16.0
    /// Linear, and room for what other work does to a clock.
    static let maxVerifyTimes = 13.0

    /// The whole trail proved by the binary: journal, log, notes of the copy and of the remote, at two lengths.
    static func verify(_ count: Int, _ claims: Claims) async throws {
        say("audit verify: journal, log, every \(noteEvery)th record noted, \(notesPerCommit) on a commit")
        var peaks: [Double] = []
        var seconds: [Double] = []
        for records in [count / 10, count] {
            try await withFolder { folder in
                let trail = try await LongTrail(folder: folder, records: records)
                let run = try Child.run(
                    try Stage.binary(), ["audit", "verify", "--config", trail.configuration], in: folder)
                let clone = try Child.run(
                    try Stage.binary(), ["audit", "verify", "--repository", trail.remote], in: folder)
                peaks.append(run.peakMegabytes)
                seconds.append(run.seconds)
                say(
                    "  \(records) records: \(run.seconds.text(2)) s, at most \(run.peakMegabytes.text(1)) MB; the notes alone, as a"
                        + " clone has them: \(clone.seconds.text(2)) s, \(clone.peakMegabytes.text(1)) MB")
                claims.expect(run.status == 0 && clone.status == 0, "whole: \(run.output)")
            }
        }
        let times = seconds[1] / seconds[0]
        claims.expect(times < maxVerifyTimes, "ten times the length: \(times.text(1)) times the time")
        let growth = peaks[1] - peaks[0]
        claims.expect(
            growth < maxVerifyGrowthMegabytes, "memory does not grow with the length: \(growth.text(1)) MB more")
    }
}

/// A state, its log, its copy and its remote, as years of work leave them.
struct LongTrail {
    let remote: String
    let configuration: String

    private static let batch = 1000

    init(folder: String, records: Int) async throws {
        let noted = records / Benchmarks.noteEvery
        let commits = max(1, noted / Benchmarks.notesPerCommit)
        let bench = try await NotesBench(folder: folder, commits: commits, copy: "ballast.db.git")
        remote = bench.remote
        configuration = "\(folder)/ballast.yaml"
        try """
        source: {url: "\(remote)"}
        platforms:
          - {name: default, kind: v1, url: "http://127.0.0.1:9", apiKey: {file: key}}

        """.write(toFile: configuration, atomically: true, encoding: .utf8)
        try "key".write(toFile: "\(folder)/key", atomically: true, encoding: .utf8)
        let store = try await SQLiteStore.open(path: "\(folder)/ballast.db", verb: "benchmark") { UUID().uuidString }
        for start in stride(from: 0, to: records, by: Self.batch) {
            var transaction = Transaction(
                now: Now(tick: Tick(milliseconds: 0), wall: Timestamp(milliseconds: HurriedClock.wall())))
            transaction.records = (start..<min(records, start + Self.batch)).map { number in
                let note = number / Benchmarks.noteEvery
                let isNoted = number % Benchmarks.noteEvery == Benchmarks.noteEvery - 1
                return NotesBench.draft(number, on: isNoted ? bench.commits[note % bench.commits.count] : nil)
            }
            try await store.commit(transaction)
        }
        try await AuditLog(path: "\(folder)/audit.jsonl", journal: store).catchUp()
        try await Self.publish(store, bench)
        try await store.close()
        await bench.access.shutdown()
    }

    private static func publish(_ store: SQLiteStore, _ bench: NotesBench) async throws {
        let due = try await store.reader.notesDueLines()
        for start in stride(from: 0, to: due.count, by: batch) {
            let some = due[start..<min(due.count, start + batch)]
            try await bench.notes.append(
                some.map { NoteAddition(commit: $0.commit, lines: [NoteLine(text: $0.line, record: $0.index)]) }
            ).get()
        }
        _ = try await bench.notes.push().get()
        var transaction = Transaction(
            now: Now(tick: Tick(milliseconds: 0), wall: Timestamp(milliseconds: HurriedClock.wall())))
        transaction.notesWritten = due.map(\.index)
        transaction.notesPushed = due.map(\.index)
        try await store.commit(transaction)
    }
}
