import Domain
import Foundation
import Simulator
import Support
import Testing

@Suite("What people decide", .timeLimit(.minutes(3)))
struct PeopleTests {
    @Test("rollback makes the commit, pushes it and follows the rollout")
    func rollback() async throws {
        try await Stage.run { stage in
            try await stage.push("v_1")
            #expect(try await stage.ballast("reconcile").exitCode == 0)
            try await stage.push("v_3")
            #expect(try await stage.ballast("reconcile").exitCode == 0)
            let output = try await stage.ballast("rollback", "order-support", "--reason", "v_3 loses orders")
            #expect(output.exitCode == 0, "\(output)")
            #expect(stage.served == "v_1")
            try await stage.git.git("pull", "--quiet", "origin", "main")
            #expect(try stage.folder.read("repository/bots/order-support.yaml") == Sample.manifest(version: "v_1"))
            #expect(try await stage.git.git("log", "-1", "--format=%an <%ae>") == "Carol <carol@example.com>")
            #expect(try await stage.git.git("log", "-1", "--format=%B").contains("v_3 loses orders"))
        }
    }

    @Test("a branch that refuses: the commit waits on its own branch, and it ends with 1")
    func protected() async throws {
        try await Stage.run { stage in
            try await stage.push("v_1")
            #expect(try await stage.ballast("reconcile").exitCode == 0)
            try await stage.push("v_3")
            #expect(try await stage.ballast("reconcile").exitCode == 0)
            // A branch that is checked out at the remote takes no push.
            let text = try stage.folder.read("ballast.yaml")
            try stage.folder.write(text.replacing("url: bots.git", with: "url: repository"), to: "ballast.yaml")
            let output = try await stage.ballast("rollback", "order-support")
            #expect(output.exitCode == 1, "\(output)")
            #expect(output.standardError.contains("main refused the push"), "\(output)")
            #expect(stage.served == "v_3")
            let branches = try await stage.git.git("branch", "--format=%(refname:short)")
            let own = try #require(
                branches.split(separator: "\n").first { $0.hasPrefix("ballast/rollback-order-support-") })
            #expect(output.standardError.contains(own))
            let manifest = try await stage.git.git("show", "\(own):bots/order-support.yaml")
            #expect(manifest + "\n" == Sample.manifest(version: "v_1"))
        }
    }

    @Test("without git, to a version that was verified here only")
    func withoutGit() async throws {
        try await Stage.run { stage in
            try await stage.push("v_1")
            #expect(try await stage.ballast("reconcile").exitCode == 0)
            try await stage.push("v_3")
            #expect(try await stage.ballast("reconcile").exitCode == 0)
            let unknown = try await stage.ballast(
                "rollback", "order-support", "--without-git", "--to", "v_2", "--reason", "the forge is down")
            #expect(unknown.exitCode == 64, "\(unknown)")
            let output = try await stage.ballast(
                "rollback", "order-support", "--without-git", "--reason", "the forge is down")
            #expect(output.exitCode == 0, "\(output)")
            #expect(stage.served == "v_1")
            let records = try await stage.ballast("audit", "show", "order-support")
            #expect(records.standardOutput.contains("Carol <carol@example.com>"))
        }
    }

    @Test("suspend leaves a bot alone until resume")
    func suspension() async throws {
        try await Stage.run { stage in
            try await stage.push("v_1")
            #expect(try await stage.ballast("reconcile").exitCode == 0)
            let said = try await stage.ballast("suspend", "order-support", "--reason", "incident 17")
            #expect(said.standardOutput == "suspended order-support\n", "\(said)")
            try await stage.push("v_3")
            #expect(try await stage.ballast("reconcile").exitCode == 0)
            #expect(stage.served == "v_1")
            #expect(try await stage.bot()["state"] as? String == "suspended")
            #expect(try await stage.ballast("plan").exitCode == 1)
            #expect(try await stage.ballast("resume", "order-support").exitCode == 0)
            let again = try await stage.ballast("resume", "order-support")
            #expect(again.exitCode == 0)
            #expect(again.standardError.contains("nothing was changed"))
            #expect(try await stage.ballast("reconcile").exitCode == 0)
            #expect(stage.served == "v_3")
            #expect(try await stage.ballast("suspend", "nosuch", "--reason", "x").exitCode == 64)
        }
    }

    @Test("a decision is told and stands beside the commit when its verb ends; it moves nothing")
    func decisionsAreTold() async throws {
        try await Stage.run { stage in
            try await stage.push("v_1")
            #expect(try await stage.ballast("reconcile").exitCode == 0)
            let commit = try await stage.push("v_3")
            let requests = stage.platform.requests.count
            #expect(try await stage.ballast("suspend", "order-support", "--reason", "incident 17").exitCode == 0)
            #expect(stage.platform.requests.count == requests)
            #expect(stage.served == "v_1")
            let told = stage.sink.accepted.last?.text ?? ""
            #expect(told.contains("decision.suspend") && told.contains("incident 17"), "\(told)")
            let accepted = try await stage.git.git("rev-parse", "\(commit)~1")
            let notes = try await stage.git.git("ls-remote", "--quiet", "origin", "refs/notes/ballast")
            #expect(!notes.isEmpty)
            try await stage.git.git("fetch", "--quiet", "origin", "+refs/notes/ballast:refs/notes/ballast")
            let note = try await stage.git.git("log", "-1", "--notes=ballast", "--format=%N", accepted)
            #expect(note.contains("incident 17"), "\(note)")
            #expect(try await stage.ballast.json("audit", "verify")["pendingNotes"] as? [Int] == [])
        }
    }

    @Test("a remote that is away keeps nobody from deciding")
    func decisionsWithoutRemote() async throws {
        try await Stage.run { stage in
            try await stage.push("v_1")
            #expect(try await stage.ballast("reconcile").exitCode == 0)
            try FileManager.default.moveItem(
                atPath: stage.folder.path("bots.git"), toPath: stage.folder.path("away.git"))
            let said = try await stage.ballast("suspend", "order-support", "--reason", "incident 17")
            #expect(said.exitCode == 0, "\(said)")
            #expect(said.standardOutput == "suspended order-support\n")
            try FileManager.default.moveItem(
                atPath: stage.folder.path("away.git"), toPath: stage.folder.path("bots.git"))
            #expect(try await stage.ballast("reconcile").exitCode == 0)
            #expect(try await stage.ballast.json("audit", "verify")["pendingNotes"] as? [Int] == [])
        }
    }

    @Test("a commit that rolls too many bots waits for approval")
    func approval() async throws {
        try await Stage.run("reconcile: {maxBotsPerCommit: 1}\n") { stage in
            stage.platform.add(SimulatedBot(id: "bot_2", versions: [.init(id: "v_1")]))
            try await stage.git.commit(
                ["bots/two.yaml": Sample.manifest("two", bot: "bot_2", version: "v_1")], message: "two")
            let commit = try await stage.push("v_1")
            let held = try await stage.ballast("reconcile")
            #expect(held.exitCode == 1, "\(held)")
            #expect(stage.served == nil)
            let approved = try await stage.ballast("approve", String(commit.prefix(12)), "--reason", "agreed")
            #expect(approved.exitCode == 0, "\(approved)")
            #expect(approved.standardOutput.contains("approved"))
            #expect(try await stage.ballast("reconcile").exitCode == 0)
            #expect(stage.served == "v_1")
        }
    }

    @Test("import writes a manifest for what is deployed, once")
    func importing() async throws {
        try await Stage.run { stage in
            _ = stage.platform.deployBehindGit(Stage.bot, version: "v_3")
            try await stage.platform.wait(for: "v_3 to serve") { $0.servedVersion(of: Stage.bot) == "v_3" }
            let first = try await stage.ballast("import")
            #expect(first.exitCode == 0, "\(first)")
            #expect(first.standardOutput == "wrote  bots/bot-12345-production.yaml\n")
            #expect(try await stage.ballast("validate").exitCode == 0)
            #expect(try stage.folder.read("bots/bot-12345-production.yaml").contains("  version: v_3\n"))
            let second = try await stage.ballast("import")
            #expect(second.standardOutput == "kept  bots/bot-12345-production.yaml\n")
        }
    }

    @Test("doctor finds nothing where all is well, and says what to do where it is not")
    func doctor() async throws {
        try await Stage.run { stage in
            try await stage.push("v_1")
            let well = try await stage.ballast("doctor")
            #expect(well.exitCode == 0, "\(well)")
            stage.platform.removeKeys()
            stage.platform.add(SimulatedKey(name: "weak", secret: "key-1", scopes: []))
            let weak = try await stage.ballast("doctor")
            #expect(weak.exitCode == 1)
            #expect(weak.standardOutput.contains("Grant bot:manage"), "\(weak)")
            let checks = try await stage.ballast.json("doctor")["checks"] as? [[String: Any]]
            #expect(checks?.contains { $0["ok"] as? Bool == false && $0["remedy"] is String } == true)
        }
    }

    @Test("doctor tells of a sink that is away, and of one that wants nothing more; it delivers nothing")
    func doctorOfSinks() async throws {
        let more = "  - {name: away, kind: webhook, url: \"http://127.0.0.1:1/path-canary\", allowPrivate: true}\n"
        try await Stage.run(more) { stage in
            try await stage.push("v_1")
            let away = try await stage.ballast("doctor")
            #expect(away.exitCode == 1)
            let lines = away.standardOutput.split(separator: "\n").map(String.init)
            #expect(lines.contains { $0.hasPrefix("ok ") && $0.contains("sink pipeline") }, "\(away)")
            #expect(
                lines.contains {
                    $0.hasPrefix("FAIL") && $0.contains("sink away") && $0.contains("no connection: Connection refused")
                }, "\(away)")
            #expect(!away.standardOutput.contains("path-canary"))
            #expect(stage.sink.attempts.isEmpty)
            stage.sink.add(.status(410))
            #expect(try await stage.ballast("reconcile").exitCode == 0)
            let gone = try await stage.ballast("doctor")
            #expect(gone.standardOutput.contains("ballast notifications enable pipeline"), "\(gone)")
        }
    }

    @Test("a secret in a commit's message or a person's reason is kept nowhere")
    func secretsInTexts() async throws {
        let secret = "canary-of-the-forge-77"
        try await Stage.run("  - {name: other, kind: webhook, url: {env: OTHER}, allowPrivate: true}\n") { stage in
            var ballast = stage.ballast
            ballast.environment = ["OTHER": "http://127.0.0.1:1/\(secret)"]
            try stage.folder.write("http://127.0.0.1:1/\(secret)", to: "secret")
            try await stage.push("v_1", message: "say http://127.0.0.1:1/\(secret)")
            #expect(try await ballast("reconcile").exitCode == 0)
            let said = try await ballast(
                "suspend", "order-support", "--reason", "see http://127.0.0.1:1/\(secret)")
            #expect(said.exitCode == 0, "\(said)")
            for file in ["ballast.db", "ballast.db-wal", "audit.jsonl"] where stage.folder.exists(file) {
                let bytes = try Data(contentsOf: URL(filePath: stage.folder.path(file)))
                #expect(bytes.range(of: Data(secret.utf8)) == nil, "\(file)")
            }
            #expect(stage.sink.accepted.count >= 3)
            #expect(stage.sink.accepted.allSatisfy { !$0.text.contains(secret) })
            #expect(stage.sink.accepted.contains { $0.text.contains("say ***") })
        }
    }

    @Test("a copy of the state is one, and replaces nothing else")
    func backup() async throws {
        try await Stage.run { stage in
            try await stage.push("v_1")
            #expect(try await stage.ballast("reconcile").exitCode == 0)
            #expect(try await stage.ballast("state", "backup", "copy.db").exitCode == 0)
            #expect(try await stage.ballast("state", "backup", "copy.db").exitCode == 0)
            #expect(try await stage.ballast("state", "backup", "ballast.yaml").exitCode == 64)
            #expect(try await stage.ballast("state", "backup", "ballast.db").exitCode == 64)
            let copied = BallastRun(folder: stage.folder.path, environment: ["BALLAST_STATE": "copy.db"])
            let status = try await copied("status")
            #expect(status.standardOutput.contains("order-support"), "\(status)")
        }
    }

    @Test("an event is sent again under its id")
    func redelivery() async throws {
        try await Stage.run { stage in
            try await stage.push("v_1")
            #expect(try await stage.ballast("reconcile").exitCode == 0)
            let items = try await stage.ballast.json("notifications", "list")["items"] as? [[String: Any]]
            let id = try #require(items?.last?["id"] as? String)
            #expect(try await stage.ballast("notifications", "redeliver", id).exitCode == 0)
            #expect(try await stage.ballast("notifications", "redeliver", "nosuch").exitCode == 64)
            #expect(try await stage.ballast("reconcile").exitCode == 0)
            #expect(stage.sink.accepted.count { $0.id == id } == 2)
        }
    }
}
