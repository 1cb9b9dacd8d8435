import Foundation
import Git
import Testing

@Suite struct NotesTests {
    private static let ref = "refs/notes/ballast"

    private func commits(_ count: Int, in fixture: Fixture) async throws -> [ObjectID] {
        var stream = ""
        for number in 0..<count {
            stream += "commit refs/heads/main\ncommitter C <c@example.org> \(1_600_000_000 + number) +0000\n"
            stream += "data 1\nx\n\n"
        }
        try await Tool.git(["fast-import", "--quiet"], in: fixture.remote, input: Data(stream.utf8))
        return try await Tool.git(["rev-list", "main"], in: fixture.remote).lines.compactMap { ObjectID(hex: $0) }
    }

    private func bare(_ fixture: Fixture) -> String { "\(fixture.copy)/repository.git" }

    @Test func `git reads what is written, and the other way round`() async throws {
        let fixture = try await Fixture()
        let ids = try await commits(3, in: fixture)
        try await fixture.withRepository { repository in
            _ = try await repository.fetch(branch: "main")
            let first = try await repository.appendNotes(
                Self.ref, [NoteAddition(target: ids[0], lines: ["{\"a\":1}", "{\"a\":2}"])], writer: fixture.writer)
            let told = try await Tool.git(["notes", "--ref", Self.ref, "show", ids[0].hex], in: bare(fixture))
            #expect(told.text == "{\"a\":1}\n{\"a\":2}")
            try await Tool.git(["notes", "--ref", Self.ref, "add", "-m", "by hand", ids[1].hex], in: bare(fixture))
            try await Tool.git(["notes", "--ref", Self.ref, "append", "-m", "by git", ids[0].hex], in: bare(fixture))
            let byHand = try await repository.note(Self.ref, on: ids[1])
            #expect(byHand?.text == "by hand\n")
            let second = try await repository.appendNotes(
                Self.ref,
                [
                    NoteAddition(target: ids[0], lines: ["{\"a\":2}", "{\"a\":3}"]),
                    NoteAddition(target: ids[1], lines: ["ours"]),
                ],
                writer: fixture.writer)
            let mixed = try await repository.note(Self.ref, on: ids[0])
            #expect(
                mixed?.text == "{\"a\":1}\n{\"a\":2}\n\nby git\n{\"a\":3}\n",
                "what was there stays; a repeated line is not added")
            let unchanged = try await repository.appendNotes(
                Self.ref, [NoteAddition(target: ids[1], lines: ["ours"])], writer: fixture.writer)
            #expect(unchanged.tip == second.tip)
            let old = try await repository.note(Self.ref, on: ids[1], tip: first.tip)
            #expect(old == nil)
            let listed = try await repository.notes(Self.ref)
            let names = try await Tool.git(["notes", "--ref", Self.ref, "list"], in: bare(fixture)).lines
            #expect(Set(names) == Set(listed.map { "\($0.blob) \($0.target)" }))
            let none = try await repository.note(Self.ref, on: ids[2])
            #expect(none == nil)
        }
        let fsck = try await Tool.git(["fsck", "--full", "--strict"], in: bare(fixture))
        #expect(!fsck.errors.contains("error") && !fsck.errors.contains("missing"))
    }

    @Test func `a note that would grow too large is left alone and named`() async throws {
        let fixture = try await Fixture()
        let ids = try await commits(2, in: fixture)
        try await fixture.withRepository { repository in
            _ = try await repository.fetch(branch: "main")
            let line = String(repeating: "x", count: 60)
            let written = try await repository.appendNotes(
                Self.ref,
                [
                    NoteAddition(target: ids[0], lines: [line]),
                    NoteAddition(target: ids[1], lines: [line, line + "y"]),
                ],
                maxNoteBytes: 100, writer: fixture.writer)
            #expect(written.full == [ids[1]: 0])
            let whole = try await repository.note(Self.ref, on: ids[0])
            #expect(whole?.count == 61)
            let missing = try await repository.note(Self.ref, on: ids[1])
            #expect(missing == nil)
            let odd = await code {
                _ = try await repository.appendNotes(
                    Self.ref, [NoteAddition(target: ids[0], lines: ["a\nb"])], writer: fixture.writer)
            }
            #expect(odd == .badRequest)
        }
    }

    @Test func `a thousand notes cost one commit, one pack and little time`() async throws {
        let fixture = try await Fixture()
        let ids = try await commits(1_000, in: fixture)
        #expect(ids.count == 1_000)
        try await fixture.withRepository { repository in
            _ = try await repository.fetch(branch: "main")
            // A flat tree to begin with, as git makes it for few notes.
            for id in ids.prefix(3) {
                try await Tool.git(["notes", "--ref", Self.ref, "add", "-m", "before", id.hex], in: bare(fixture))
            }
            let line = String(repeating: "n", count: 400)
            let start = ContinuousClock.now
            let written = try await repository.appendNotes(
                Self.ref, ids.map { NoteAddition(target: $0, lines: ["\(line) \($0)"]) }, writer: fixture.writer)
            let time = ContinuousClock.now - start
            #expect(time < .seconds(30), "took \(time)")
            let names = try await Tool.git(["notes", "--ref", Self.ref, "list"], in: bare(fixture)).lines
            #expect(names.count == 1_000)
            let one = try await Tool.git(["notes", "--ref", Self.ref, "show", ids[1].hex], in: bare(fixture)).text
            #expect(one == "before\n\(line) \(ids[1])")
            let folders = try await Tool.git(["ls-tree", Self.ref], in: bare(fixture)).lines
            #expect(folders.allSatisfy { $0.hasPrefix("040000 tree") })
            let again = try await repository.appendNotes(
                Self.ref, ids.prefix(20).map { NoteAddition(target: $0, lines: ["more"]) }, writer: fixture.writer)
            let parent = try await repository.commit(#require(again.tip)).parents
            #expect(parent == [written.tip].compactMap(\.self))
            let last = try await repository.notes(Self.ref)
            #expect(last.count == 1_000)
        }
        let fsck = try await Tool.git(["fsck", "--full", "--strict"], in: bare(fixture))
        #expect(!fsck.errors.contains("error") && !fsck.errors.contains("missing"))
    }

    @Test func `a deep fan-out made by git is read and kept`() async throws {
        let fixture = try await Fixture()
        let ids = try await commits(400, in: fixture)
        var stream =
            "blob\nmark :1\ndata 5\nnote\n\ncommit \(Self.ref)\ncommitter C <c@example.org> 1700000000 +0000\ndata 1\nx\n"
        for id in ids { stream += "N :1 \(id)\n" }
        try await Tool.git(["fast-import", "--quiet"], in: fixture.remote, input: Data((stream + "\n").utf8))
        try await fixture.withRepository { repository in
            _ = try await repository.fetch(branch: "main")
            let theirs = try #require(try await repository.fetchNotes(Self.ref))
            let tip = try await repository.mergeNotes(Self.ref, theirs: theirs, writer: fixture.writer)
            #expect(tip == theirs)
            let listed = try await repository.notes(Self.ref)
            #expect(listed.map(\.target) == ids.sorted())
            _ = try await repository.appendNotes(
                Self.ref, [NoteAddition(target: ids[7], lines: ["more"])], writer: fixture.writer)
            let note = try await repository.note(Self.ref, on: ids[7])
            #expect(note?.text == "note\nmore\n")
            let names = try await Tool.git(["notes", "--ref", Self.ref, "list"], in: bare(fixture)).lines
            #expect(names.count == 400)
        }
    }

    @Test func `two histories of notes become one and no line is lost`() async throws {
        let fixture = try await Fixture()
        let ids = try await commits(4, in: fixture)
        try await fixture.withRepository { repository in
            _ = try await repository.fetch(branch: "main")
            let base = try await repository.appendNotes(
                Self.ref, [NoteAddition(target: ids[0], lines: ["base 1", "base 2"])], writer: fixture.writer)
            let pushed = try await repository.push(#require(base.tip), to: Self.ref, expecting: nil)
            #expect(pushed == .done)
            let other = fixture.scratch("other")
            try await Tool.git(["clone", "-q", fixture.remote, other], in: fixture.scratch.path)
            try await Tool.git(["fetch", "-q", "origin", "\(Self.ref):\(Self.ref)"], in: other)
            for text in ["theirs a", "theirs b"] {
                try await Tool.git(["notes", "--ref", Self.ref, "append", "-m", text, ids[0].hex], in: other)
            }
            try await Tool.git(["notes", "--ref", Self.ref, "add", "-m", "theirs alone", ids[1].hex], in: other)
            try await Tool.git(["push", "-q", "origin", Self.ref], in: other)

            let ours = try await repository.appendNotes(
                Self.ref,
                [NoteAddition(target: ids[0], lines: ["ours"]), NoteAddition(target: ids[2], lines: ["ours alone"])],
                writer: fixture.writer)
            let lost = try await repository.push(#require(ours.tip), to: Self.ref, expecting: base.tip)
            #expect(lost == .moved)
            let theirs = try #require(try await repository.fetchNotes(Self.ref))
            let merged = try await repository.mergeNotes(Self.ref, theirs: theirs, writer: fixture.writer)
            let parents = try await repository.commit(merged).parents
            #expect(parents == [ours.tip, theirs].compactMap(\.self))
            let won = try await repository.push(merged, to: Self.ref, expecting: theirs)
            #expect(won == .done)
            let shared = try await Tool.git(["notes", "--ref", Self.ref, "show", ids[0].hex], in: fixture.remote).text
            #expect(shared.split(separator: "\n") == ["base 1", "base 2", "theirs a", "theirs b", "ours"])
            for (id, text) in [(ids[1], "theirs alone"), (ids[2], "ours alone")] {
                let note = try await repository.note(Self.ref, on: id)
                #expect(note?.text == text + "\n")
            }
            let again = try await repository.mergeNotes(Self.ref, theirs: theirs, writer: fixture.writer)
            #expect(again == merged, "merging twice changes nothing")
        }
        let fsck = try await Tool.git(["fsck", "--full", "--strict"], in: bare(fixture))
        #expect(!fsck.errors.contains("error") && !fsck.errors.contains("missing"))
    }

    @Test func `eight git processes and we write the same ref at once`() async throws {
        let fixture = try await Fixture()
        let ids = try await commits(4, in: fixture)
        let folder = bare(fixture)
        try await fixture.withRepository { repository in
            _ = try await repository.fetch(branch: "main")
            _ = try await repository.appendNotes(
                Self.ref, [NoteAddition(target: ids[0], lines: ["ours 0"])], writer: fixture.writer)
            let theirs = try await withThrowingTaskGroup(of: [String].self) { group in
                for writer in 0..<8 {
                    group.addTask {
                        // git notes does not compare: it works on a ref of its own, and update-ref compares.
                        let own = "refs/notes/writer-\(writer)"
                        var written: [String] = []
                        for number in 0..<4 {
                            let text = "git \(writer) \(number)"
                            let won = try await eventually(within: 120) {
                                let tip = try await Tool.git(["rev-parse", Self.ref], in: folder).text
                                try await Tool.git(["update-ref", own, tip], in: folder)
                                try await Tool.git(
                                    ["notes", "--ref", own, "append", "-m", text, ids[number].hex], in: folder)
                                return try await Tool.run(
                                    "/usr/bin/git", ["update-ref", Self.ref, own, tip], in: folder
                                ).status == 0
                            }
                            #expect(won)
                            written.append(text)
                        }
                        return written
                    }
                }
                group.addTask {
                    for number in 0..<20 {
                        let done = try await eventually(within: 60) {
                            do {
                                _ = try await repository.appendNotes(
                                    Self.ref, ids.map { NoteAddition(target: $0, lines: ["ours \(number)"]) },
                                    writer: fixture.writer)
                                return true
                            } catch let error as GitError where error.code == .conflict {
                                return false
                            }
                        }
                        #expect(done)
                    }
                    return []
                }
                return try await group.reduce(into: [String]()) { $0 += $1 }
            }
            #expect(theirs.count == 32)
            for (number, id) in ids.enumerated() {
                let text = try await repository.note(Self.ref, on: id)?.text ?? ""
                let lines = text.split(separator: "\n").map(String.init)
                #expect(lines.filter { $0.hasPrefix("ours") } == (0..<20).map { "ours \($0)" })
                #expect(Set(lines.filter { $0.hasPrefix("git") }) == Set((0..<8).map { "git \($0) \(number)" }))
            }
        }
    }

    @Test(arguments: [true, false]) func `two copies push notes to one remote at once`(overDaemon: Bool) async throws {
        guard Server.isAvailable || !overDaemon else { return }
        let fixture = try await Fixture()
        let ids = try await commits(2, in: fixture)
        let server = overDaemon ? try Server.daemon(for: fixture) : nil
        let address = server.map { "git://127.0.0.1:\($0.port)/remote.git" } ?? fixture.remote
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<4 {
                group.addTask {
                    try await fixture.withRepository(remote: address, folder: fixture.scratch("copy\(writer)")) {
                        repository in
                        _ = try await repository.fetch(branch: "main")
                        for number in 0..<5 {
                            _ = try await repository.appendNotes(
                                Self.ref, ids.map { NoteAddition(target: $0, lines: ["\(writer) \(number)"]) },
                                writer: fixture.writer)
                            let done = try await eventually(within: 60) {
                                let theirs = try await repository.fetchNotes(Self.ref)
                                let mine = try await repository.ref(Self.ref)
                                guard let mine else { return false }
                                guard let theirs else {
                                    return try await repository.push(mine, to: Self.ref, expecting: nil) == .done
                                }
                                let merged = try await repository.mergeNotes(
                                    Self.ref, theirs: theirs, writer: fixture.writer)
                                return try await repository.push(merged, to: Self.ref, expecting: theirs) == .done
                            }
                            #expect(done)
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        for id in ids {
            let text = try await Tool.git(["notes", "--ref", Self.ref, "show", id.hex], in: fixture.remote).text
            let expected = (0..<4).flatMap { writer in (0..<5).map { "\(writer) \($0)" } }
            #expect(text.split(separator: "\n").map(String.init).sorted() == expected.sorted())
        }
    }
}
