import Domain
import Exchange
import Foundation
import Testing

@testable import Notifications

@Suite("What starts jobs and tells of deployments")
struct PipelineFormatTests {
    static let sha = String(repeating: "a", count: 40)

    @Test("GitHub: a dispatch of the event's type, with all of it under one key")
    func dispatch() {
        let event = makeDrift()
        let (requests, answer) = drive(GitHubDispatchFormat(repository: "team/bots"), event) { _ in
            HTTPAnswer(status: 204)
        }
        #expect(answer == .delivered(status: 204) && requests.count == 1)
        #expect(requests.first?.path == "/repos/team/bots/dispatches")
        let body = String(decoding: WebhookBody.render(event), as: UTF8.self)
        #expect(
            requests.first?.text
                == "{\"event_type\":\"ballast.drift.detected\",\"client_payload\":{\"ballast\":\(body)}}")
        #expect(requests.first?.header("Authorization") == "Bearer t0ken")
    }

    @Test("what GitHub would refuse for its size is made smaller, and still says what matters")
    func large() throws {
        var event = makeDrift()
        event.commit?.message = String(repeating: "m", count: 50_000)
        event.verification = (0..<200).map {
            makeTurn(String(repeating: "q", count: 900) + "\($0)", .failed, confidence: 0)
        }
        event.bot?.labels = ["team": "orders"]
        let request = try #require(drive(GitHubDispatchFormat(repository: "a/b"), event).requests.first)
        #expect(request.body?.count ?? .max < 64 * 1024)
        let payload = (request.object["client_payload"] as? [String: Any])?["ballast"] as? [String: Any]
        #expect((payload?["drift"] as? [String: Any])?["cause"] as? String == "platform")
        #expect(payload?["id"] as? String == event.id)
        event.message = String(repeating: "ü", count: 500_000)
        event.reason = event.message
        event.bots = Array(repeating: String(repeating: "b", count: 63), count: 50)
        event.bot?.labels = Dictionary(
            uniqueKeysWithValues: (0..<900).map { ("k\($0)", String(repeating: "v", count: 99)) })
        let huge = try #require(drive(GitHubDispatchFormat(repository: "a/b"), event).requests.first)
        #expect(huge.body?.count ?? .max < 64 * 1024)
    }

    @Test("GitLab: a pipeline with the drift in its variables")
    func pipeline() throws {
        let event = makeDrift()
        let (requests, answer) = drive(GitLabPipelineFormat(project: "team/bots", ref: "main"), event)
        #expect(answer == .delivered(status: 201) && requests.count == 1)
        let request = try #require(requests.first)
        #expect(request.path == "/projects/team%2Fbots/trigger/pipeline")
        #expect(request.header("Content-Type") == "application/x-www-form-urlencoded")
        // Nothing but the form holds the token.
        #expect(!request.headers.contains { $0.value.contains("t0ken") } && !request.path.contains("t0ken"))
        let fields = request.text.split(separator: "&").map { field in
            field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map {
                String($0).removingPercentEncoding ?? ""
            }
        }
        let form = Dictionary(uniqueKeysWithValues: fields.map { ($0[0], $0[1]) })
        var expected = [
            "token": "t0ken", "ref": "main", "variables[BALLAST_EVENT_ID]": event.id,
            "variables[BALLAST_EVENT_TYPE]": "drift.detected", "variables[BALLAST_EVENT_STATUS]": "FAILED",
            "variables[BALLAST_EVENT_SEVERITY]": "warning", "variables[BALLAST_EVENT_MESSAGE]": event.message,
            "variables[BALLAST_EVENT_FINGERPRINT]": "f00d", "variables[BALLAST_EVENT_BOT]": "orders",
            "variables[BALLAST_EVENT_BOT_ID]": "bot_12345", "variables[BALLAST_EVENT_PLATFORM]": "default",
            "variables[BALLAST_EVENT_ENVIRONMENT]": "PRODUCTION", "variables[BALLAST_EVENT_FROM]": "v_70000",
            "variables[BALLAST_EVENT_TO]": "v_67890", "variables[BALLAST_EVENT_COMMIT]": Self.sha,
            "variables[BALLAST_EVENT_DRIFT_CAUSE]": "platform", "variables[BALLAST_EVENT_DRIFT_DESIRED]": "v_67890",
            "variables[BALLAST_EVENT_DRIFT_DEPLOYED]": "v_70000",
            "variables[BALLAST_EVENT_DRIFT_CHANGED_BY]": "Eve <eve@example.com>",
            "variables[BALLAST_EVENT_DRIFT_CHANGED_AT]": "2026-11-22T10:00:00.000Z",
            "variables[BALLAST_EVENT_DRIFT_FIRST_SEEN]": "2026-11-22T10:00:00.000Z",
            "variables[BALLAST_EVENT_DRIFT_OCCURRENCE]": "1",
        ]
        expected["variables[BALLAST_EVENT_PAYLOAD]"] = String(decoding: WebhookBody.render(event), as: UTF8.self)
        #expect(form == expected)
    }

    @Test("GitHub: a deployment for each rollout, made where it is not there, and a status for each step")
    func deployment() {
        let format = GitHubDeploymentFormat(repository: "team/bots")
        let event = makeRollout("rollout.started")
        let (requests, answer) = drive(format, event) { request in
            switch (request.method, request.path) {
            case (.get, _):
                json(200, "[{\"id\":1,\"payload\":{\"rollout\":\"other\"}},{\"id\":2,\"payload\":\"\"},{\"id\":3}]")
            case (_, "/repos/team/bots/deployments"): json(201, "{\"id\": 77, \"payload\": {\"rollout\": \"r1\"}}")
            default: json(201, "{}")
            }
        }
        #expect(answer == .delivered(status: 201))
        #expect(
            requests.map(\.path) == [
                "/repos/team/bots/deployments?sha=\(Self.sha)&environment=PRODUCTION%2Forders&per_page=100",
                "/repos/team/bots/deployments", "/repos/team/bots/deployments/77/statuses",
            ])
        #expect(
            requests[1].text
                == "{\"ref\":\"\(Self.sha)\",\"task\":\"rollback\",\"auto_merge\":false,\"required_contexts\":[],"
                + "\"environment\":\"PRODUCTION/orders\",\"description\":\"orders: v_70000 → v_67890\","
                + "\"production_environment\":true,\"payload\":{\"rollout\":\"r1\","
                + "\"bot\":\"default/bot_12345/PRODUCTION\",\"from\":\"v_70000\",\"to\":\"v_67890\"}}")
        #expect(requests[2].text == "{\"state\":\"in_progress\",\"description\":\"as it is\"}")
    }

    @Test(
        "the deployment of the same rollout is found again",
        arguments: [
            ("rollout.waiting", nil, "queued"), ("rollout.succeeded", .succeeded, "success"),
            ("rollout.failed-over", .failedOver, "failure"), ("rollout.degraded", .degraded, "failure"),
            ("rollout.blocked", .blocked, "error"), ("rollout.indeterminate", .indeterminate, "error"),
            ("rollout.superseded", .superseded, "inactive"),
        ] as [(String, Outcome?, String)])
    func known(type: String, outcome: Outcome?, state: String) {
        let (requests, answer) = drive(
            GitHubDeploymentFormat(repository: "a/b"), makeRollout(type, outcome: outcome)
        ) { request in
            request.method == .get ? json(200, "[{\"id\":5,\"payload\":{\"rollout\":\"r1\"}}]") : json(201, "{}")
        }
        #expect(answer == .delivered(status: 201))
        #expect(requests.map(\.path).last == "/repos/a/b/deployments/5/statuses" && requests.count == 2)
        #expect(requests.last?.object["state"] as? String == state)
    }

    @Test("a deployment that was not made, or whose answer says nothing, is not told as made")
    func failures() {
        func answer(list: HTTPAnswer, made: HTTPAnswer) -> DeliveryAnswer? {
            drive(GitHubDeploymentFormat(repository: "a/b"), makeRollout("rollout.started")) { request in
                request.method == .get ? list : made
            }.answer
        }
        let none = json(200, "[]")
        #expect(answer(list: json(404, "no"), made: none) == .refused(status: 404, answer: "status 404: no"))
        #expect(
            answer(list: none, made: json(409, "conflict")) == .failed(answer: "status 409: conflict", retryAfter: nil))
        for made in [json(202, "{\"message\":\"merged\"}"), json(201, "{}"), json(201, "<html>")] {
            guard case .failed = answer(list: none, made: made) else {
                Issue.record("not failed: \(made)")
                return
            }
        }
        guard case .failed = answer(list: json(200, "<html>"), made: none) else {
            Issue.record("not failed")
            return
        }
    }
}
