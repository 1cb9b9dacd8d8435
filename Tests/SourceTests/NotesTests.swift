import Domain
import Foundation
import Git
import Source
import Support
import Testing

/// The ledger against git's own notes, and against other writers.
struct NotesTests {
    private static let ref = "refs/notes/ballast"

    private func ledger(_ bench: SourceBench) -> GitNotes {
        GitNotes(access: bench.access, ref: Self.ref, clock: StandingClock())
    }

    private func lines(_ texts: String...) -> [NoteLine] {
        texts.enumerated().map { NoteLine(text: $1, record: Int64($0 + 1)) }
    }

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
            try await bench.fixture.git("fetch", "--quiet", "origin", "\(Self.ref):\(Self.ref)")
            let log = try await bench.fixture.git("log", "-1", "--notes=ballast", "--format=%N")
            #expect(log == "{\"a\":1}\n{\"a\":2}\n{\"a\":3}\n")
            let clone = CloneNotes(path: bench.fixture.path, ref: Self.ref, workerPath: try BuiltProducts.ballast())
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
    func `a note that is full keeps the very bytes of others`() async throws {
        try await SourceBench.run { bench in
            let head = try await bench.commit(["a.yaml": manifest("a")])
            let stranger: [UInt8] = [0xFF, 0xFE, 0x41]
            let file = bench.folder.path("foreign")
            try Data(stranger + [0x0A]).write(to: URL(fileURLWithPath: file))
            try await bench.fixture.git("notes", "--ref=ballast", "add", "--file", file, head.hex)
            try await bench.fixture.push(Self.ref)
            _ = try await bench.read()
            let notes = ledger(bench)
            try await notes.fetch().get()
            let long = String(repeating: "x", count: 40_000)
            for number in 1...3 {
                let line = NoteLine(text: "{\"n\":\(number),\"x\":\"\(long)\"}", record: Int64(number))
                try await notes.append([Domain.NoteAddition(commit: head, lines: [line])]).get()
            }
            let id = try #require(ObjectID(hex: head.hex))
            let bytes = try #require(try await bench.access.git.note(Self.ref, on: id))
            let rows = bytes.split(separator: 0x0A)
            #expect(rows.count == 3 && Array(rows[0]) == stranger)
            #expect(String(decoding: rows[2], as: UTF8.self) == "{\"more\":{\"first\":2,\"last\":3}}")
        }
    }

    @Test
    func `a note that others made too large takes nothing, until they make it smaller`() async throws {
        try await SourceBench.run { bench in
            let one = try await bench.commit(["a.yaml": manifest("a")])
            let two = try await bench.commit(["b.yaml": manifest("b")])
            _ = try await bench.read()
            let notes = ledger(bench)
            let ours = Domain.NoteAddition(commit: one, lines: lines("ours"))
            try await notes.append([ours]).get()
            #expect(try await notes.push().get() == .pushed)
            let file = bench.folder.path("huge")
            try String(repeating: "a remark\n", count: NotesLimits.maxNoteBytes / 8).write(
                toFile: file, atomically: true, encoding: .utf8)
            try await bench.fixture.git("fetch", "--quiet", "origin", "\(Self.ref):\(Self.ref)")
            try await bench.fixture.git("notes", "--ref=ballast", "append", "--file", file, one.hex)
            try await bench.fixture.push(Self.ref)
            // What was not written here yet is merged with it, however large.
            try await notes.append([Domain.NoteAddition(commit: two, lines: lines("more"))]).get()
            #expect(try await notes.push().get() == .lost)
            #expect(try await notes.push().get() == .pushed)
            let later = Domain.NoteAddition(commit: one, lines: lines("later"))
            guard case .failed(let failure) = await notes.append([later]) else {
                Issue.record("it was written")
                return
            }
            #expect(failure.code == .tooLarge && failure.message.contains("the note on commit \(one.short)"))
            #expect(failure.message.contains("git notes"))
            let pages = try #require(try await notes.remoteListing().get())
            let content = try await pages.page(0).get().first { $0.commit == one }?.content
            guard case .tooLarge = content else {
                Issue.record("\(String(describing: content))")
                return
            }
            try await bench.fixture.git("fetch", "--quiet", "origin", "+\(Self.ref):\(Self.ref)")
            try await bench.fixture.git("notes", "--ref=ballast", "add", "--force", "-m", "ours", one.hex)
            try await bench.fixture.push(Self.ref)
            try await notes.append([later]).get()
            #expect(try await notes.read(one).get() == ["ours", "later"])
            #expect(try await notes.push().get() == .pushed)
        }
    }

    @Test
    func `the remote's notes are read as they are there, beside ours`() async throws {
        try await SourceBench.run { bench in
            let head = try await bench.commit(["a.yaml": manifest("a")])
            _ = try await bench.read()
            let notes = ledger(bench)
            #expect(try await notes.remoteListing().get() == nil)
            try await notes.append([Domain.NoteAddition(commit: head, lines: lines("one"))]).get()
            #expect(try await notes.push().get() == .pushed)
            try await notes.append([Domain.NoteAddition(commit: head, lines: lines("two"))]).get()
            let theirs = try #require(try await notes.remoteListing().get())
            #expect(try await theirs.all() == [CommitNote(commit: head, lines: ["one"])])
            #expect(try await notes.read(head).get() == ["one", "two"])
            let blob = try await bench.fixture.git("hash-object", "-w", "--stdin", input: "no commit")
            try await bench.fixture.git("push", "--quiet", "--force", "origin", "\(blob):\(Self.ref)")
            for _ in 0..<2 {
                guard case .failed(let failure) = await notes.remoteListing() else {
                    Issue.record("notes were read of a blob")
                    return
                }
                #expect(failure.code == .protocolError)
                #expect(failure.message.contains("which is a blob and no commit"), "\(failure.message)")
            }
            #expect(try await notes.read(head).get() == ["one", "two"])
        }
    }

    @Test
    func `a copy that borrows fetches what is new alone, and reads what the remote has now`() async throws {
        try await SourceBench.run { bench in
            let head = try await bench.commit(["a.yaml": manifest("a")])
            _ = try await bench.read()
            let notes = ledger(bench)
            for text in ["one", "two"] {
                try await notes.append([Domain.NoteAddition(commit: head, lines: lines(text))]).get()
                #expect(try await notes.push().get() == .pushed)
                _ = try await notes.remoteListing().get()
            }
            let lender = bench.folder.path("copy/repository.git")
            func borrowed(_ name: String) async throws -> [CommitNote]? {
                let access = try RepositoryAccess(
                    settings: bench.settings, copyFolder: bench.folder.path(name), lender: lender,
                    workerPath: BuiltProducts.ballast(), secrets: NoSecrets())
                let found = await GitNotes(access: access, ref: Self.ref, clock: StandingClock()).remoteListing()
                let all = try await found.get()?.all()
                await access.shutdown()
                return all
            }
            #expect(try await borrowed("b1") == [CommitNote(commit: head, lines: ["one", "two"])])
            let packs = try FileManager.default.contentsOfDirectory(
                atPath: bench.folder.path("b1/repository.git/objects/pack"))
            #expect(packs.isEmpty, "nothing was fetched")
            // Somebody puts older notes into their place.
            try await bench.fixture.git("fetch", "--quiet", "origin", "\(Self.ref):\(Self.ref)")
            let older = try await bench.fixture.git("rev-parse", "\(Self.ref)~1")
            try await bench.fixture.git("push", "--quiet", "--force", "origin", "\(older):\(Self.ref)")
            #expect(try await borrowed("b2") == [CommitNote(commit: head, lines: ["one"])])
            try await bench.fixture.git("push", "--quiet", "origin", ":\(Self.ref)")
            #expect(try await borrowed("b3") == nil)
            // A lender that is damaged is done without.
            try FileManager.default.removeItem(atPath: lender + "/objects")
            _ = try await bench.fixture.git("push", "--quiet", "origin", "\(older):\(Self.ref)")
            #expect(try await borrowed("b4") == [CommitNote(commit: head, lines: ["one"])])
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
