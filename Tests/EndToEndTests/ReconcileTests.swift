import Domain
import Foundation
import Simulator
import Support
import Testing

@Suite("From a commit to a verified rollback", .timeLimit(.minutes(3)))
struct ReconcileTests {
    @Test("a deployment, and what every reading verb tells of it")
    func deployment() async throws {
        try await Stage.run { stage in
            let commit = try await stage.push("v_1")
            let before = try await stage.ballast("plan")
            #expect(before.exitCode == 1, "\(before)")
            #expect(before.standardOutput.contains("order-support"))
            #expect(stage.served == nil)
            #expect(!stage.folder.exists("ballast.db"))
            #expect(try await stage.ballast("plan", "--detailed-exitcode").exitCode == 2)

            let output = try await stage.ballast("reconcile", "-o", "json")
            #expect(output.exitCode == 0, "\(output)")
            #expect(stage.served == "v_1")
            let report = try #require(
                try JSONSerialization.jsonObject(with: Data(output.standardOutput.utf8)) as? [String: Any])
            #expect(report["commit"] as? String == commit)
            let rollout = try #require((report["rollouts"] as? [[String: Any]])?.first)
            #expect(rollout["outcome"] as? String == "succeeded")
            #expect(rollout["direction"] as? String == "deployment")
            #expect((rollout["jobIds"] as? [String])?.count == 1)
            #expect(try await stage.ballast("plan").exitCode == 0)

            try await checkReading(stage, commit: commit, rollout: try #require(rollout["id"] as? String))
            _ = try await stage.sink.waitForDeliveries(count: 3)
            #expect(stage.sink.attempts.allSatisfy { $0.isAccepted })
        }
    }

    private func checkReading(_ stage: Stage, commit: String, rollout: String) async throws {
        let bot = try await stage.bot()
        #expect(bot["state"] as? String == "in-sync")
        #expect(bot["deployed"] as? String == "v_1")
        let history = try await stage.ballast.json("history", "order-support")["rollouts"] as? [[String: Any]]
        #expect(history?.first?["commit"] as? String == commit)
        #expect(history?.first?["author"] as? String == "Alice <alice@example.com>")
        let show = try await stage.ballast("show", rollout)
        #expect(show.exitCode == 0)
        for text in ["succeeded", "sessions", "I need help with my order", "rollout.intent"] {
            #expect(show.standardOutput.contains(text), "\(text)")
        }
        let trace = try await stage.ballast("trace", "order-support")
        for text in [commit, "Alice", "v_1", "pipeline delivered", "git fetch origin"] {
            #expect(trace.standardOutput.contains(text), "\(text)\n\(trace)")
        }
        let verify = try await stage.ballast("audit", "verify")
        #expect(verify.exitCode == 0, "\(verify)")
        let lines = try await stage.ballast("audit", "show", "-o", "jsonl")
        #expect(lines.standardOutput == (try stage.folder.read("audit.jsonl")))
        let records = try await stage.ballast.json("audit", "show", "order-support")["records"] as? [[String: Any]]
        #expect(records?.allSatisfy { $0["complianceTag"] as? String == "GOVERNANCE_ROLLBACK_EVENT" } == true)
        let items = try await stage.ballast.json("notifications", "list")["items"] as? [[String: Any]]
        #expect(items?.isEmpty == false)
        #expect(items?.allSatisfy { $0["status"] as? String == "delivered" && $0["id"] is String } == true)
        #expect(try await stage.ballast("status", "nosuch").exitCode == 64)
    }

    @Test("a bad version fails over, a revert heals, drift is undone")
    func story() async throws {
        try await Stage.run { stage in
            try await stage.push("v_1")
            #expect(try await stage.ballast("reconcile").exitCode == 0)
            let bad = try await stage.push("v_2")
            let failed = try await stage.ballast("reconcile")
            #expect(failed.exitCode == 1, "\(failed)")
            #expect(stage.served == "v_1")
            #expect(try await stage.bot()["state"] as? String == "failed-over")
            try await stage.git.revert(bad)
            try await stage.git.push()
            #expect(try await stage.ballast("reconcile").exitCode == 0)
            try await stage.push("v_3")
            #expect(try await stage.ballast("reconcile").exitCode == 0)
            #expect(stage.served == "v_3")
            _ = stage.platform.deployBehindGit(Stage.bot, version: "v_1")
            let drifted = try await stage.ballast.json("plan")["bots"] as? [[String: Any]]
            #expect(drifted?.first?["cause"] as? String == "platform")
            #expect(try await stage.ballast("reconcile").exitCode == 0)
            #expect(stage.served == "v_3")
            #expect(try await stage.ballast("audit", "verify").exitCode == 0)
            let clone = stage.folder.path("clone")
            try await stage.git.git("clone", "--quiet", stage.folder.path("bots.git"), clone)
            try await stage.git.git("-C", clone, "fetch", "--quiet", "origin", "+refs/notes/ballast:refs/notes/ballast")
            let proved = try await stage.ballast("audit", "verify", "--repository", "clone")
            #expect(proved.exitCode == 0, "\(proved)")
            #expect(proved.standardOutput.contains("the trail is whole"))
            try recordsAreTheTutorials(try stage.folder.read("audit.jsonl"))
        }
    }

    /// Whoever reads the tutorial's records reads these: its nine members, with its values.
    private func recordsAreTheTutorials(_ log: String) throws {
        var worst: [Bool] = []
        for line in log.split(separator: "\n") {
            let record = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            for name in ["eventType", "botId", "targetVersionId", "jobId", "timestamp", "auditTimestamp"] {
                #expect(record[name] != nil, "\(name) in \(line)")
            }
            #expect(record["complianceTag"] as? String == "GOVERNANCE_ROLLBACK_EVENT")
            #expect(["SUCCESS", "FAILED", "PENDING"].contains(record["status"] as? String), "\(line)")
            let metrics = try #require(record["metrics"] as? [String: Any])
            if record["type"] as? String == "rollout.end" {
                worst.append(try #require(metrics["verificationPassed"] as? Bool))
            }
        }
        #expect(worst == [true, false, true, true])
    }

    @Test("a changed line of the log is found, and named")
    func tampering() async throws {
        try await Stage.run { stage in
            try await stage.push("v_1")
            #expect(try await stage.ballast("reconcile").exitCode == 0)
            let log = try stage.folder.read("audit.jsonl")
            let lines = log.split(separator: "\n")
            let changed = lines[2].replacingOccurrences(of: "v_1", with: "v_9")
            try stage.folder.write(log.replacingOccurrences(of: lines[2], with: changed), to: "audit.jsonl")
            let verify = try await stage.ballast("audit", "verify")
            #expect(verify.exitCode == 1)
            #expect(verify.standardOutput.contains("BROKEN log: record 3 was changed"), "\(verify)")
        }
    }

    @Test("a bad manifest is 1, and stops no other")
    func badManifest() async throws {
        try await Stage.run { stage in
            try await stage.git.commit(["bots/bad.yaml": "kind: [\n"], message: "bad")
            try await stage.push("v_1")
            let output = try await stage.ballast("reconcile")
            #expect(output.exitCode == 1)
            #expect(output.standardError.contains("bots/bad.yaml:"))
            #expect(stage.served == "v_1")
            #expect(try await stage.ballast("plan").exitCode == 1)
            let gitHub = try await stage.ballast("plan", "-o", "github")
            #expect(gitHub.standardOutput.hasPrefix("::error file=bots/bad.yaml"), "\(gitHub)")
        }
    }

    @Test("a newcomer that claims another one's bot is told at its place")
    func newcomer() async throws {
        try await Stage.run { stage in
            try await stage.push("v_1")
            #expect(try await stage.ballast("reconcile").exitCode == 0)
            let first = Sample.manifest("first", bot: "bot_2", version: "v_1")
            let second = Sample.manifest("second", version: "v_3")
            try await stage.git.commit(["bots/new.yaml": first + "---\n" + second], message: "new")
            try await stage.git.push()
            let plan = try await stage.ballast.json("plan")
            let problems = try #require(plan["problems"] as? [[String: Any]])
            #expect(problems.count == 1, "\(problems)")
            #expect(problems.first?["path"] as? String == "bots/new.yaml")
            // A document begins at its `---`.
            let place = first.split(separator: "\n").count + 1
            #expect(problems.first?["line"] as? Int == place, "\(problems)")
            let gitHub = try await stage.ballast("plan", "-o", "github")
            #expect(gitHub.standardOutput.contains("::error file=bots/new.yaml,line=\(place)"), "\(gitHub)")
            #expect(try await stage.ballast("reconcile").exitCode == 1)
            #expect(stage.served == "v_1")
        }
    }

    @Test("a remote or a platform that cannot be used is 2")
    func unusable() async throws {
        try await Stage.run { stage in
            try await stage.push("v_1")
            await stage.platform.shutdown()
            let plan = try await stage.ballast("plan")
            #expect(plan.exitCode == 2, "\(plan)")
            #expect(plan.standardError.contains("platform default could not be used"))
            #expect(try await stage.ballast("plan", "--detailed-exitcode").exitCode == 1)
            try FileManager.default.removeItem(atPath: stage.folder.path("bots.git"))
            let gone = try await stage.ballast("plan")
            #expect(gone.exitCode == 2)
            #expect(gone.standardError.contains("bots.git"), "\(gone)")
        }
    }
}
