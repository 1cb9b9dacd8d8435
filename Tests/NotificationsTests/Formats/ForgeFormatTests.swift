import Domain
import Exchange
import Testing

@testable import Notifications

@Suite("Statuses of commits, request by request")
struct ForgeFormatTests {
    static let sha = String(repeating: "a", count: 40)

    @Test(
        "GitHub: one POST on the manifest's commit",
        arguments: [
            ("rollout.started", nil, "pending"), ("rollout.waiting", nil, "pending"), ("rollout.held", nil, "pending"),
            ("rollout.blocked", .blocked, "pending"), ("rollout.succeeded", .succeeded, "success"),
            ("rollout.failed-over", .failedOver, "failure"), ("rollout.failed", .failed, "failure"),
            ("rollout.timed-out", .timedOut, "failure"), ("rollout.degraded", .degraded, "failure"),
            ("rollout.indeterminate", .indeterminate, "failure"), ("rollout.superseded", .superseded, "failure"),
        ] as [(String, Outcome?, String)])
    func github(type: String, outcome: Outcome?, state: String) {
        let (requests, answer) = drive(
            GitHubStatusFormat(repository: "team/bots"), makeRollout(type, outcome: outcome))
        #expect(requests.count == 1 && answer == .delivered(status: 201))
        #expect(requests.first?.method == .post)
        #expect(requests.first?.path == "/repos/team/bots/statuses/\(Self.sha)")
        #expect(
            requests.first?.text
                == "{\"state\":\"\(state)\",\"context\":\"ballast/PRODUCTION/orders\",\"description\":\"as it is\"}")
        #expect(requests.first?.header("Authorization") == "Bearer t0ken")
        #expect(requests.first?.header("Accept") == "application/vnd.github+json")
        #expect(requests.first?.header("X-GitHub-Api-Version") == "2022-11-28")
        #expect(requests.first?.header("Content-Type") == "application/json")
    }

    @Test("what is longer than a forge takes is cut")
    func cut() throws {
        let event = makeRollout("rollout.failed", outcome: .failed, message: String(repeating: "ü", count: 500))
        let description = drive(GitHubStatusFormat(repository: "a/b"), event).requests.first?.object["description"]
        let text = try #require(description as? String)
        #expect(text.unicodeScalars.count == 140 && text.hasSuffix("ü…"))
    }

    @Test("GitHub's limit of requests is waited for; a missing right and too many statuses are refused")
    func limits() {
        func answer(_ answer: HTTPAnswer) -> DeliveryAnswer? {
            drive(GitHubStatusFormat(repository: "a/b"), makeRollout("rollout.started")) { _ in answer }.answer
        }
        let soon = "\(ten.milliseconds / 1000 + 30)"
        let limited: [(String, String)] = [("X-RateLimit-Remaining", "0"), ("X-RateLimit-Reset", soon)]
        #expect(
            answer(HTTPAnswer(status: 403, headers: limited))
                == .failed(answer: "status 403", retryAfter: .seconds(30)))
        #expect(
            answer(HTTPAnswer(status: 403, headers: [("Retry-After", "7")]))
                == .failed(answer: "status 403", retryAfter: .seconds(7)))
        #expect(
            answer(HTTPAnswer(status: 429, headers: [("X-RateLimit-Remaining", "0"), ("X-RateLimit-Reset", "x")]))
                == .failed(answer: "status 429", retryAfter: nil))
        #expect(answer(HTTPAnswer(status: 403)) == .refused(status: 403, answer: "status 403"))
        #expect(
            answer(json(422, "too many")) == .refused(status: 422, answer: "status 422: too many"))
    }

    @Test(
        "GitLab: read, then write what differs",
        arguments: [
            ("rollout.started", nil, "pending"), ("rollout.succeeded", .succeeded, "success"),
            ("rollout.failed", .failed, "failed"), ("rollout.superseded", .superseded, "canceled"),
        ] as [(String, Outcome?, String)])
    func gitlab(type: String, outcome: Outcome?, state: String) {
        let format = GitLabStatusFormat(project: "team/sub/bots", ref: "main")
        let (requests, answer) = drive(format, makeRollout(type, outcome: outcome)) { request in
            request.method == .get ? json(200, "[]") : json(201, "{}")
        }
        #expect(answer == .delivered(status: 201))
        #expect(
            requests.map(\.path) == [
                "/projects/team%2Fsub%2Fbots/repository/commits/\(Self.sha)/statuses"
                    + "?name=ballast%2FPRODUCTION%2Forders&per_page=100",
                "/projects/team%2Fsub%2Fbots/statuses/\(Self.sha)",
            ])
        #expect(
            requests.last?.text
                == "{\"state\":\"\(state)\",\"name\":\"ballast/PRODUCTION/orders\",\"ref\":\"main\","
                + "\"description\":\"as it is\"}")
        #expect(requests.allSatisfy { $0.header("PRIVATE-TOKEN") == "t0ken" })
    }

    @Test("GitLab: the newest state counts; what is there is not written again, and a lost race is no failure")
    func gitlabReads() {
        let format = GitLabStatusFormat(project: "42", ref: "main")
        func listed(_ first: String, _ second: String) -> String {
            """
            [{"id": 9, "name": "ballast/PRODUCTION/orders", "status": "\(second)", "sha": "x"},
             {"id": 2, "name": "ballast/PRODUCTION/orders", "status": "\(first)"},
             {"id": 99, "name": "other", "status": "failed"}]
            """
        }
        let event = makeRollout("rollout.succeeded", outcome: .succeeded)
        let same = drive(format, event) { _ in json(200, listed("pending", "success")) }
        #expect(same.requests.count == 1 && same.answer == .delivered(status: 200))
        let other = drive(format, event) { request in
            request.method == .get ? json(200, listed("success", "pending")) : json(201, "{}")
        }
        #expect(other.requests.count == 2)
        let race = drive(format, event) { request in
            request.method == .get
                ? json(200, "[]")
                : json(400, "{\"message\":\"Cannot transition status via :success from :success\"}")
        }
        #expect(race.answer == .delivered(status: 400))
        let bad = drive(format, event) { request in
            request.method == .get ? json(200, "[]") : json(400, "{\"message\":\"state does not have a valid value\"}")
        }
        guard case .refused(400, _) = bad.answer else {
            Issue.record("not refused")
            return
        }
        for broken in ["", "{}", "[{\"id\":\"x\"}]"] {
            guard case .failed = drive(format, event, { _ in json(200, broken) }).answer else {
                Issue.record("not failed: \(broken)")
                return
            }
        }
    }

    @Test("Gitea and Forgejo")
    func gitea() {
        let (requests, answer) = drive(
            GiteaStatusFormat(repository: "team/bots"), makeRollout("rollout.superseded", outcome: .superseded))
        #expect(answer == .delivered(status: 201) && requests.count == 1)
        #expect(requests.first?.path == "/repos/team/bots/statuses/\(Self.sha)")
        #expect(
            requests.first?.text
                == "{\"state\":\"failure\",\"context\":\"ballast/PRODUCTION/orders\",\"description\":\"as it is\"}")
        #expect(requests.first?.header("Authorization") == "token t0ken")
    }

    @Test(
        "Bitbucket: one key a context, 40 characters",
        arguments: [
            ("rollout.started", nil, "INPROGRESS"), ("rollout.succeeded", .succeeded, "SUCCESSFUL"),
            ("rollout.failed", .failed, "FAILED"), ("rollout.superseded", .superseded, "STOPPED"),
        ] as [(String, Outcome?, String)])
    func bitbucket(type: String, outcome: Outcome?, state: String) {
        let format = BitbucketStatusFormat(repository: "team/bots", ref: "main")
        let (requests, answer) = drive(format, makeRollout(type, outcome: outcome))
        #expect(answer == .delivered(status: 201))
        #expect(requests.first?.path == "/repositories/team/bots/commit/\(Self.sha)/statuses/build")
        #expect(
            requests.first?.text
                == "{\"key\":\"ballast-97fac6f7441b6c771c911170c0a666c5\",\"state\":\"\(state)\","
                + "\"name\":\"ballast/PRODUCTION/orders\","
                + "\"url\":\"https://bitbucket.org/team/bots/commits/\(Self.sha)\","
                + "\"description\":\"as it is\",\"refname\":\"main\"}")
        #expect(BitbucketStatusFormat.key("a").utf8.count == 40)
        #expect(BitbucketStatusFormat.key("a") != BitbucketStatusFormat.key("b"))
        #expect(requests.first?.header("Authorization") == "Bearer t0ken")
        let person = drive(format, makeRollout(type, outcome: outcome), token: "ann:secret").requests.first
        #expect(person?.header("Authorization") == "Basic YW5uOnNlY3JldA==")
    }

    @Test("many bots of one commit: one context an environment, without a number that grows")
    func wide() {
        var event = makeRollout("rollout.succeeded", outcome: .succeeded, message: "orders is done")
        func text(_ bots: Int, _ reached: Int, _ failed: Int) -> String {
            event.progress = CommitProgress(bots: bots, reached: reached, failed: failed)
            return drive(GiteaStatusFormat(repository: "a/b"), event).requests.first?.text ?? ""
        }
        #expect(
            text(30, 4, 0)
                == "{\"state\":\"pending\",\"context\":\"ballast/PRODUCTION\",\"description\":\"30 bots are being rolled\"}"
        )
        #expect(text(30, 5, 0) == text(30, 4, 0))
        #expect(text(30, 4, 1).hasPrefix("{\"state\":\"failure\",\"context\":\"ballast/PRODUCTION\""))
        #expect(text(30, 4, 2) == text(30, 29, 1))
        #expect(text(30, 30, 0).hasPrefix("{\"state\":\"success\",\"context\":\"ballast/PRODUCTION\""))
    }
}
