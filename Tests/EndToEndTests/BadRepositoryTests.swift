import Domain
import Foundation
import Simulator
import Support
import Testing

/// What people and servers put into a repository, and what `ballast` says of it.
@Suite("Repositories as they should not be", .timeLimit(.minutes(3)))
struct BadRepositoryTests {
    @Test("a branch that does not exist, and an empty repository, are 2 and name branch and address")
    func noBranch() async throws {
        try await Stage.run { stage in
            try await stage.push("v_1")
            let branch = BallastRun(folder: stage.folder.path, environment: ["BALLAST_SOURCE_BRANCH": "mian"])
            for verb in ["plan", "reconcile"] {
                let output = try await branch(verb)
                #expect(output.exitCode == 2, "\(output)")
                #expect(output.standardError.contains("mian") && output.standardError.contains("bots.git"), "\(output)")
            }
            try await checkProcess("git", ["init", "--quiet", "--bare", stage.folder.path("empty.git")])
            let empty = BallastRun(folder: stage.folder.path, environment: ["BALLAST_SOURCE_URL": "empty.git"])
            let output = try await empty("plan")
            #expect(output.exitCode == 2, "\(output)")
            #expect(output.standardError.contains("empty"), "\(output)")
            #expect(stage.served == nil)
        }
    }

    @Test("a shallow remote is refused with the remedy; one whose head is detached is read by its branch")
    func shallowAndDetached() async throws {
        try await Stage.run { stage in
            try await stage.push("v_1")
            try await stage.push("v_3")
            let bare = stage.folder.path("bots.git")
            let shallow = stage.folder.path("shallow.git")
            try await checkProcess("git", ["clone", "--quiet", "--bare", "--depth=1", "file://\(bare)", shallow])
            let from = BallastRun(folder: stage.folder.path, environment: ["BALLAST_SOURCE_URL": "shallow.git"])
            let refused = try await from("plan")
            #expect(refused.exitCode == 2, "\(refused)")
            #expect(refused.standardError.contains("shallow"), "\(refused)")
            let head = try await stage.git.git("rev-parse", "HEAD~1")
            try await checkProcess("git", ["-C", bare, "update-ref", "--no-deref", "HEAD", head])
            #expect(try await stage.ballast("reconcile").exitCode == 0)
            #expect(stage.served == "v_3")
        }
    }

    @Test("a link, a submodule and a huge file in the folder are told at their place, and stop no other manifest")
    func notFiles() async throws {
        try await Stage.run { stage in
            try await stage.push("v_1")
            let work = stage.git.path
            try FileManager.default.createSymbolicLink(
                atPath: "\(work)/bots/link.yaml", withDestinationPath: "order-support.yaml")
            let huge = try FileHandle.creating("\(work)/bots/huge.yaml")
            try huge.truncate(atOffset: 64 << 20)
            try huge.close()
            let head = try await stage.git.git("rev-parse", "HEAD")
            try await stage.git.git("update-index", "--add", "--cacheinfo", "160000,\(head),bots/module.yaml")
            try await stage.git.git("add", "bots/link.yaml", "bots/huge.yaml")
            try await stage.git.git("commit", "--quiet", "-m", "odd things")
            try await stage.git.push()
            let output = try await stage.ballast("reconcile")
            #expect(output.exitCode == 1, "\(output)")
            #expect(stage.served == "v_1")
            for words in [
                ["bots/link.yaml", "link"], ["bots/huge.yaml", "67108864"], ["bots/module.yaml", "submodule"],
            ] {
                #expect(
                    output.standardError.split(separator: "\n").contains { line in
                        words.allSatisfy { line.contains($0) }
                    }, "\(words) \(output)")
            }
        }
    }

    @Test("file names in any encoding are no danger: what is no UTF-8 is told, what looks odd is read")
    func names() async throws {
        try await Stage.run { stage in
            try await stage.push("v_1")
            let blob = try await stage.git.git("hash-object", "-w", "bots/order-support.yaml")
            let script = """
                printf '100644 \(blob)\\tbots/la\\377tin.yaml\\0' | git update-index -z --index-info
                printf '100644 \(blob)\\tbots/be\\033[31mll.yaml\\0' | git update-index -z --index-info
                git commit --quiet -m names
                """
            try await checkProcess(
                "bash", ["-c", script], environment: GitFixture.environment.merging(Self.author) { $1 },
                in: stage.git.path)
            try await stage.git.git("push", "--quiet", stage.folder.path("bots.git"), "HEAD:main")
            let output = try await stage.ballast("reconcile")
            #expect(output.exitCode == 1, "\(output)")
            #expect(stage.served == "v_1")
            #expect(
                output.standardError.contains("latin") || output.standardError.contains("la\\xFFtin")
                    || output.standardError.contains("la"), "\(output)")
            #expect(!output.standardError.contains("\u{1B}"), "\(output)")
        }
    }

    private static let author: [String: String?] = [
        "GIT_AUTHOR_NAME": "Alice", "GIT_AUTHOR_EMAIL": "alice@example.com", "GIT_COMMITTER_NAME": "Alice",
        "GIT_COMMITTER_EMAIL": "alice@example.com",
    ]

    @Test("a rewritten branch changes nothing until its head is approved")
    func rewritten() async throws {
        try await Stage.run { stage in
            try await stage.push("v_1")
            #expect(try await stage.ballast("reconcile").exitCode == 0)
            try await stage.git.git("checkout", "--quiet", "--orphan", "other")
            let head = try await stage.git.commit(
                ["bots/order-support.yaml": Sample.manifest(version: "v_3")], message: "rewritten")
            try await stage.git.git("push", "--quiet", "--force", stage.folder.path("bots.git"), "HEAD:main")
            let held = try await stage.ballast("reconcile", "--wait", "5s")
            #expect(held.exitCode == 1, "\(held)")
            #expect(held.standardOutput.contains("ballast approve"), "\(held)")
            #expect(stage.served == "v_1")
            #expect(try await stage.ballast("approve", head, "--reason", "we moved").exitCode == 0)
            #expect(try await stage.ballast("reconcile").exitCode == 0)
            #expect(stage.served == "v_3")
        }
    }
}

extension FileHandle {
    static func creating(_ path: String) throws -> FileHandle {
        _ = FileManager.default.createFile(atPath: path, contents: nil)
        return try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    }
}
