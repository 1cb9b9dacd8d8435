import Domain
import Foundation
import Git
import Source
import Support
import Testing

/// What others make of notes, and how the remote's are read.
struct RemoteNotesTests {
    @Test
    func `a note that is full keeps the very bytes of others`() async throws {
        try await SourceBench.run { bench in
            let head = try await bench.commit(["a.yaml": manifest("a")])
            let stranger: [UInt8] = [0xFF, 0xFE, 0x41]
            let file = bench.folder.path("foreign")
            try Data(stranger + [0x0A]).write(to: URL(fileURLWithPath: file))
            try await bench.fixture.git("notes", "--ref=ballast", "add", "--file", file, head.hex)
            try await bench.fixture.push(notesRef)
            _ = try await bench.read()
            let notes = ledger(bench)
            try await notes.fetch().get()
            let long = String(repeating: "x", count: 40_000)
            for number in 1...3 {
                let line = NoteLine(text: "{\"n\":\(number),\"x\":\"\(long)\"}", record: Int64(number))
                try await notes.append([Domain.NoteAddition(commit: head, lines: [line])]).get()
            }
            let id = try #require(ObjectID(hex: head.hex))
            let bytes = try #require(try await bench.access.git.note(notesRef, on: id))
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
            try await bench.fixture.git("fetch", "--quiet", "origin", "\(notesRef):\(notesRef)")
            try await bench.fixture.git("notes", "--ref=ballast", "append", "--file", file, one.hex)
            try await bench.fixture.push(notesRef)
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
            try await bench.fixture.git("fetch", "--quiet", "origin", "+\(notesRef):\(notesRef)")
            try await bench.fixture.git("notes", "--ref=ballast", "add", "--force", "-m", "ours", one.hex)
            try await bench.fixture.push(notesRef)
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
            try await bench.fixture.git("push", "--quiet", "--force", "origin", "\(blob):\(notesRef)")
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
                let found = await GitNotes(access: access, ref: notesRef, clock: StandingClock()).remoteListing()
                let all = try await found.get()?.all()
                await access.shutdown()
                return all
            }
            #expect(try await borrowed("b1") == [CommitNote(commit: head, lines: ["one", "two"])])
            let packs = try FileManager.default.contentsOfDirectory(
                atPath: bench.folder.path("b1/repository.git/objects/pack"))
            #expect(packs.isEmpty, "nothing was fetched")
            // Somebody puts older notes into their place.
            try await bench.fixture.git("fetch", "--quiet", "origin", "\(notesRef):\(notesRef)")
            let older = try await bench.fixture.git("rev-parse", "\(notesRef)~1")
            try await bench.fixture.git("push", "--quiet", "--force", "origin", "\(older):\(notesRef)")
            #expect(try await borrowed("b2") == [CommitNote(commit: head, lines: ["one"])])
            try await bench.fixture.git("push", "--quiet", "origin", ":\(notesRef)")
            #expect(try await borrowed("b3") == nil)
            // A lender that is damaged is done without.
            try FileManager.default.removeItem(atPath: lender + "/objects")
            _ = try await bench.fixture.git("push", "--quiet", "origin", "\(older):\(notesRef)")
            #expect(try await borrowed("b4") == [CommitNote(commit: head, lines: ["one"])])
        }
    }

    @Test(.enabled(if: GitDaemon.isAvailable, "needs python3"))
    func `what the lender pushed is not sent again by a server`() async throws {
        try await SourceBench.run { bench in
            let head = try await bench.commit(["a.yaml": manifest("a")])
            try await bench.refusing("refs/heads/closed", "no") { bench in
                _ = try await bench.read()
                let notes = ledger(bench)
                for number in 1...20 {
                    try await notes.append([Domain.NoteAddition(commit: head, lines: lines("ours \(number)"))]).get()
                    #expect(try await notes.push().get() == .pushed)
                }
                try await bench.fixture.git("fetch", "--quiet", "origin", "\(notesRef):\(notesRef)")
                try await bench.fixture.git("notes", "--ref=ballast", "append", "-m", "theirs", head.hex)
                try await bench.fixture.push(notesRef)
                let access = try RepositoryAccess(
                    settings: bench.settings, copyFolder: bench.folder.path("b1"),
                    lender: bench.folder.path("copy-served/repository.git"), workerPath: BuiltProducts.ballast(),
                    secrets: NoSecrets())
                let found = await GitNotes(access: access, ref: notesRef, clock: StandingClock()).remoteListing()
                let rows = try await found.get()?.all().first?.lines
                await access.shutdown()
                #expect(rows?.count == 21 && rows?.last == "theirs")
                let repository = bench.folder.path("b1/repository.git")
                let packs = try FileManager.default.contentsOfDirectory(atPath: repository + "/objects/pack")
                let index = try #require(packs.first { $0.hasSuffix(".idx") })
                let counted = try await checkProcess(
                    "sh", ["-c", "git show-index < \(repository)/objects/pack/\(index) | wc -l"])
                let sent = Int(counted.standardOutput.filter(\.isNumber)) ?? 0
                #expect((1...4).contains(sent), "a commit, its trees and one note: \(sent)")
            }
        }
    }
}
