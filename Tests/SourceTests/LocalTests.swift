import Documents
import Domain
import Foundation
import Git
import Support
import Testing

@testable import Source

/// Manifests on this machine, for `validate`.
struct LocalTests {
    @Test
    func `a folder is read by the rules of the branch`() async throws {
        try await withTemporaryFolder { folder in
            for (name, text) in [
                "b.yaml": manifest("b"), "a/a.yml": manifest("a"), ".git/x.yaml": manifest("x"), "a/.y.yaml": "",
                "notes.txt": "no", "bad.yaml": "kind: [", "big.yaml": String(repeating: "# 345678\n", count: 150_000),
            ] { try folder.write(text, to: name) }
            try FileManager.default.createSymbolicLink(
                atPath: folder.path("link.yaml"), withDestinationPath: folder.path("b.yaml"))
            try FileManager.default.createSymbolicLink(
                atPath: folder.path("linked"), withDestinationPath: folder.path("a"))
            let files = ManifestFiles(decoder: .init(platforms: []))
            let readings = try await files.read([folder.path])
            #expect(
                readings.map { $0.path.dropFirst(folder.path.count + 1) } == [
                    "a/a.yml", "b.yaml", "bad.yaml", "big.yaml", "link.yaml",
                ])
            #expect(readings.map(\.problems.isEmpty) == [true, true, false, false, false])
            #expect(readings[3].problems.first?.message.contains("at most 1048576") == true)
            #expect(readings[4].problems.first?.message.contains("symbolic link") == true)
            #expect(try await files.read([folder.path("link.yaml")]).first?.problems == [])
            let absent = await #expect(throws: SourceFailure.self) { try await files.read([folder.path("absent")]) }
            #expect(absent?.code == .notFound)
        }
    }

    @Test
    func `a commit of a clone is read without touching it`() async throws {
        try await withTemporaryFolder { folder in
            let fixture = try await GitFixture.create(in: folder)
            let first = try await fixture.commit(
                ["bots/a.yaml": manifest("a"), "b.yaml": manifest("b")], message: "One")
            try await fixture.commit(["bots/a.yaml": "nonsense"], message: "Two")
            let files = ManifestFiles(decoder: .init(platforms: []))
            let read = { (revision: String, place: String) in
                try await files.read(
                    revision: revision, ofClone: fixture.path, folder: place, workerPath: BuiltProducts.ballast())
            }
            #expect(try await read(first, "bots").get().map(\.path) == ["bots/a.yaml"])
            #expect(try await read(String(first.prefix(8)), "").get().map(\.problems.isEmpty) == [true, true])
            #expect(try await read("main", "").get().map(\.problems.isEmpty) == [true, false])
            #expect(try await read("HEAD", "").get().count == 2)
            #expect(try await read("nothing", "").failure?.code == .notFound)
        }
    }
}

struct MergeRequestLinkTests {
    @Test(arguments: [
        ("git@github.com:team/bots.git", "https://github.com/team/bots/compare/main...ballast/rollback-a-1?expand=1"),
        (
            "https://gitlab.example.com/group/sub/bots.git",
            "https://gitlab.example.com/group/sub/bots/-/merge_requests/new?merge_request%5Bsource_branch%5D="
                + "ballast/rollback-a-1&merge_request%5Btarget_branch%5D=main"
        ),
        (
            "ssh://git@bitbucket.org/team/bots.git",
            "https://bitbucket.org/team/bots/pull-requests/new?source=ballast/rollback-a-1&dest=main"
        ),
        ("https://codeberg.org/team/bots", "https://codeberg.org/team/bots/compare/main...ballast/rollback-a-1"),
        ("/srv/bots.git", nil), ("https://git.example.com/bots.git", nil),
    ])
    func `known forges have a link`(address: String, link: String?) throws {
        #expect(
            MergeRequestLink.link(for: try GitAddress(address), branch: "ballast/rollback-a-1", into: "main") == link)
    }
}
