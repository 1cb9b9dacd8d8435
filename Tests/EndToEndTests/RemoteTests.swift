import Domain
import Foundation
import Simulator
import Support
import Testing

@Suite("Verbs over a running server", .timeLimit(.minutes(3)))
struct RemoteTests {
    @Test("reading verbs print the same with and without --server, in every form")
    func golden() async throws {
        try await Served.run { served in
            let first = try await served.ballast("reconcile")
            #expect(first.exitCode == 0, "\(first)")
            try await served.settle()
            let history = try await served.ballast.json("history", "order-support")["rollouts"] as? [[String: Any]]
            let rollout = try #require(history?.first?["id"] as? String)
            let event = try #require(
                (try await served.ballast.json("notifications")["items"] as? [[String: Any]])?.last?["id"] as? String)
            #expect(!event.isEmpty)
            let verbs = [
                ["status"], ["status", "default/bot_12345/PRODUCTION"], ["status", "nosuch"],
                ["history", "order-support"], ["history", "default/bot_12345/PRODUCTION", "--limit", "1"],
                ["history", "nosuch"], ["show", rollout], ["show", String(rollout.prefix(13))], ["show", "nosuch"],
                ["trace", "order-support"], ["trace", "nosuch"], ["audit", "show"],
                ["audit", "show", "order-support", "--last", "3"], ["audit", "show", "nosuch"],
                ["notifications", "list"], ["notifications", "list", "--status", "dead"],
                ["notifications", "list", "--sink", "pipeline", "--limit", "2"], ["plan"], ["plan", "--guards"],
                ["plan", "--bot", "nosuch"], ["plan", "--selector", "team=orders"],
            ]
            for verb in verbs {
                for form in ["table", "json", "yaml"] {
                    let arguments = verb + ["-o", form]
                    let here = try await served.stage.ballast.run(arguments)
                    let there = try await served.ballast.run(arguments)
                    #expect(here.exitCode == there.exitCode, "\(arguments): \(there)")
                    #expect(here.standardOutput == there.standardOutput, "\(arguments)")
                    #expect(here.standardError == there.standardError, "\(arguments)")
                }
            }
            let log = try await served.ballast("audit", "show", "-o", "jsonl")
            #expect(log.standardOutput == (try served.stage.folder.read("audit.jsonl")))
        }
    }

    @Test("reconcile asks for a pass, follows it, and ends as the local one does")
    func reconcile() async throws {
        try await Served.run { served in
            let first = try await served.ballast("reconcile")
            #expect(first.exitCode == 0, "\(first)")
            #expect(first.standardOutput.hasSuffix("1 of 1 bot in sync\n"), "\(first)")
            #expect(served.stage.served == "v_1")
            try await served.stage.push("v_2")
            let bad = try await served.ballast("reconcile", "-o", "json")
            #expect(bad.exitCode == 1, "\(bad)")
            let report = try #require(
                try JSONSerialization.jsonObject(with: Data(bad.standardOutput.utf8)) as? [String: Any])
            #expect(Set(report.keys) == ["commit", "rollouts", "bots", "problems"])
            let rollout = try #require((report["rollouts"] as? [[String: Any]])?.last)
            #expect(rollout["outcome"] as? String == "failed-over")
            #expect(rollout["to"] as? String == "v_2")
            #expect(served.stage.served == "v_1")
            let nobody = try await served.ballast("reconcile", "--bot", "nosuch")
            #expect(nobody.exitCode == 64, "\(nobody)")
            #expect(nobody.standardError.contains("no bot is called nosuch"))
        }
    }

    @Test("reconcile waits no longer than it was told, and the server goes on")
    func wait() async throws {
        try await Served.run { served in
            #expect(try await served.ballast("reconcile").exitCode == 0)
            served.stage.platform.setSessions(3, of: Stage.bot, in: "PRODUCTION")
            try await served.stage.push("v_3")
            let output = try await served.ballast("reconcile", "--wait", "300ms")
            #expect(output.exitCode == 1, "\(output)")
            #expect(output.standardOutput.contains("open: "), "\(output)")
            #expect(output.standardOutput.contains("waiting"), "\(output)")
            served.stage.platform.setSessions(0, of: Stage.bot, in: "PRODUCTION")
            try await served.stage.platform.wait(for: "v_3 to serve") { $0.servedVersion(of: Stage.bot) == "v_3" }
        }
    }

    @Test("rollback: the server makes the commit, as the token's name, and rolls")
    func rollback() async throws {
        try await Served.run { served in
            #expect(try await served.ballast("reconcile").exitCode == 0)
            try await served.stage.push("v_3")
            #expect(try await served.ballast("reconcile").exitCode == 0)
            #expect(served.stage.served == "v_3")
            let output = try await served.ballast("rollback", "order-support", "--reason", "v_3 loses orders")
            #expect(output.exitCode == 0, "\(output)")
            #expect(output.standardError.contains("order-support from v_3 to v_1 was pushed to main"), "\(output)")
            #expect(output.standardOutput.contains("succeeded"), "\(output)")
            #expect(served.stage.served == "v_1")
            try await served.stage.git.git("pull", "--quiet", "origin", "main")
            #expect(try await served.stage.git.git("log", "-1", "--format=%an") == "chief")
            let again = try await served.ballast(
                "rollback", "order-support", "--without-git", "--to", "v_3", "--reason", "the forge is down")
            #expect(again.exitCode == 0, "\(again)")
            #expect(served.stage.served == "v_3")
            let nobody = try await served.ballast("rollback", "nosuch", "--reason", "x")
            #expect(nobody.exitCode == 64, "\(nobody)")
            #expect(nobody.standardError.contains("no bot is called nosuch"), "\(nobody)")
        }
    }

    @Test("decisions are the token's, and what there is nothing to decide about is no failure")
    func decisions() async throws {
        try await Served.run { served in
            #expect(try await served.ballast("reconcile").exitCode == 0)
            let suspended = try await served.ballast("suspend", "order-support", "--for", "2h", "--reason", "incident")
            #expect(suspended.exitCode == 0, "\(suspended)")
            #expect(suspended.standardOutput == "suspended order-support for 2h\n")
            try await served.stage.push("v_3")
            #expect(try await served.ballast("reconcile").exitCode == 0)
            #expect(served.stage.served == "v_1")
            let waived = try await served.ballast(
                "waive", "order-support", "--guard", "cooldown", "--reason", "it must go out")
            #expect(waived.exitCode == 0, "\(waived)")
            #expect(try await served.ballast("resume", "default/bot_12345/PRODUCTION").exitCode == 0)
            #expect(try await served.ballast("reconcile").exitCode == 0)
            #expect(served.stage.served == "v_3")
            #expect(try await served.ballast("suspend", "default", "--reason", "x").exitCode == 0)
            #expect(try await served.ballast("resume", "default").exitCode == 0)
            #expect(try await served.ballast("suspend", "--all", "--reason", "x").exitCode == 0)
            #expect(try await served.ballast("resume", "--all").exitCode == 0)
            for nothing in [
                ["release", "order-support"], ["release", "default"], ["approve", "--drift", "default"],
                ["notifications", "enable", "pipeline"], ["resume", "order-support"],
            ] {
                let output = try await served.ballast.run(nothing)
                #expect(output.exitCode == 0, "\(nothing) \(output)")
                #expect(output.standardError.contains("nothing was changed"), "\(nothing) \(output)")
            }
            for unknown in [
                ["release", "nosuch"], ["suspend", "nosuch", "--reason", "x"], ["approve", "abcd1234"],
                ["approve", "--drift", "nosuch"], ["notifications", "enable", "nosuch"],
                ["notifications", "redeliver", "nosuch"],
            ] {
                let output = try await served.ballast.run(unknown)
                #expect(output.exitCode == 64, "\(unknown) \(output)")
                #expect(output.standardError.hasPrefix("ballast: "), "\(unknown) \(output)")
            }
            let records = try await served.ballast.json("audit", "show")["records"] as? [[String: Any]]
            let suspension = records?.first { $0["type"] as? String == "decision.suspend" }
            #expect(suspension?["decidedBy"] as? String == "chief")
            #expect(suspension?["reason"] as? String == "incident")
        }
    }

    @Test("status --watch goes on until it is told to stop")
    func watch() async throws {
        try await Served.run { served in
            #expect(try await served.ballast("reconcile").exitCode == 0)
            let log = served.stage.folder.path("watch.log")
            let ended = try await withProcess(
                try BuiltProducts.ballast(), ["status", "--watch"], environment: served.ballast.variables,
                in: served.ballast.folder, logPath: log
            ) { _ in
                try await eventually("v_1 is shown") {
                    try served.stage.folder.read("watch.log").contains("serves v_1")
                }
                try await served.stage.push("v_3")
                #expect(try await served.ballast("reconcile").exitCode == 0)
                try await eventually("v_3 is shown") {
                    try served.stage.folder.read("watch.log").contains("serves v_3")
                }
            }
            #expect(ended.exitCode == 0)
        }
    }

    @Test("an event is sent again by the server, under its id")
    func redelivery() async throws {
        try await Served.run { served in
            #expect(try await served.ballast("reconcile").exitCode == 0)
            try await served.settle()
            let sent = served.stage.sink.accepted.count
            let items = try await served.ballast.json("notifications")["items"] as? [[String: Any]]
            let id = try #require(items?.last?["id"] as? String)
            let output = try await served.ballast("notifications", "redeliver", id)
            #expect(output.exitCode == 0, "\(output)")
            #expect(output.standardOutput == "1 delivery is due again\n")
            try await eventually("it is sent again") { served.stage.sink.accepted.count > sent }
            let many = try await served.ballast("notifications", "redeliver", "--sink", "pipeline", "--since", "1h")
            #expect(many.exitCode == 0, "\(many)")
        }
    }

    @Test("the second writer is refused with 2 and sent to the server; readers work beside it")
    func secondWriter() async throws {
        try await Served.run { served in
            #expect(try await served.ballast("reconcile").exitCode == 0)
            for arguments in [
                ["reconcile"], ["release", "order-support"], ["rollback", "order-support"],
                ["suspend", "--all", "--reason", "x"],
            ] {
                let output = try await served.stage.ballast.run(arguments)
                #expect(output.exitCode == 2, "\(arguments) \(output)")
                #expect(output.standardError.contains("process \(served.pid)"), "\(output)")
                #expect(output.standardError.contains("`serve`"), "\(output)")
                #expect(output.standardError.contains("--server"), "\(output)")
            }
            for arguments in [["status"], ["audit", "verify"], ["plan"], ["state", "backup", "copy.db"]] {
                let output = try await served.stage.ballast.run(arguments)
                #expect(output.exitCode == 0, "\(arguments) \(output)")
            }
        }
    }
}
