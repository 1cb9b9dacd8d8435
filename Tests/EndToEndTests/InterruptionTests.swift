import Domain
import Foundation
import Simulator
import Support
import Testing

@Suite("Two at one state, and Ctrl-C", .timeLimit(.minutes(3)), .enabled(if: BuiltProducts.hasProgram("bash")))
struct InterruptionTests {
    /// A rollout that waits for sessions to end, in a process of its own, until `body` is done; then Ctrl-C.
    private func whileWaiting(_ stage: Stage, _ body: () async throws -> Void) async throws -> ProcessOutput {
        stage.platform.setSessions(3, of: Stage.bot, in: "PRODUCTION")
        try await stage.push("v_1")
        let script = """
            \(try BuiltProducts.ballast()) reconcile > out 2> err & echo $! > pid.new; mv pid.new pid
            wait $!; code=$?; cat out; cat err >&2; exit $code
            """
        let folder = stage.folder.path
        async let output = runProcess("bash", ["-c", script], in: folder)
        do {
            try await stage.platform.waitForRequests(.listSessions, count: 2)
            try await body()
        } catch {
            _ = try? await interrupt(stage)
            throw error
        }
        try await interrupt(stage)
        return try await output
    }

    private func interrupt(_ stage: Stage) async throws {
        let pid = try stage.folder.read("pid").trimmingCharacters(in: .whitespacesAndNewlines)
        try await checkProcess("bash", ["-c", "kill -INT \(pid)"])
    }

    @Test("an interrupted reconcile says what was left, and the next one goes on")
    func interruption() async throws {
        try await Stage.run { stage in
            let output = try await whileWaiting(stage) {}
            #expect(output.exitCode == 130, "\(output)")
            #expect(output.standardError.contains("interrupted; open is the rollout of order-support"), "\(output)")
            stage.platform.setSessions(0, of: Stage.bot, in: "PRODUCTION")
            // Nothing stops the rollout any more, and a plan touches nothing all the same.
            let plan = try await stage.ballast("plan")
            #expect(plan.exitCode == 1, "\(plan)")
            #expect(stage.platform.counters.count(.createDeployment) == 0)
            let next = try await stage.ballast("reconcile", "--wait", "20s")
            #expect(next.exitCode == 0, "\(next)")
            #expect(stage.served == "v_1")
            let history = try await stage.ballast.json("history", "order-support")["rollouts"] as? [[String: Any]]
            #expect(history?.count == 1)
        }
    }

    @Test("a second writer is refused with 2 and told who has the state; readers work beside it")
    func secondWriter() async throws {
        try await Stage.run { stage in
            _ = try await whileWaiting(stage) {
                let pid = try stage.folder.read("pid").trimmingCharacters(in: .whitespacesAndNewlines)
                for arguments in [["reconcile"], ["suspend", "--all", "--reason", "x"], ["release", "order-support"]] {
                    let second = try await stage.ballast.run(arguments)
                    #expect(second.exitCode == 2, "\(second)")
                    #expect(second.standardError.contains(pid), "\(second)")
                    #expect(second.standardError.contains("reconcile"), "\(second)")
                }
                #expect(try await stage.ballast("status").exitCode == 0)
                #expect(try await stage.bot()["state"] as? String == "waiting")
                let verify = try await stage.ballast("audit", "verify")
                #expect(verify.exitCode == 0, "\(verify)")
                #expect(try await stage.ballast("state", "backup", "copy.db").exitCode == 0)
                #expect(try await stage.ballast("plan").exitCode == 1)
            }
        }
    }
}
