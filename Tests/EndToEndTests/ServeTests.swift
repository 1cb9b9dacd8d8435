import Domain
import Foundation
import Simulator
import Support
import Testing

@Suite("The daemon", .timeLimit(.minutes(3)))
struct ServeTests {
    private static let hook = "  hooks: {generic: {secret: {file: intake}}}\n"

    private func inSync(_ served: Served, _ version: String) async throws {
        try await served.stage.platform.wait(for: "\(version) to serve") { $0.servedVersion(of: Stage.bot) == version }
        try await eventually("the bot is in sync") { try await served.stage.bot()["state"] as? String == "in-sync" }
    }

    private func signal(_ name: String, _ served: Served) async throws {
        try await checkProcess("bash", ["-c", "kill -\(name) \(served.pid)"])
    }

    private func log(_ served: Served, _ name: String = "serve.log") throws -> String {
        try served.stage.folder.read(name)
    }

    @Test("rolls at its start, at a push that a webhook tells of, and ends with 0; the next start finds nothing to do")
    func life() async throws {
        // No look comes by itself while the test lasts.
        try await Stage.run(Served.configuration + Self.hook) { stage in
            try prepare(stage)
            let text = try stage.folder.read("ballast.yaml")
            try stage.folder.write(
                text.replacing("path: bots}", with: "path: bots, interval: 1h}"), to: "ballast.yaml")
            try await stage.push("v_1")
            let code = try await Served.start(stage, log: "serve.log") { served in
                try await inSync(served, "v_1")
                try await stage.push("v_3")
                let answer = try await tell(served)
                #expect(answer == "202")
                try await inSync(served, "v_3")
            }
            #expect(code == 0)
            let posts = stage.platform.counters.count(.createDeployment)
            #expect(posts == 2)
            let again = try await Served.start(stage, log: "again.log") { served in
                try await inSync(served, "v_3")
                let health = try await checkProcess("curl", ["-s", "--max-time", "10", "\(served.url)/readyz"])
                #expect(health.standardOutput.contains("\"ready\":true"), "\(health)")
            }
            #expect(again == 0)
            #expect(stage.platform.counters.count(.createDeployment) == posts)
            #expect(try await stage.ballast("audit", "verify").exitCode == 0)
        }
    }

    @Test("killed while a job runs, the next start adopts it and sends no second one")
    func adoption() async throws {
        try await Stage.run(Served.configuration) { stage in
            try prepare(stage)
            stage.platform.addFault(
                FaultRule(.job(course: JobScript(runningFor: .minutes(10))), on: .createDeployment))
            try await stage.push("v_1")
            let code = try await Served.start(stage, log: "serve.log") { served in
                try await stage.platform.waitForRequests(.createDeployment, count: 1)
                try await signal("KILL", served)
            }
            #expect(code == nil)
            let again = try await Served.start(stage, log: "again.log") { served in
                try await stage.platform.waitForRequests(.getDeploymentStatus, count: 2)
                stage.platform.skip(.minutes(11))
                try await inSync(served, "v_1")
            }
            #expect(again == 0)
            #expect(stage.platform.counters.count(.createDeployment) == 1)
            let history = try await stage.ballast.json("history", "order-support")["rollouts"] as? [[String: Any]]
            #expect(history?.map { $0["outcome"] as? String } == ["succeeded"])
        }
    }

    @Test("told to end while a job runs, it ends with 0, and the job is watched by the next start")
    func parking() async throws {
        try await Stage.run(Served.configuration) { stage in
            try prepare(stage)
            stage.platform.addFault(
                FaultRule(.job(course: JobScript(runningFor: .minutes(10))), on: .createDeployment))
            try await stage.push("v_1")
            let code = try await Served.start(stage, log: "serve.log") { _ in
                try await stage.platform.waitForRequests(.getDeploymentStatus, count: 1)
            }
            #expect(code == 0)
            stage.platform.skip(.minutes(11))
            #expect(try await Served.start(stage, log: "again.log") { try await inSync($0, "v_1") } == 0)
            #expect(stage.platform.counters.count(.createDeployment) == 1)
        }
    }

    @Test("SIGHUP takes a good configuration in, refuses a bad one and one that cannot be opened, and keeps its socket")
    func reload() async throws {
        try await Served.run { served in
            let stage = served.stage
            try await inSync(served, "v_1")
            let good = try stage.folder.read("ballast.yaml")

            try stage.folder.write(good + "nonsense: true\n", to: "ballast.yaml")
            try await signal("HUP", served)
            try await eventually("the bad one is refused") { try log(served).contains("unknown field `nonsense`") }

            try stage.folder.write(good + "state: /proc/nowhere/x.db\n", to: "ballast.yaml")
            try await signal("HUP", served)
            try await eventually("the unusable one is refused") { try log(served).contains("/proc/nowhere/x.db") }
            #expect(try await served.ballast("status").exitCode == 0)

            try stage.folder.write(good + "reconcile: {mode: alert}\n", to: "ballast.yaml")
            try await signal("HUP", served)
            try await eventually("the good one is in force") {
                try log(served).components(separatedBy: "the configuration was read again").count == 3
            }
            try await stage.push("v_3")
            try await eventually("drift is told, not undone") {
                _ = try await served.ballast("reconcile")
                return try await stage.bot()["state"] as? String == "drifted"
            }
            #expect(stage.served == "v_1")
        }
    }

    @Test("a remote, a platform and a sink that never answer do not keep it from ending")
    func hanging() async throws {
        try await RawServer.run(.init { _ in .hang }) { server in
            try await Stage.run(Served.configuration) { stage in
                try prepare(stage)
                let text = try stage.folder.read("ballast.yaml")
                    .replacing(try stage.platform.url, with: server.url)
                    .replacing(try stage.sink.url, with: server.url + "/hook")
                    .replacing("url: bots.git", with: "url: \"\(server.url)/bots.git\"")
                try stage.folder.write(text, to: "ballast.yaml")
                let code = try await Served.start(stage, log: "serve.log") { served in
                    let health = try await checkProcess("curl", ["-sf", "--max-time", "10", "\(served.url)/healthz"])
                    #expect(health.standardOutput.contains("true"), "\(health)")
                }
                #expect(code == 0)
            }
        }
    }

    @Test("tells its service manager that it is ready, that it is well, and that it ends")
    func serviceManager() async throws {
        try await Stage.run(Served.configuration) { stage in
            try prepare(stage)
            try await stage.push("v_1")
            // The socket's reader, as the manager is one.
            let reader = """
                import socket, sys
                s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
                s.bind("notify")
                while True:
                    text = s.recv(4096).decode()
                    print(text, flush=True)
                    if "STOPPING=1" in text: break
                """
            let folder = stage.folder.path
            async let heard = runProcess("python3", ["-c", reader], in: folder)
            try await eventually("the manager listens") {
                FileManager.default.fileExists(atPath: stage.folder.path("notify"))
            }
            let other = stage.with([
                "NOTIFY_SOCKET": stage.folder.path("notify"), "WATCHDOG_USEC": "200000",
            ])
            let code = try await Served.start(other, log: "serve.log") { served in
                try await inSync(served, "v_1")
                // Half of the interval, a few times over.
                try await stage.platform.waitForRequests(.listDeployments, count: 1)
            }
            #expect(code == 0)
            let lines = try await heard.standardOutput.split(separator: "\n").map(String.init)
            #expect(lines.first == "READY=1")
            #expect(lines.contains("WATCHDOG=1"))
            #expect(lines.last == "STOPPING=1")
        }
    }

    private func prepare(_ stage: Stage) throws {
        for name in ["chief", "ops", "looker"] { try stage.folder.write("the token of \(name)\n", to: "\(name)-token") }
        try stage.folder.write("an intake secret of the tests\n", to: "intake")
    }

    /// A signed body at `/hooks/generic`; the status of the answer.
    private func tell(_ served: Served) async throws -> String {
        let script = """
            body='{}'
            signature=$(printf '%s' "$body" | openssl dgst -sha256 -hmac 'an intake secret of the tests' | sed 's/.* //')
            curl -s --max-time 10 -o /dev/null -w '%{http_code}' -H "X-Signature: sha256=$signature" \
                -H 'Content-Type: application/json' -d "$body" \(served.url)/hooks/generic
            """
        return try await checkProcess("bash", ["-c", script]).standardOutput
    }
}
