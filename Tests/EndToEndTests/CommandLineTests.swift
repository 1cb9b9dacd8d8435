import Foundation
import Support
import Testing

@Suite("The command line", .timeLimit(.minutes(2)))
struct CommandLineTests {
    @Test("the version")
    func version() async throws {
        try await withTemporaryFolder { folder in
            let output = try await BallastRun(folder: folder.path)("--version")
            #expect(output.standardOutput == "0.1.0\n")
            #expect(output.exitCode == 0)
            #expect(output.standardError.isEmpty)
        }
    }

    @Test("help is data, wrong usage is 64 and a message")
    func usage() async throws {
        try await withTemporaryFolder { folder in
            let ballast = BallastRun(folder: folder.path)
            let help = try await ballast("reconcile", "--help")
            #expect(help.exitCode == 0)
            #expect(help.standardOutput.contains("ballast reconcile --bot order-support"))
            for arguments in [["frobnicate"], ["report"], ["history"], ["status", "--server", "x"]] {
                let output = try await ballast.run(arguments)
                #expect(output.exitCode == 64, "\(arguments)")
                #expect(output.standardOutput.isEmpty)
                #expect(output.standardError.hasPrefix("ballast: "), "\(arguments)")
            }
        }
    }

    @Test("no configuration, a bad one, and a secret that cannot be read are 78")
    func configuration() async throws {
        try await withTemporaryFolder { folder in
            let ballast = BallastRun(folder: folder.path)
            let none = try await ballast("status")
            #expect(none.exitCode == 78)
            #expect(
                none.standardError == """
                    ballast: there is no configuration at ballast.yaml
                      Run `ballast init`, or name a file with --config or BALLAST_CONFIG.

                    """)
            try folder.write("source: {url: x.git}\nplatform: []\n", to: "ballast.yaml")
            let bad = try await ballast("plan")
            #expect(bad.exitCode == 78)
            #expect(bad.standardError.contains("ballast.yaml:2:1: "))
            #expect(bad.standardError.contains("platforms"))
            try folder.write(Sample.offline, to: "ballast.yaml")
            for arguments in [["plan"], ["reconcile"], ["rollback", "x"], ["serve"]] {
                let secret = try await ballast.run(arguments)
                #expect(secret.exitCode == 78)
                #expect(secret.standardError.contains("ballast.yaml:3:"), "\(secret)")
                #expect(secret.standardError.contains("key does not exist"))
            }
            let other = try await ballast("status", "--config", "other.yaml")
            #expect(other.exitCode == 78)
            #expect(other.standardError.contains("there is no configuration at other.yaml"))
        }
    }

    @Test("a state that is not there is 2, and none is made by reading")
    func noState() async throws {
        try await withTemporaryFolder { folder in
            try folder.write(Sample.offline, to: "ballast.yaml")
            let ballast = BallastRun(folder: folder.path)
            for arguments in [
                ["status"], ["history", "x"], ["show", "x"], ["trace", "x"], ["audit", "show"], ["audit", "verify"],
                ["notifications"], ["state", "backup", "copy.db"], ["notifications", "redeliver", "x"],
            ] {
                let output = try await ballast.run(arguments)
                #expect(output.exitCode == 2, "\(arguments) \(output)")
                #expect(output.standardError.contains("there is no state at"))
            }
            #expect(!folder.exists("ballast.db"))
            #expect(!folder.exists("copy.db"))
        }
    }

    @Test("what does not exist is 64, what cannot be proved is 2, and both say what to do")
    func unknown() async throws {
        try await Stage.run { stage in
            try await stage.push("v_1")
            #expect(try await stage.ballast("reconcile").exitCode == 0)
            for arguments in [
                ["rollback", "nosuch"], ["rollback", "order-support"], ["plan", "--commit", "nosuch"],
                ["plan", "--selector", "team=nosuch"], ["reconcile", "--selector", "team=nosuch"],
                ["suspend", "order-support", "--for", "0s", "--reason", "x"],
                ["suspend", "order-support", "--for", "soon", "--reason", "x"],
            ] {
                let output = try await stage.ballast.run(arguments)
                #expect(output.exitCode == 64, "\(arguments) \(output)")
            }
            let clone = stage.folder.path("clone")
            try await stage.git.git("clone", "--quiet", stage.folder.path("bots.git"), clone)
            let unfetched = try await stage.ballast("audit", "verify", "--repository", "clone")
            #expect(unfetched.exitCode == 2, "\(unfetched)")
            #expect(unfetched.standardError.contains("git fetch origin '+refs/notes/ballast:refs/notes/ballast'"))
            let nowhere = try await stage.ballast("audit", "verify", "--repository", stage.folder.path)
            #expect(nowhere.exitCode == 2)
            #expect(nowhere.standardError.contains("there is no git repository at"), "\(nowhere)")
        }
    }

    @Test("schemas are JSON", arguments: ["manifest", "configuration", "event", "audit"])
    func schemas(document: String) async throws {
        try await withTemporaryFolder { folder in
            let output = try await BallastRun(folder: folder.path)("schema", document)
            let schema = try JSONSerialization.jsonObject(with: Data(output.standardOutput.utf8)) as? [String: Any]
            #expect(schema?["$schema"] as? String == "https://json-schema.org/draft/2020-12/schema")
            #expect(output.exitCode == 0)
        }
    }

    @Test("completions for three shells", arguments: ["bash", "zsh", "fish"])
    func completions(shell: String) async throws {
        try await withTemporaryFolder { folder in
            let output = try await BallastRun(folder: folder.path)("--generate-completion-script", shell)
            #expect(output.exitCode == 0)
            #expect(output.standardOutput.contains("reconcile"))
        }
    }

    @Test("a reader that goes away is no failure", .enabled(if: BuiltProducts.hasProgram("bash")))
    func brokenPipe() async throws {
        try await withTemporaryFolder { folder in
            let command = "\(try BuiltProducts.ballast()) schema manifest | true; echo ${PIPESTATUS[0]}"
            let output = try await runProcess("bash", ["-c", command], in: folder.path)
            #expect(output.standardOutput == "0\n")
        }
    }
}
