import Foundation
import Support
import Testing

@Suite("init and validate", .timeLimit(.minutes(2)))
struct ValidateTests {
    @Test("init writes what validate accepts, and never twice")
    func initialise() async throws {
        try await withTemporaryFolder { folder in
            let ballast = BallastRun(folder: folder.path)
            let first = try await ballast("init", "team")
            #expect(first.exitCode == 0)
            #expect(first.standardOutput.hasPrefix("wrote  team/ballast.yaml\nwrote  team/bots/example.yaml\n"))
            #expect(first.standardOutput.contains("git fetch origin '+refs/notes/ballast:refs/notes/ballast'"))
            let team = BallastRun(folder: folder.path("team"))
            let valid = try await team("validate")
            #expect(valid.exitCode == 0, "\(valid)")
            #expect(valid.standardError == "ballast: 1 manifest in 1 file, no problems\n")
            try folder.write("mine", to: "team/ballast.yaml")
            let second = try await ballast("init", "team")
            #expect(second.standardOutput.hasPrefix("kept  team/ballast.yaml\nkept  team/bots/example.yaml\n"))
            #expect(try folder.read("team/ballast.yaml") == "mine")
        }
    }

    @Test("init takes the address and the branch of the repository that it is in")
    func initialiseInRepository() async throws {
        try await withTemporaryFolder { folder in
            let git = try await GitFixture.create(in: folder, branch: "trunk")
            try await git.git("remote", "add", "origin", "git@git.example:team/bots.git")
            _ = try await BallastRun(folder: git.path)("init")
            let text = try folder.read("repository/ballast.yaml")
            #expect(text.contains("  url: git@git.example:team/bots.git\n"))
            #expect(text.contains("  branch: trunk\n"))
        }
    }

    @Test("bad manifests are 1, each with its place; two that claim one bot are both errors")
    func problems() async throws {
        try await withTemporaryFolder { folder in
            let ballast = BallastRun(folder: folder.path)
            try folder.write(Sample.manifest(version: "v_1"), to: "bots/a.yaml")
            try folder.write(Sample.manifest("other", version: "v_2"), to: "bots/b.yaml")
            try folder.write("apiVersion: ballast/v1\nkind: BotVersion\nmetadata: {nam: x}\n", to: "bots/c.yml")
            try folder.write("not a manifest", to: "bots/readme.txt")
            let output = try await ballast("validate", "bots")
            #expect(output.exitCode == 1)
            let lines = output.standardOutput.split(separator: "\n")
            #expect(lines.contains { $0.hasPrefix("bots/a.yaml:7:") && $0.contains("bots/b.yaml") }, "\(output)")
            #expect(lines.contains { $0.hasPrefix("bots/b.yaml:7:") && $0.contains("bots/a.yaml") })
            #expect(lines.contains { $0.hasPrefix("bots/c.yml:3:12: ") && $0.contains("name") })
            #expect(!output.standardOutput.contains("readme"))

            let json = try await ballast.json("validate", "bots")
            let problems = try #require(json["problems"] as? [[String: Any]])
            #expect(problems.count == lines.count)
            #expect(Set(problems[0].keys) == ["path", "line", "column", "message"])

            let gitHub = try await ballast("validate", "bots", "-o", "github")
            #expect(gitHub.exitCode == 1)
            #expect(gitHub.standardOutput.contains("::error file=bots/a.yaml,line=7,col="))
            let junit = try await ballast("validate", "bots", "-o", "junit")
            #expect(junit.standardOutput.contains("tests=\"3\" failures=\"3\""))
        }
    }

    @Test("standard input, a file, and what is not there")
    func inputs() async throws {
        try await withTemporaryFolder { folder in
            let ballast = BallastRun(folder: folder.path)
            let good = try await ballast("validate", "-", input: Sample.manifest(version: "v_1"))
            #expect(good.exitCode == 0)
            let bad = try await ballast("validate", "-", input: "kind: [")
            #expect(bad.exitCode == 1)
            #expect(bad.standardOutput.hasPrefix("-:1:"), "\(bad)")
            let zone =
                Sample.manifest(version: "v_1")
                + "  guards: {windows: [{kind: deny, schedule: '0 0 * * *', duration: 1h, timeZone: Mars/Olympus}]}\n"
            let unknown = try await ballast("validate", "-", input: zone)
            #expect(unknown.standardOutput.contains("`Mars/Olympus` is no known time zone"), "\(unknown)")
            let absent = try await ballast("validate", "nowhere")
            #expect(absent.exitCode == 64)
            #expect(absent.standardError.contains("nowhere"))
        }
    }

    @Test("a file whose name is no text stops no other, and paths are as everybody names them")
    func names() async throws {
        try await withTemporaryFolder { folder in
            try folder.write("kind: [\n", to: "bots/a.yaml")
            let made = try await runProcess(
                "sh", ["-c", #"printf 'kind: x' > "bots/$(printf '\377')b.yaml""#], in: folder.path)
            #expect(made.succeeded, "\(made)")
            let output = try await BallastRun(folder: folder.path)("validate", "-o", "github")
            #expect(output.exitCode == 1, "\(output)")
            #expect(output.standardOutput.contains("::error file=bots/a.yaml,line="), "\(output)")
            #expect(output.standardOutput.contains("the name of this file is not plain UTF-8"), "\(output)")
        }
    }

    @Test("a commit is checked as it is, not the work tree")
    func commit() async throws {
        try await withTemporaryFolder { folder in
            let git = try await GitFixture.create(in: folder)
            let ballast = BallastRun(folder: git.path)
            let bad = try await git.commit(["bots/a.yaml": "kind: [\n"], message: "bad")
            try await git.commit(["bots/a.yaml": Sample.manifest(version: "v_1")], message: "good")
            #expect(try await ballast("validate", "--commit", "HEAD").exitCode == 0)
            let output = try await ballast("validate", "--commit", String(bad.prefix(10)))
            #expect(output.exitCode == 1)
            #expect(output.standardOutput.hasPrefix("bots/a.yaml:"))
            let unknown = try await ballast("validate", "--commit", "nosuch")
            #expect(unknown.exitCode == 64)
            #expect(unknown.standardError.contains("nosuch"))
            let nowhere = try await BallastRun(folder: folder.path)("validate", "--commit", "HEAD")
            #expect(nowhere.exitCode == 2)
            #expect(nowhere.standardError.contains("there is no git repository at"), "\(nowhere)")
        }
    }

    @Test("the policy of the configuration is part of the check")
    func policy() async throws {
        try await withTemporaryFolder { folder in
            try folder.write(
                Sample.offline + "policy: {allow: [{path: \"teams/**\"}], require: {verify: true}}\n",
                to: "ballast.yaml")
            try folder.write(Sample.manifest(version: "v_1"), to: "bots/a.yaml")
            let output = try await BallastRun(folder: folder.path)("validate")
            #expect(output.exitCode == 1)
            #expect(output.standardOutput.contains("the policy allows no manifest at this path"))
        }
    }
}
