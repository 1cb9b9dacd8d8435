import Foundation
import Git
import Testing

@Suite struct ReadingTests {
    @Test func `a branch is looked at, fetched, and not fetched again`() async throws {
        let fixture = try await Fixture()
        let first = try await fixture.commit(["bots/a.yaml": "a"])
        try await fixture.withRepository { repository in
            #expect(try await repository.look(branch: "main") == first)
            let whole = try await repository.fetch(branch: "main")
            #expect(whole.head == first && whole.isNew && whole.transferMilliseconds != nil)
            #expect(try await repository.fetch(branch: "main", known: first) == FetchAnswer(head: first, isNew: false))
            let second = try await fixture.commit(["bots/a.yaml": "b"], "Second\n\nwith a body")
            let next = try await repository.fetch(branch: "main", known: first)
            #expect(next.head == second && next.isNew && next.transferMilliseconds != nil)
            let commit = try await repository.commit(second)
            #expect(commit.parents == [first])
            #expect(commit.subject == "Second")
            #expect(commit.author.label == "Ann <ann@example.org>")
            #expect(commit.committer.label == "Carl <carl@example.org>")
            let raw = try await Tool.git(["cat-file", "commit", second.hex], in: fixture.work).output
            #expect(commit.raw == Array(raw))
        }
    }

    @Test func `changes are those that git names`() async throws {
        let fixture = try await Fixture()
        let first = try await fixture.commit([
            "bots/a.yaml": "a", "bots/deep/b.yaml": "b", "bots/gone.yaml": "x", "other/c": "c", "bots.txt": "t",
            "bots/kind": "file",
        ])
        try await Tool.git(["rm", "-q", "bots/kind"], in: fixture.work)
        let second = try await fixture.commit([
            "bots/a.yaml": "a2", "bots/deep/new.yaml": "n", "bots/gone.yaml": nil, "other/c": "c2", "bots.txt": "t2",
            "bots/kind/inside": "folder",
        ])
        try await fixture.withRepository { repository in
            _ = try await repository.fetch(branch: "main")
            for folder in ["", "bots", "bots/deep", "nowhere"] {
                let changes = try await repository.changes(from: first, to: second, under: folder)
                let told = try await Tool.git(
                    ["diff-tree", "-r", "--no-renames", "--name-only", first.hex, second.hex, "--"]
                        + (folder.isEmpty ? [] : [folder + "/"]), in: fixture.work)
                #expect(changes.map(\.path.text) == told.lines, "below '\(folder)'")
            }
            let all = try await repository.changes(from: nil, to: second, under: "bots")
            let listed = try await Tool.git(["ls-tree", "-r", "--name-only", second.hex, "bots/"], in: fixture.work)
            #expect(all.map(\.path.text) == listed.lines)
            #expect(all.allSatisfy { $0.old == nil && $0.new?.kind == .file })
        }
    }

    @Test func `links, submodules and odd names are reported and never followed`() async throws {
        let fixture = try await Fixture()
        let base = try await fixture.commit(["bots/a.yaml": "a"])
        let blob = try await Tool.git(["hash-object", "-w", "--stdin"], in: fixture.work, input: Data("x".utf8)).text
        var index = Data("120000 \(blob)\tbots/link.yaml\0".utf8)
        index += Data("160000 \(base.hex)\tbots/module\0".utf8)
        index += Data("100755 \(blob)\tbots/run.yaml\0".utf8)
        index += Data("100644 \(blob)\tbots/".utf8) + Data([0xE9, 0xFF]) + Data(".yaml\0".utf8)
        index += Data("100644 \(blob)\tbots/new\nline.yaml\0".utf8)
        index += Data("100644 \(blob)\tbots/größe.yaml\0".utf8)
        try await Tool.git(["update-index", "-z", "--index-info"], in: fixture.work, input: index)
        try await Tool.git(["commit", "-q", "-m", "Odd"], in: fixture.work)
        try await Tool.git(["push", "-q", "origin", "HEAD:main"], in: fixture.work)
        try await fixture.withRepository { repository in
            let head = try await repository.fetch(branch: "main").head
            let changes = try await repository.changes(from: base, to: head)
            let found = Dictionary(uniqueKeysWithValues: changes.map { ($0.path.text, $0) })
            #expect(found["bots/link.yaml"]?.new?.kind == .symbolicLink)
            #expect(found["bots/module"]?.new?.kind == .submodule)
            #expect(found["bots/module"]?.new?.id == base)
            #expect(found["bots/run.yaml"]?.new?.kind == .executable)
            #expect(found["bots/größe.yaml"]?.path.isExact == true)
            #expect(found[#"bots/\xE9\xFF.yaml"#]?.path.isExact == false)
            #expect(found[#"bots/new\x0Aline.yaml"#]?.path.isExact == false)
            #expect(changes.count == 6)
            // A folder that is a link is a change at its own path.
            let inside = try await repository.changes(from: nil, to: head, under: "bots/link.yaml/deeper")
            #expect(inside.map(\.path.text) == ["bots/link.yaml"])
            #expect(try await repository.entry(at: "bots/link.yaml", in: head)?.kind == .symbolicLink)
            #expect(try await repository.entry(at: "bots/nothing", in: head) == nil)
            #expect(try await repository.listing(of: "bots", in: head).count == 7)
        }
    }

    @Test func `a blob is asked for its size before it is read`() async throws {
        let fixture = try await Fixture()
        try await fixture.commit(["small": "12345", "large": String(repeating: "x", count: 70_000)])
        let small = try await fixture.id("HEAD:small")
        let large = try await fixture.id("HEAD:large")
        let head = try await fixture.id("HEAD")
        let missing = try #require(ObjectID(hex: String(repeating: "1", count: 40)))
        try await fixture.withRepository { repository in
            _ = try await repository.fetch(branch: "main")
            let answers = try await repository.blobs([small, large, missing, head, small], maxBytesEach: 65_536)
            #expect(
                answers == [
                    .content(Array("12345".utf8)), .tooLarge(bytes: 70_000), .missing, .notABlob,
                    .content(Array("12345".utf8)),
                ])
        }
    }

    @Test func `many blobs come in several answers`() async throws {
        let fixture = try await Fixture()
        var files: [String: String] = [:]
        for number in 0..<9 { files["f\(number)"] = String(repeating: "\(number)", count: 4 * 1024 * 1024) }
        try await fixture.commit(files)
        try await fixture.withRepository { repository in
            let head = try await repository.fetch(branch: "main").head
            let entries = try await repository.listing(in: head)
            let blobs = try await repository.blobs(entries.map(\.id), maxBytesEach: 8 * 1024 * 1024)
            #expect(blobs.count == 9)
            for (index, blob) in blobs.enumerated() {
                guard case .content(let bytes) = blob else { return #expect(Bool(false), "no content") }
                #expect(bytes.count == 4 * 1024 * 1024)
                #expect(bytes.last == UInt8(ascii: "0") + UInt8(index))
            }
        }
    }

    @Test func `history is walked as git walks it`() async throws {
        let fixture = try await Fixture()
        let root = try await fixture.commit(["bots/a": "1"], "root")
        try await Tool.git(["checkout", "-q", "-b", "side"], in: fixture.work)
        let side = try await fixture.commit(["bots/side": "s"], "side", push: false)
        try await Tool.git(["checkout", "-q", "main"], in: fixture.work)
        let trunk = try await fixture.commit(["bots/a": "2"], "trunk")
        try await Tool.git(["merge", "-q", "--no-ff", "-m", "merge", "side"], in: fixture.work)
        let merge = try await fixture.commit(["outside": "o"], "outside")
        let mergeCommit = try await fixture.id("HEAD^")
        try await fixture.withRepository { repository in
            _ = try await repository.fetch(branch: "main")
            let line = try await repository.history(
                HistoryQuery(head: merge, base: root, order: .firstParents, changesUnder: "bots"))
            #expect(line.entries.map(\.commit.id) == [merge, mergeCommit, trunk])
            #expect(line.metBase && !line.isCut)
            #expect(line.entries.map { $0.changes?.map(\.path.text) } == [[], ["bots/side"], ["bots/a"]])
            let all = try await repository.history(HistoryQuery(head: merge, base: root, order: .all))
            #expect(Set(all.entries.map(\.commit.id)) == [merge, mergeCommit, trunk, side])
            let inMerge = try await repository.history(HistoryQuery(head: mergeCommit, base: trunk, order: .all))
            #expect(inMerge.entries.map(\.commit.id) == [mergeCommit, side])
            let cut = try await repository.history(
                HistoryQuery(head: merge, base: nil, order: .firstParents, maxCommits: 2))
            #expect(cut.entries.count == 2 && cut.isCut && !cut.metBase)
            let whole = try await repository.history(
                HistoryQuery(head: merge, base: nil, order: .firstParents, changesUnder: ""))
            #expect(whole.entries.last?.changes?.map(\.path.text) == ["bots/a"])
            #expect(try await repository.isDescendant(merge, of: side))
            #expect(try await repository.isDescendant(merge, of: merge))
            #expect(try await !repository.isDescendant(side, of: trunk))
            #expect(try await repository.resolve(String(side.hex.prefix(8))) == side)
            #expect(try await repository.resolve("00000000") == nil)
            let absent = try #require(ObjectID(hex: String(repeating: "9", count: 40)))
            let thrown = await code { _ = try await repository.isDescendant(absent, of: side) }
            #expect(thrown == .notFound)
        }
    }

    @Test func `somebody's clone is read without a trace`() async throws {
        let fixture = try await Fixture()
        let head = try await fixture.commit(["a": "1"])
        let before = try FileManager.default.subpathsOfDirectory(atPath: fixture.work).sorted()
        try await fixture.withRepository(clone: fixture.work) { repository in
            let main = try await repository.ref("refs/heads/main")
            #expect(main == head)
            #expect(try await repository.entry(at: "a", in: head)?.kind == .file)
        }
        let after = try FileManager.default.subpathsOfDirectory(atPath: fixture.work).sorted()
        #expect(after == before)
    }
}
