import Domain
import Exchange
import Support
import Testing

@testable import Notifications

/// A sink of a forge kind for the length of one test.
func withForge<Result: Sendable>(
    _ kind: SinkSettings.Kind, _ url: String, tokens: [String] = ["GOOD"], repository: String = "team/bots",
    _ body: @Sendable (any Sink) async throws -> Result
) async throws -> Result {
    var settings = SinkSettings(name: "forge", url: .literal(url))
    settings.kind = kind
    settings.repository = repository
    settings.ref = "main"
    settings.allowPrivate = true
    settings.tokens = tokens.map { .environment(name: $0) }
    let secrets = FakeSecrets(["GOOD": "t0ken-good\n", "OLD": "t0ken-old", "EMPTY": "\n"])
    let connections = Connections()
    let sink = try SinkFactory.make(settings, secrets: secrets, connections: connections)
    let outcome: Swift.Result<Result, any Error>
    do {
        outcome = .success(try await body(sink))
    } catch {
        outcome = .failure(error)
    }
    await connections.shutdown()
    return try outcome.get()
}

@Suite("Deliveries to forges", .timeLimit(.minutes(1)))
struct ForgeSinkTests {
    static let sha = String(repeating: "a", count: 40)
    static let started = makeRollout("rollout.started")
    static let succeeded = makeRollout("rollout.succeeded", outcome: .succeeded)

    @Test(
        "pending, then success, on the manifest's commit; a repetition does no harm",
        arguments: [
            (.githubStatus, ["pending", "success", "success"]), (.gitlabStatus, ["pending", "success"]),
            (.giteaStatus, ["pending", "success", "success"]), (.bitbucketStatus, ["SUCCESSFUL"]),
        ] as [(SinkSettings.Kind, [String])])
    func statuses(kind: SinkSettings.Kind, expected: [String]) async throws {
        let forge = FakeForge(token: "t0ken-good")
        try await RawServer.run(forge.script) { server in
            try await withForge(kind, server.url) { sink in
                for event in [Self.started, Self.succeeded, Self.succeeded] {
                    guard case .delivered = await sink.deliver(event, attemptedAt: ten) else {
                        Issue.record("not delivered")
                        return
                    }
                }
            }
        }
        let found = forge.statuses(of: Self.sha)
        #expect(found.map(\.state) == expected)
        let context =
            kind == .bitbucketStatus
            ? BitbucketStatusFormat.key("ballast/PRODUCTION/orders") : "ballast/PRODUCTION/orders"
        #expect(Set(found.map(\.context)) == [context])
    }

    @Test("GitLab: the state that is there is not written again, also after another success")
    func gitlab() async throws {
        let forge = FakeForge(token: "t0ken-good")
        try await RawServer.run(forge.script) { server in
            try await withForge(.gitlabStatus, server.url) { sink in
                for event in [Self.started, Self.started, Self.succeeded, Self.started, Self.succeeded] {
                    _ = await sink.deliver(event, attemptedAt: ten)
                }
            }
            // Each delivery reads; the second one has nothing to write.
            #expect(server.requests.count { $0.method == "GET" } == 5)
            #expect(server.requests.count { $0.method == "POST" } == 4)
        }
        #expect(forge.statuses(of: Self.sha).map(\.state) == ["pending", "success", "pending", "success"])
    }

    @Test("GitHub: after a thousand statuses it is refused, in words that are kept")
    func thousand() async throws {
        let forge = FakeForge(token: "t0ken-good")
        forge.put(FakeForge.maxGitHubStatuses, "ballast/PRODUCTION/orders", on: Self.sha)
        try await RawServer.run(forge.script) { server in
            try await withForge(.githubStatus, server.url) { sink in
                guard case .refused(422, let text) = await sink.deliver(Self.succeeded, attemptedAt: ten) else {
                    Issue.record("not refused")
                    return
                }
                #expect(text.contains("maximum number of statuses"))
            }
        }
    }

    @Test("GitHub: one deployment for a rollout, whatever is repeated or lost between")
    func deployment() async throws {
        let forge = FakeForge(token: "t0ken-good")
        try await RawServer.run(forge.script) { server in
            try await withForge(.githubDeployment, server.url) { sink in
                for event in [Self.started, Self.started, Self.succeeded] {
                    #expect(await sink.deliver(event, attemptedAt: ten) == .delivered(status: 201))
                }
                var other = Self.succeeded
                other.rollout?.id = "r2"
                // Its beginning never arrived.
                #expect(await sink.deliver(other, attemptedAt: ten) == .delivered(status: 201))
            }
        }
        #expect(forge.deployments.map(\.rollout) == ["r1", "r2"])
        #expect(forge.deployments.map(\.states) == [["in_progress", "in_progress", "success"], ["success"]])
        #expect(forge.deployments.allSatisfy { $0.environment == "PRODUCTION/orders" })
    }

    @Test("a wrong token is refused, and tried no further; of two the one that fits is used, and none is repeated")
    func tokens() async throws {
        let forge = FakeForge(token: "t0ken-good")
        for kind in [SinkSettings.Kind.githubStatus, .gitlabStatus, .giteaStatus, .bitbucketStatus, .githubDeployment] {
            try await RawServer.run(forge.script) { server in
                try await withForge(kind, server.url, tokens: ["OLD"]) { sink in
                    guard case .refused(401, let text) = await sink.deliver(Self.succeeded, attemptedAt: ten) else {
                        Issue.record("not refused: \(kind)")
                        return
                    }
                    #expect(!text.contains("t0ken") && server.requests.count == 1)
                }
                try await withForge(kind, server.url, tokens: ["OLD", "GOOD"]) { sink in
                    guard case .delivered = await sink.deliver(Self.succeeded, attemptedAt: ten) else {
                        Issue.record("not delivered: \(kind)")
                        return
                    }
                }
            }
        }
        try await withForge(.githubStatus, "http://127.0.0.1:1", tokens: ["EMPTY"]) { sink in
            guard case .failed(let text, nil) = await sink.deliver(Self.succeeded, attemptedAt: ten) else {
                Issue.record("not failed")
                return
            }
            #expect(text.contains("token is empty"))
        }
    }

    @Test("an answer that repeats a token is cleaned of it before it is kept")
    func echo() async throws {
        let script = RawServer.Script { request in
            .http(400, "bad \(request.headers["private-token"] ?? request.text)", type: "text/plain")
        }
        try await RawServer.run(script) { server in
            for kind in [SinkSettings.Kind.gitlabPipeline, .gitlabStatus, .pagerduty] {
                try await withForge(kind, server.url, repository: "team/bots") { sink in
                    let event = makeRollout("rollout.failed", outcome: .failed)
                    guard case .refused(400, let text) = await sink.deliver(event, attemptedAt: ten) else {
                        Issue.record("not refused: \(kind)")
                        return
                    }
                    #expect(!text.contains("t0ken") && text.contains("***"))
                    #expect(text.unicodeScalars.count <= AnswerRule.maxAnswerCharacters)
                }
            }
        }
    }

    @Test("410 of any kind wants nothing more; Retry-After is heard from each")
    func everyKind() async throws {
        for kind in SinkSettings.Kind.allCases {
            let event = makeRollout("rollout.failed", outcome: .failed)
            let script = RawServer.Script {
                $0.target.hasPrefix("/gone") ? .http(410) : .http(503, headers: ["Retry-After: 9"])
            }
            try await RawServer.run(script) { server in
                try await withForge(kind, server.url + "/gone") { sink in
                    guard case .gone = await sink.deliver(event, attemptedAt: ten) else {
                        Issue.record("not gone: \(kind)")
                        return
                    }
                }
                try await withForge(kind, server.url + "/busy") { sink in
                    guard case .failed(_, .seconds(9)) = await sink.deliver(event, attemptedAt: ten) else {
                        Issue.record("not failed: \(kind)")
                        return
                    }
                }
            }
        }
    }
}
