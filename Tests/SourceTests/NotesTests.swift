import Domain
import Foundation
import Git
import Source
import Support
import Testing

/// The ledger against git's own notes, and against other writers.
struct NotesTests {
    @Test
    func `lines are added once, pushed, and shown by git`() async throws {
        try await SourceBench.run { bench in
            let head = try await bench.commit(["a.yaml": manifest("a")])
            _ = try await bench.read()
            let notes = ledger(bench)
            #expect(try await notes.push().get() == .upToDate)
            try await notes.append([Domain.NoteAddition(commit: head, lines: lines("{\"a\":1}", "{\"a\":2}"))]).get()
            try await notes.append([Domain.NoteAddition(commit: head, lines: lines("{\"a\":2}", "{\"a\":3}"))]).get()
            #expect(try await notes.read(head).get() == ["{\"a\":1}", "{\"a\":2}", "{\"a\":3}"])
            #expect(try await notes.push().get() == .pushed)
            #expect(try await notes.push().get() == .upToDate)
            try await bench.fixture.git("fetch", "--quiet", "origin", "\(notesRef):\(notesRef)")
            let log = try await bench.fixture.git("log", "-1", "--notes=ballast", "--format=%N")
            #expect(log == "{\"a\":1}\n{\"a\":2}\n{\"a\":3}\n")
            let clone = CloneNotes(path: bench.fixture.path, ref: notesRef, workerPath: try BuiltProducts.ballast())
            #expect(try await clone.all().get().map(\.commit) == [head])
        }
    }

    @Test
    func `restored notes hold their lines in order, beside those of others`() async throws {
        try await SourceBench.run { bench in
            let one = try await bench.commit(["a.yaml": manifest("a")])
            let two = try await bench.commit(["b.yaml": manifest("b")])
            _ = try await bench.read()
            let notes = ledger(bench)
            try await notes.append([Domain.NoteAddition(commit: one, lines: lines("3", "a remark", "1"))]).get()
            let wanted = [
                Domain.NoteAddition(commit: one, lines: lines("1", "2", "3")),
                Domain.NoteAddition(commit: two, lines: lines("4")),
            ]
            for _ in 0..<2 {
                try await notes.restore(wanted).get()
                #expect(try await notes.read(one).get() == ["1", "a remark", "2", "3"])
                #expect(try await notes.read(two).get() == ["4"])
            }
        }
    }

    @Test
    func `a lost race keeps the lines of both`() async throws {
        try await SourceBench.run { bench in
            let head = try await bench.commit(["a.yaml": manifest("a")])
            _ = try await bench.read()
            try await bench.second { other in
                _ = try await other.read()
                let ours = ledger(bench)
                let theirs = ledger(other)
                try await ours.append([Domain.NoteAddition(commit: head, lines: lines("ours 1"))]).get()
                #expect(try await ours.push().get() == .pushed)
                try await theirs.append([Domain.NoteAddition(commit: head, lines: lines("theirs 1"))]).get()
                #expect(try await theirs.push().get() == .pushed)
                try await ours.append([Domain.NoteAddition(commit: head, lines: lines("ours 2"))]).get()
                #expect(try await ours.push().get() == .lost)
                #expect(try await ours.push().get() == .pushed)
                try await theirs.fetch().get()
                let all = try await theirs.read(head).get()
                #expect(Set(all) == ["ours 1", "ours 2", "theirs 1"] && all.count == 3)
                #expect(try await theirs.push().get() == .upToDate)
            }
        }
    }

    @Test
    func `a copy that was made anew takes nothing away`() async throws {
        try await SourceBench.run { bench in
            let head = try await bench.commit(["a.yaml": manifest("a")])
            _ = try await bench.read()
            let notes = ledger(bench)
            try await notes.append([Domain.NoteAddition(commit: head, lines: lines("before"))]).get()
            #expect(try await notes.push().get() == .pushed)
            _ = try await bench.access.git.setAside()
            _ = try await bench.read()
            try await notes.append([Domain.NoteAddition(commit: head, lines: lines("after"))]).get()
            #expect(try await notes.push().get() == .pushed)
            try await bench.second { other in
                _ = try await other.read()
                let theirs = ledger(other)
                try await theirs.fetch().get()
                #expect(Set(try await theirs.read(head).get()) == ["before", "after"])
            }
        }
    }

    @Test(.enabled(if: GitDaemon.isAvailable, "needs python3"))
    func `a remote that takes no notes is quoted`() async throws {
        try await SourceBench.run { bench in
            let head = try await bench.commit(["a.yaml": manifest("a")])
            try await bench.refusing("refs/notes/*", "no notes here") { bench in
                _ = try await bench.read()
                let notes = ledger(bench)
                try await notes.append([Domain.NoteAddition(commit: head, lines: lines("one"))]).get()
                guard case .refused(let words) = try await notes.push().get() else {
                    Issue.record("not refused")
                    return
                }
                #expect(words.contains("hook declined"))
                #expect(try await notes.read(head).get() == ["one"])
            }
        }
    }

    @Test
    func `a full note ends with one line that names what it leaves out`() async throws {
        try await SourceBench.run { bench in
            let head = try await bench.commit(["a.yaml": manifest("a")])
            _ = try await bench.read()
            let notes = ledger(bench)
            for batch in 0..<3 {
                let lines = (1...40).map { number in
                    let record = batch * 40 + number
                    return NoteLine(text: "\(record) " + String(repeating: "x", count: 995), record: Int64(record))
                }
                try await notes.append([Domain.NoteAddition(commit: head, lines: lines)]).get()
                try await notes.append([Domain.NoteAddition(commit: head, lines: lines)]).get()
            }
            let all = try await notes.read(head).get()
            let bytes = all.reduce(0) { $0 + $1.utf8.count + 1 }
            #expect(bytes <= NoteLimits.maxNoteBytes && bytes > NoteLimits.maxNoteBytes - 1_200)
            #expect(all.last == "{\"more\":{\"first\":\(all.count),\"last\":120}}")
            #expect(all.filter { $0.hasPrefix("{\"more\"") }.count == 1)
            #expect(all.first?.hasPrefix("1 x") == true)
        }
    }

    @Test
    func `a closed note takes no line after its last one, however short`() async throws {
        try await SourceBench.run { bench in
            let head = try await bench.commit(["a.yaml": manifest("a")])
            _ = try await bench.read()
            let notes = ledger(bench)
            func add(_ length: Int, _ record: Int64) async throws {
                let line = NoteLine(text: "\(record) " + String(repeating: "x", count: length), record: record)
                try await notes.append([Domain.NoteAddition(commit: head, lines: [line])]).get()
            }
            for record in 1...64 as ClosedRange<Int64> { try await add(1_000, record) }
            try await add(4_000, 65)
            try await add(2, 66)
            let all = try await notes.read(head).get()
            #expect(all.count == 65 && all.last == "{\"more\":{\"first\":65,\"last\":66}}")
        }
    }

    @Test
    func `a text takes no line that does not fit, and none after it`() {
        var text = NoteText()
        text.add([NoteLine(text: String(repeating: "y", count: 70_000), record: 7), NoteLine(text: "short", record: 8)])
        #expect(text.allLines == ["{\"more\":{\"first\":7,\"last\":8}}"])
        text.add([NoteLine(text: "short", record: 8)])
        #expect(text.allLines == ["{\"more\":{\"first\":7,\"last\":8}}"])
    }
}
