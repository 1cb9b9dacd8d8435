import Domain
import Support
import Testing

/// Which commit is held to have asked for a document.
struct AttributionTests {
    @Test
    func `each document of a file has its own commit`() async throws {
        try await SourceBench.run { bench in
            try await bench.commit(["all.yaml": documents(manifest("a"), manifest("b"))], "Add both")
            try await bench.commit(
                ["all.yaml": documents(manifest("a", version: "v_2"), manifest("b"))], "Bring a to 2", author: .bob)
            try await bench.commit(
                ["all.yaml": documents(manifest("a", version: "v_2"), manifest("b"), manifest("c"))], "Add c")
            try await bench.commit(["other.txt": "text"], "Something else")
            let reading = try await bench.read()
            #expect(reading.origin("a") == "Bring a to 2")
            #expect(reading.document("a")?.provenance.author == "Bob <bob@example.com>")
            #expect(reading.origin("b") == "Add both")
            #expect(reading.origin("c") == "Add c")
        }
    }

    @Test
    func `order, comments and moves are no change of a document`() async throws {
        try await SourceBench.run { bench in
            try await bench.commit(["all.yaml": documents(manifest("a"), manifest("b"))], "Add both")
            try await bench.commit(
                ["all.yaml": documents("# about b\n" + manifest("b"), "# about a\n" + manifest("a"))],
                "Sort and comment")
            try await bench.commit(
                ["all.yaml": documents(manifest("b")), "team/a.yaml": manifest("a") + "\n"], "Move a out")
            try await bench.fixture.git("mv", "team", "teams")
            try await bench.fixture.commitIndex(message: "Rename the folder")
            try await bench.publish()
            let reading = try await bench.read()
            #expect(reading.paths == ["all.yaml", "teams/a.yaml"])
            #expect(reading.origin("a") == "Add both")
            #expect(reading.origin("b") == "Add both")
        }
    }

    @Test
    func `a line that looks like a comment inside a text counts`() async throws {
        try await SourceBench.run { bench in
            let text = { (line: String) in
                manifest(
                    "a",
                    extra:
                        "  verify:\n  - message: |\n      first\n      # \(line)\n    intent: x\n    minConfidence: 0.5"
                )
            }
            try await bench.commit(["a.yaml": text("one")], "Add")
            try await bench.commit(["a.yaml": text("two")], "Change the text")
            #expect(try await bench.read().origin("a") == "Change the text")
        }
    }

    @Test
    func `going there and back belongs to the way back`() async throws {
        try await SourceBench.run { bench in
            try await bench.commit(["a.yaml": manifest("a")], "One")
            try await bench.commit(["a.yaml": manifest("a", version: "v_2")], "Two")
            try await bench.commit(["a.yaml": manifest("a")], "One again")
            #expect(try await bench.read().origin("a") == "One again")
        }
    }

    @Test
    func `the author inside a merge is found, the step is the merge`() async throws {
        try await SourceBench.run { bench in
            let base = try await bench.commit(["a.yaml": manifest("a"), "b.yaml": manifest("b")], "Base")
            try await bench.fixture.branch("side")
            try await bench.fixture.commit(["a.yaml": manifest("a", version: "v_2")], message: "Try", author: .bob)
            try await bench.fixture.commit(["a.yaml": manifest("a", version: "v_3")], message: "Settle", author: .bob)
            try await bench.fixture.commit(["x.txt": "x"], message: "Tidy", author: .bob)
            try await bench.fixture.checkout("main")
            try await bench.fixture.commit(["b.yaml": manifest("b", version: "v_9")], message: "Meanwhile")
            let merge = try await bench.fixture.merge("side", message: "Merge side")
            try await bench.publish()
            let reading = try await bench.read(since: base)
            #expect(reading.origin("a") == "Settle")
            #expect(reading.document("a")?.provenance.step.hex == merge)
            #expect(reading.document("a")?.provenance.author == "Bob <bob@example.com>")
            #expect(reading.origin("b") == "Meanwhile")
            #expect(reading.commits.count == 5)
        }
    }

    @Test
    func `merges within merges are followed`() async throws {
        try await SourceBench.run { bench in
            try await bench.commit(["a.yaml": manifest("a"), "b.yaml": manifest("b")], "Base")
            try await bench.fixture.branch("outer")
            try await bench.fixture.commit(["y.txt": "y"], message: "Outer work")
            try await bench.fixture.branch("inner")
            try await bench.fixture.commit(
                ["a.yaml": manifest("a", version: "v_2")], message: "Inner work", author: .bob)
            try await bench.fixture.checkout("outer")
            try await bench.fixture.commit(["b.yaml": manifest("b", version: "v_2")], message: "More outer work")
            try await bench.fixture.merge("inner", message: "Merge inner")
            try await bench.fixture.checkout("main")
            let merge = try await bench.fixture.merge("outer", message: "Merge outer")
            try await bench.publish()
            let reading = try await bench.read()
            #expect(reading.origin("a") == "Inner work")
            #expect(reading.origin("b") == "More outer work")
            #expect(reading.document("b")?.provenance.step.hex == merge)
        }
    }

    @Test
    func `what only the merge says, or takes from before, is the merge's`() async throws {
        try await SourceBench.run { bench in
            try await bench.commit(["a.yaml": manifest("a"), "b.yaml": manifest("b")], "Base")
            try await bench.fixture.branch("side")
            try await bench.fixture.commit(["x.txt": "x"], message: "Side")
            try await bench.fixture.checkout("main")
            try await bench.fixture.commit(["b.yaml": manifest("b", version: "v_2")], message: "Main")
            try await bench.fixture.git("merge", "--quiet", "--no-commit", "--no-ff", "side")
            let merge = try await bench.fixture.commit(
                ["a.yaml": manifest("a", version: "v_7"), "b.yaml": manifest("b")], message: "Merge, and more")
            try await bench.publish()
            let reading = try await bench.read()
            #expect(reading.document("a")?.provenance.commit.hex == merge)
            #expect(reading.document("b")?.provenance.commit.hex == merge)
        }
    }

    @Test
    func `long histories are walked as far as needed`() async throws {
        try await SourceBench.run { bench in
            try await bench.commit(["a.yaml": manifest("a"), "b.yaml": manifest("b")], "Base")
            for number in 1...40 {
                try await bench.fixture.commit(
                    ["b.yaml": manifest("b", version: "v_\(number)")], message: "b \(number)")
            }
            try await bench.publish()
            let reading = try await bench.read()
            #expect(reading.origin("a") == "Base")
            #expect(reading.origin("b") == "b 40")
        }
    }
}

struct RevertTests {
    @Test
    func `a true revert is recognised, message and content together`() async throws {
        try await SourceBench.run { bench in
            try await bench.commit(["a.yaml": manifest("a"), "b.yaml": manifest("b")], "Base")
            let bad = try await bench.commit(
                ["a.yaml": manifest("a", version: "v_2"), "b.yaml": manifest("b", version: "v_2")], "Bad")
            try await bench.fixture.revert(bad.hex)
            let head = try await bench.publish()
            let reading = try await bench.read(since: bad)
            #expect(reading.document("a")?.provenance.reverts == bad)
            #expect(reading.document("b")?.provenance.reverts == bad)
            try await bench.fixture.revert(head.hex)
            try await bench.publish()
            #expect(try await bench.read(since: head).document("a")?.provenance.reverts == head)
        }
    }

    @Test(arguments: [
        ("This reverts commit BAD.", "v_3"), ("Revert \"Bad\"", "v_1"),
        ("This reverts commit 0123456789012345678901234567890123456789.", "v_1"),
        ("This reverts commit UNRELATED.", "v_1"),
    ])
    func `words alone prove nothing`(message: String, version: String) async throws {
        try await SourceBench.run { bench in
            let unrelated = try await bench.commit(["a.yaml": manifest("a")], "Base")
            let bad = try await bench.commit(["a.yaml": manifest("a", version: "v_2")], "Bad")
            let words = message.split(separator: "BAD", omittingEmptySubsequences: false).joined(separator: bad.hex)
                .split(separator: "UNRELATED", omittingEmptySubsequences: false).joined(separator: unrelated.hex)
            try await bench.commit(["a.yaml": manifest("a", version: version)], words)
            #expect(try await bench.read(since: bad).document("a")?.provenance.reverts == nil)
        }
    }

    @Test
    func `a revert inside a merge, and of a merge, is recognised`() async throws {
        try await SourceBench.run { bench in
            try await bench.commit(["a.yaml": manifest("a")], "Base")
            let bad = try await bench.commit(["a.yaml": manifest("a", version: "v_2")], "Bad")
            try await bench.fixture.branch("fix")
            try await bench.fixture.revert(bad.hex)
            try await bench.fixture.checkout("main")
            let merge = try await bench.fixture.merge("fix", message: "Merge fix")
            try await bench.publish()
            let reading = try await bench.read(since: bad)
            #expect(reading.document("a")?.provenance.reverts == bad)
            try await bench.fixture.git("revert", "--no-edit", "-m", "1", merge)
            try await bench.publish()
            let back = try await bench.read(since: CommitID(merge))
            #expect(back.document("a")?.provenance.reverts == CommitID(merge))
            #expect(back.document("a")?.version == "v_2")
        }
    }
}
