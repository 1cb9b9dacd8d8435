import Domain
import Foundation
import Simulator
import Support
import Testing

@Suite("Forge, chat and pager are told", .timeLimit(.minutes(3)))
struct SinkKindsTests {
    private func configuration(_ stage: Stage) throws -> String {
        let base = try stage.sink.url
        return """
              - {name: commits, kind: github-status, url: "\(base)/github", repository: team/bots, token: {file: t}, allowPrivate: true}
              - {name: drift, kind: gitlab-pipeline, url: "\(base)/gitlab", repository: team/bots, token: {file: t}, events: [drift.*], allowPrivate: true}
              - {name: chat, kind: slack, url: {file: chat}, minSeverity: warning, allowPrivate: true}
              - {name: duty, kind: pagerduty, url: "\(base)/pager", token: {file: t}, minSeverity: warning, allowPrivate: true}
              - {name: bus, kind: cdevents, url: "\(base)/bus", events: [rollout.succeeded, drift.*], secret: {file: hook}, allowPrivate: true}

            """
    }

    private func bodies(_ stage: Stage, _ path: String) -> [[String: Any]] {
        stage.sink.accepted.filter { $0.path.hasPrefix("/hook\(path)") }.compactMap {
            (try? JSONSerialization.jsonObject(with: Data($0.body))) as? [String: Any]
        }
    }

    @Test("a rollout and drift, each told where it belongs")
    func told() async throws {
        try await Stage.run { stage in
            // Only one of the kinds signs.
            stage.sink.setSecrets([])
            try stage.folder.write("t0ken-of-the-services\n", to: "t")
            try stage.folder.write("\(try stage.sink.url)/chat/s3cret\n", to: "chat")
            let text = try stage.folder.read("ballast.yaml") + configuration(stage)
            try stage.folder.write(text, to: "ballast.yaml")
            let commit = try await stage.push("v_1")
            let first = try await stage.ballast("reconcile")
            #expect(first.exitCode == 0, "\(first)")

            let statuses = bodies(stage, "/github/repos/team/bots/statuses/\(commit)")
            #expect(statuses.last?["state"] as? String == "success")
            #expect(statuses.allSatisfy { $0["context"] as? String == "ballast/PRODUCTION/order-support" })
            let deployed = bodies(stage, "/bus").compactMap { $0["type"] as? String }
            #expect(deployed == ["dev.cdevents.service.deployed.0.3.0"])
            #expect(bodies(stage, "/chat").isEmpty)

            _ = stage.platform.deployBehindGit(Stage.bot, version: "v_3")
            let second = try await stage.ballast("reconcile")
            #expect(second.exitCode == 0, "\(second)")
            #expect(stage.served == "v_1")
            let started = stage.sink.accepted.filter { $0.path == "/hook/gitlab/projects/team%2Fbots/trigger/pipeline" }
            #expect(started.first?.text.contains("variables%5BBALLAST_EVENT_DRIFT_CAUSE%5D=platform") == true)
            let pager = bodies(stage, "/pager/v2/enqueue")
            let opened = pager.first { $0["event_action"] as? String == "trigger" }
            let closed = pager.filter { $0["event_action"] as? String == "resolve" }
            #expect(closed.contains { $0["dedup_key"] as? String == opened?["dedup_key"] as? String })
            #expect(!bodies(stage, "/chat").isEmpty)
            let incidents = bodies(stage, "/bus").compactMap { $0["type"] as? String }
            #expect(incidents.contains("dev.cdevents.incident.detected.0.3.0"))
            #expect(incidents.contains("dev.cdevents.incident.resolved.0.3.0"))
            try await checkSecrets(stage, [first, second])
        }
    }

    /// No token and no address that is one in what is printed or kept.
    private func checkSecrets(_ stage: Stage, _ outputs: [ProcessOutput]) async throws {
        let list = try await stage.ballast("notifications", "list", "-o", "json")
        let doctor = try await stage.ballast("doctor")
        let kept = try Data(contentsOf: URL(filePath: stage.folder.path("ballast.db")))
        for secret in ["t0ken-of-the-services", "s3cret"] {
            for output in outputs + [list, doctor] {
                #expect(!output.standardOutput.contains(secret) && !output.standardError.contains(secret))
            }
            #expect(kept.range(of: Data(secret.utf8)) == nil)
        }
        #expect(doctor.standardOutput.contains("sink duty"))
    }
}
