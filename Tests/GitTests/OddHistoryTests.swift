import Foundation
import Git
import Testing

/// Objects that git's own commands would not make.
@Suite struct OddHistoryTests {
    private func write(_ kind: String, _ bytes: Data, in fixture: Fixture) async throws -> ObjectID {
        let text = try await Tool.git(
            ["hash-object", "-t", kind, "-w", "--stdin", "--literally"], in: fixture.remote, input: bytes
        ).text
        return try #require(ObjectID(hex: text))
    }

    @Test func `odd people, times and messages are read as they are`() async throws {
        let fixture = try await Fixture()
        let base = try await fixture.commit(["a": "1"])
        let tree = try await fixture.id("HEAD^{tree}")
        var raw = Data("tree \(tree)\nparent \(base)\nauthor J".utf8)
        raw += Data([0xFF, 0xFE]) + Data(" <j@x> 99999999999999999999 +9999\ncommitter no email at all\n".utf8)
        raw += Data("encoding latin1\n\ngpgsig in the body\n\0 after a NUL\n".utf8)
        let id = try await write("commit", raw, in: fixture)
        try await fixture.withRepository(clone: fixture.remote) { repository in
            let commit = try await repository.commit(id)
            #expect(commit.raw == Array(raw))
            #expect(commit.author.seconds == .max && commit.author.offsetMinutes == 0)
            #expect(commit.author.email == "j@x")
            #expect(commit.committer == Person(name: "no email at all", email: "", seconds: 0))
            #expect(commit.message.hasPrefix("gpgsig in the body\n\0 after"))
            #expect(commit.parents == [base])
        }
    }

    @Test func `commits and trees that are malformed are an error, not a crash`() async throws {
        let fixture = try await Fixture()
        try await fixture.commit(["a": "1", "b": "2"])
        let tree = try await fixture.id("HEAD^{tree}")
        let blob = try await fixture.id("HEAD:a")
        let entry = Data(blob.bytes)
        var commits: [Data] = [Data(), Data("tree".utf8), Data("tree 1234\n".utf8), Data("parent \(blob)\n".utf8)]
        commits.append(Data("tree \(tree)\nparent xyz\n\n".utf8))
        commits.append(Data(("tree \(tree)\n" + String(repeating: "parent \(tree)\n", count: 5_000)).utf8))
        func line(_ text: String) -> Data { Data(text.utf8) + entry }
        var trees: [Data] = ["100644", "100644 a", "100644 a\0short"].map { Data($0.utf8) }
        trees += ["9 a\0", "100644 \0", "100644 a/b\0", "77777777777777777777 a\0"].map(line)
        trees.append(line("100644 b\0") + line("100644 a\0"))
        trees.append(line("100644 a\0") + line("100644 a\0"))
        try await fixture.withRepository(clone: fixture.remote) { repository in
            for raw in commits {
                let id = try await write("commit", raw, in: fixture)
                let thrown = await code { _ = try await repository.commit(id) }
                #expect(thrown == .protocolError, "\(String(decoding: raw.prefix(60), as: UTF8.self))")
            }
            for raw in trees {
                let id = try await write("tree", raw, in: fixture)
                let thrown = await code { _ = try await repository.changes(from: nil, to: id) }
                #expect(thrown == .protocolError, "\(raw.prefix(30))")
            }
            let fine = try await repository.changes(from: nil, to: tree)
            #expect(fine.count == 2, "the worker lives on")
        }
    }

    @Test func `folders nested without end are reported and not entered`() async throws {
        let fixture = try await Fixture()
        try await fixture.commit(["a": "1"])
        let blob = try await fixture.id("HEAD:a")
        var id = try await write("tree", Data("100644 leaf\0".utf8) + Data(blob.bytes), in: fixture)
        for _ in 0..<80 { id = try await write("tree", Data("40000 d\0".utf8) + Data(id.bytes), in: fixture) }
        let root = id
        try await fixture.withRepository(clone: fixture.remote) { repository in
            let changes = try await repository.changes(from: nil, to: root)
            #expect(changes.count == 1)
            #expect(changes.first?.new?.kind == .folder)
        }
    }

    @Test func `more changes than allowed are an error`() async throws {
        let fixture = try await Fixture()
        try await fixture.commit(["a": "1", "b": "2", "c": "3"])
        var limits = GitLimits()
        limits.maxChanges = 2
        try await fixture.withRepository(clone: fixture.work, limits: limits) { repository in
            let head = try #require(try await repository.ref("refs/heads/main"))
            let thrown = await code { _ = try await repository.changes(from: nil, to: head) }
            #expect(thrown == .tooLarge)
        }
    }

    @Test func `one change among ten thousand files costs the changed folder`() async throws {
        let fixture = try await Fixture()
        var stream = "blob\nmark :1\ndata 1\na\nblob\nmark :2\ndata 1\nb\n"
        stream += "commit refs/heads/main\ncommitter C <c@example.org> 1 +0000\ndata 1\nx\n"
        for number in 0..<10_000 { stream += "M 100644 :1 bots/\(number % 100)/\(number).yaml\n" }
        stream +=
            "commit refs/heads/main\ncommitter C <c@example.org> 2 +0000\ndata 1\nx\nM 100644 :2 bots/7/7.yaml\n\n"
        try await Tool.git(["fast-import", "--quiet"], in: fixture.remote, input: Data(stream.utf8))
        try await fixture.withRepository { repository in
            let head = try await repository.fetch(branch: "main").head
            let parent = try #require(try await repository.commit(head).parents.first)
            let all = try await repository.changes(from: nil, to: head)
            #expect(all.count == 10_000)
            let one = try await repository.changes(from: parent, to: head, under: "bots")
            #expect(one.map(\.path.text) == ["bots/7/7.yaml"])
        }
    }
}
