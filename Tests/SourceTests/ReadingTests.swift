import Domain
import Foundation
import Source
import Support
import Testing

/// What a reading holds, and what it costs.
struct ReadingTests {
    @Test
    func `the first reading has everything, the same head nothing`() async throws {
        try await SourceBench.run { bench in
            let head = try await bench.commit(
                ["a.yaml": manifest("a"), "deep/er/b.yml": manifest("b", version: "v_2"), "README.md": "no manifest"])
            let reading = try await bench.read()
            #expect(reading.relation == .first && reading.isComplete && reading.notice == nil)
            #expect(reading.head == head && reading.commits.map(\.id) == [head])
            #expect(reading.paths == ["a.yaml", "deep/er/b.yml"])
            #expect(reading.document("b")?.version == "v_2")
            #expect(reading.document("a")?.line == 1)
            let same = try await bench.read(since: head)
            #expect(same.relation == .same && same.changes.isEmpty && same.commits.isEmpty)
            let again = try await bench.read(since: head, everything: true)
            #expect(again.relation == .same && again.paths == ["a.yaml", "deep/er/b.yml"] && again.commits.isEmpty)
            #expect(again.changes == reading.changes)
        }
    }

    @Test
    func `only changed and removed files are read`() async throws {
        try await SourceBench.run { bench in
            let first = try await bench.commit([
                "a.yaml": manifest("a"), "b.yaml": manifest("b"), "c.yaml": manifest("c"),
            ])
            _ = try await bench.read()
            let middle = try await bench.commit(["a.yaml": manifest("a", version: "v_2")], "Bring a to 2")
            let head = try await bench.commit(["b.yaml": nil], "Drop b")
            let reading = try await bench.read(since: first)
            #expect(reading.relation == .descendant && !reading.isComplete)
            #expect(reading.commits.map(\.id) == [head, middle])
            #expect(reading.paths == ["a.yaml", "b.yaml"])
            #expect(reading.changes.last?.content == .removed)
            #expect(reading.document("a")?.provenance.commit == middle)
            let complete = try await bench.read(since: first, everything: true)
            #expect(complete.paths == ["a.yaml", "b.yaml", "c.yaml"] && complete.isComplete)
        }
    }

    @Test
    func `only the folder of source path counts, and nothing hidden`() async throws {
        try await SourceBench.run(path: "bots/prod") { bench in
            try await bench.commit([
                "a.yaml": manifest("a"), "bots/prod/b.yaml": manifest("b"), "bots/prod-2/c.yaml": manifest("c"),
                "bots/prod/.hidden.yaml": manifest("d"), "bots/prod/.d/e.yaml": manifest("e"),
                "bots/prod/x/f.yaml": manifest("f"),
            ])
            #expect(try await bench.read().paths == ["bots/prod/b.yaml", "bots/prod/x/f.yaml"])
        }
    }

    @Test
    func `a folder that is not there, or is none, is said`() async throws {
        try await SourceBench.run(path: "bots") { bench in
            try await bench.commit(["a.yaml": manifest("a")])
            let missing = try await bench.read()
            #expect(missing.changes.isEmpty)
            #expect(missing.notice?.contains("has no folder bots; source.path may be wrong") == true)
            try await bench.commit(["bots": "a file"])
            #expect(try await bench.read().problem("bots")?.contains("source.path names a file") == true)
        }
    }

    @Test
    func `what is no plain file is a problem of its path`() async throws {
        try await SourceBench.run { bench in
            try await bench.commit(["good.yaml": manifest("good")])
            try FileManager.default.createSymbolicLink(
                atPath: bench.fixture.path + "/link.yaml", withDestinationPath: "good.yaml")
            try await bench.fixture.git("add", "link.yaml")
            let here = try await bench.fixture.head()
            try await bench.fixture.git("update-index", "--add", "--cacheinfo", "160000,\(here),module.yaml")
            let odd = try await bench.fixture.git("hash-object", "-w", "--stdin", input: manifest("odd"))
            try await bench.fixture.git(
                ["update-index", "-z", "--index-info"], input: "100644 \(odd)\tline\nbreak.yaml\0")
            let script = "printf '100644 %s\\tlatin-\\374.yaml\\0' \(odd) | git update-index -z --index-info"
            try await checkProcess("sh", ["-c", script], environment: GitFixture.environment, in: bench.fixture.path)
            let big = String(repeating: "# 0123456789\n", count: 200_000)
            let bigId = try await bench.fixture.git("hash-object", "-w", "--stdin", input: big)
            try await bench.fixture.git("update-index", "--add", "--cacheinfo", "100644,\(bigId),big.yaml")
            try await bench.fixture.commitIndex(message: "Odd things")
            try await bench.publish()
            let reading = try await bench.read()
            #expect(reading.problem("link.yaml")?.contains("symbolic link") == true)
            #expect(reading.problem("module.yaml")?.contains("submodule") == true)
            #expect(reading.problem("line\\x0Abreak.yaml")?.contains("not plain UTF-8") == true)
            #expect(reading.problem("latin-\\xFC.yaml")?.contains("not plain UTF-8") == true)
            #expect(reading.problem("big.yaml")?.contains("2600000 bytes; at most 1048576") == true)
            #expect(reading.document("good")?.version == "v_1")
            #expect(reading.changes.count == 6)
        }
    }

    @Test
    func `bad documents leave the others alone and keep their names`() async throws {
        try await SourceBench.run { bench in
            let bad = manifest("bad", extra: "  suspended: true")
            try await bench.commit(["all.yaml": documents(manifest("a"), bad, "just: text: wrong", manifest("b"))])
            let reading = try await bench.read()
            #expect(reading.document("a")?.version == "v_1" && reading.document("b")?.index == 3)
            guard case .problems(let problems, "bad", let key) = reading.document("bad")?.outcome else {
                Issue.record("not a named problem")
                return
            }
            #expect(problems.first?.line == 19)
            #expect(key == BotKey(platform: "default", botId: "bot_bad", environment: "PRODUCTION"))
        }
    }

    @Test
    func `what cannot be read has a class`() async throws {
        try await SourceBench.run { bench in
            #expect(await bench.branch.look().failure?.code == .emptyRepository)
            try await bench.fixture.commit(["a.yaml": manifest("a")], message: "On another branch")
            try await bench.fixture.push("HEAD:refs/heads/other")
            let missing = await bench.branch.look().failure
            #expect(missing?.code == .noSuchBranch && missing?.mayPass == false)
            try await bench.publish()
            let absent = CommitID(String(repeating: "a", count: 40))
            #expect(await bench.branch.read(head: absent, since: nil).failure?.code == .notFound)
            #expect(await bench.branch.read(head: CommitID("no id"), since: nil).failure?.code == .notFound)
            try FileManager.default.removeItem(atPath: bench.folder.path("remote.git"))
            let gone = await bench.branch.look().failure
            #expect(gone?.message.contains("remote.git") == true)
        }
    }

    @Test
    func `a revision is a branch, a tag, or an id`() async throws {
        try await SourceBench.run { bench in
            let head = try await bench.commit(["a.yaml": manifest("a")])
            try await bench.fixture.branch("proposal")
            let proposal = try await bench.fixture.commit(["a.yaml": manifest("a", version: "v_2")], message: "Propose")
            try await bench.fixture.push("HEAD:refs/heads/team/proposal")
            try await bench.fixture.git("tag", "light", head.hex)
            try await bench.fixture.push("light")
            #expect(try await bench.branch.resolve("team/proposal").get().hex == proposal)
            #expect(try await bench.branch.resolve("light").get() == head)
            #expect(try await bench.branch.resolve(String(head.hex.prefix(9))).get() == head)
            #expect(try await bench.branch.resolve(head.hex).get() == head)
            #expect(try await bench.branch.resolve(proposal).get().hex == proposal)
            #expect(await bench.branch.resolve("nothing of the kind").failure?.code == .notFound)
            let reading = try await bench.branch.read(head: CommitID(proposal), since: head).get()
            #expect(reading.document("a")?.version == "v_2")
        }
    }

    @Test
    func `a rewritten history is told from a longer one`() async throws {
        try await SourceBench.run { bench in
            let first = try await bench.commit(["a.yaml": manifest("a")])
            let second = try await bench.commit(["a.yaml": manifest("a", version: "v_2")])
            _ = try await bench.read()
            try await bench.fixture.git("reset", "--quiet", "--hard", first.hex)
            let other = try await bench.commit(["a.yaml": manifest("a", version: "v_3")], "Instead")
            let reading = try await bench.read(since: second)
            #expect(reading.relation == .rewritten && reading.commits.map(\.id) == [other])
            #expect(reading.document("a")?.version == "v_3" && !reading.isComplete)
            try await bench.second { fresh in
                let reading = try await fresh.read(since: second)
                #expect(reading.relation == .rewritten && reading.isComplete && reading.commitsLeftOut)
                #expect(reading.document("a")?.version == "v_3")
            }
        }
    }

    @Test
    func `a damaged copy is set aside and fetched anew, once, and said`() async throws {
        try await SourceBench.run { bench in
            let first = try await bench.commit(["a.yaml": manifest("a")])
            _ = try await bench.read()
            try damage(bench.folder.path("copy"))
            try await bench.commit(["a.yaml": manifest("a", version: "v_2")])
            let reading = try await bench.read(since: first)
            #expect(reading.document("a")?.version == "v_2")
            let everything = try await bench.read(since: first, everything: true)
            #expect((reading.notice ?? everything.notice)?.contains("damaged") == true)
        }
    }

    @Test
    func `a copy that cannot even be opened does not stop a look`() async throws {
        try await SourceBench.run { bench in
            let head = try await bench.commit(["a.yaml": manifest("a")])
            _ = try await bench.read()
            await bench.access.shutdown()
            let copies = FileManager.default.enumerator(atPath: bench.folder.path("copy"))?.compactMap { $0 as? String }
            let name = try #require(copies?.first { $0.hasSuffix("/HEAD") || $0 == "HEAD" })
            try bench.folder.write("nonsense\n", to: "copy/\(name)")
            let again = try await SourceBench(folder: bench.folder, fixture: bench.fixture, settings: bench.settings)
            let answer = await again.branch.look()
            await again.access.shutdown()
            #expect(try answer.get().commit == head)
        }
    }

    /// Cuts every object file of a bare copy in half.
    private func damage(_ copy: String) throws {
        let files = FileManager.default.enumerator(atPath: copy)?.compactMap { $0 as? String } ?? []
        var count = 0
        for name in files where name.contains("objects/") {
            let file = "\(copy)/\(name)"
            let attributes = try FileManager.default.attributesOfItem(atPath: file)
            guard attributes[.type] as? FileAttributeType == .typeRegular else { continue }
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
            let bytes = try Data(contentsOf: URL(filePath: file))
            try bytes.prefix(bytes.count / 2).write(to: URL(filePath: file))
            count += 1
        }
        #expect(count > 0)
    }
}
