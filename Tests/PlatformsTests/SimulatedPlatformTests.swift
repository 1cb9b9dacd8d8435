import Domain
import Exchange
import Platforms
import Simulator
import Support
import Testing

@Suite("The v1 adapter against the simulated platform", .timeLimit(.minutes(1)))
struct SimulatedPlatformTests {
    func run(
        credential: PlatformSettings.Credential? = nil, secrets: FakeSecrets = FakeSecrets(["ONE": "key-one"]),
        timeout: Span = .seconds(20), _ body: @Sendable (SimulatedPlatform, any Platform) async throws -> Void
    ) async throws {
        let simulated = SimulatedPlatform()
        let url = try await simulated.start()
        simulated.add(SimulatedBot(id: "bot/1", versionIds: ["v1", "v2"]))
        simulated.add(SimulatedKey(name: "ballast", secret: "key-one"))
        var settings = PlatformSettings(name: "main", url: url, credential: credential ?? .apiKey(keyReferences))
        if case .oauth2(_, let id, let list, let scopes) = settings.credential {
            settings.credential = .oauth2(
                tokenURL: "\(url)/oauth/token", clientId: id, clientSecret: list, scopes: scopes)
        }
        settings.timeout = timeout
        let connections = Connections()
        let clock = ManualClock()
        let platform = try PlatformFactory.make(
            settings, secrets: secrets, connections: connections, clocks: Clocks(clock))
        let outcome: Swift.Result<Void, any Error>
        do {
            outcome = .success(try await body(simulated, platform))
        } catch {
            outcome = .failure(error)
        }
        await connections.shutdown()
        await simulated.shutdown()
        try outcome.get()
    }

    static func deployment(_ version: String, bot: String = "bot/1", key: String = "key-1") -> PlatformRequest {
        .deploy(
            DeploymentRequest(
                botId: bot, targetVersion: version, environment: "PRODUCTION", direction: .deployment,
                validateDependencies: true, idempotencyKey: key))
    }

    func accepted(_ exchange: PlatformExchange) throws -> String {
        guard case .accepted(let jobId?) = try exchange.result.get() else { throw PlatformFailure(.unclear, "no job") }
        return jobId
    }

    @Test("from versions to a verified deployment")
    func workflow() async throws {
        try await run { simulated, platform in
            let versions = await platform.perform(.versions(botId: "bot/1", page: 1), renewCredentials: false)
            guard case .versions(let items, let page)? = answered(versions) else { throw PlatformFailure(.unclear, "") }
            #expect(Set(items.map(\.id)) == ["v1", "v2"] && items.allSatisfy { $0.createdAt != nil })
            #expect(page.next == nil)
            simulated.setSessions(3, of: "bot/1", in: "PRODUCTION")
            let open = await platform.perform(
                .sessions(botId: "bot/1", environment: "PRODUCTION", page: 1), renewCredentials: false)
            guard case .sessions(3, _)? = answered(open) else { throw PlatformFailure(.unclear, "\(open.result)") }
            let jobId = try accepted(await platform.perform(Self.deployment("v2"), renewCredentials: false))
            #expect(try accepted(await platform.perform(Self.deployment("v2"), renewCredentials: false)) == jobId)
            try await eventually("the job is done") {
                let exchange = await platform.perform(.status(jobId: jobId), renewCredentials: false)
                return answered(exchange) == .status(.completed, errorMessage: nil)
            }
            let jobs = await platform.perform(
                .jobs(botId: nil, environment: "PRODUCTION", page: 1), renewCredentials: false)
            guard case .jobs(let list, _)? = answered(jobs) else { throw PlatformFailure(.unclear, "\(jobs.result)") }
            #expect(list.map(\.jobId) == [jobId] && list.first?.targetVersion == "v2")
            #expect(list.first?.idempotencyKey == "key-1" && list.first?.createdBy != nil)
            let turn = await platform.perform(
                .test(botId: "bot/1", environment: "PRODUCTION", message: "hello"), renewCredentials: false)
            guard case .turn(let said)? = answered(turn) else { throw PlatformFailure(.unclear, "\(turn.result)") }
            #expect(said.versionId == "v2" && said.intent != nil && said.confidence != nil)
        }
    }

    @Test("many sessions and versions come in pages that end")
    func pages() async throws {
        try await run { simulated, platform in
            simulated.setSessions(120, of: "bot/1", in: "PRODUCTION")
            var counts: [Int] = []
            var next: Int? = 1
            while let page = next, counts.count < 10 {
                let exchange = await platform.perform(
                    .sessions(botId: "bot/1", environment: "PRODUCTION", page: page), renewCredentials: false)
                guard case .sessions(let count, let info)? = answered(exchange) else {
                    throw PlatformFailure(.unclear, "\(exchange.result)")
                }
                counts.append(count)
                next = info.next
            }
            #expect(counts == [50, 50, 20])
        }
    }

    @Test("the three conflicts, and one that says nothing")
    func conflicts() async throws {
        try await run { simulated, platform in
            func kind(_ version: String, key: String) async -> PlatformFailure.Kind? {
                failed(await platform.perform(Self.deployment(version, key: key), renewCredentials: false))?.kind
            }
            try simulated.add([SimulatedVersion(id: "v3", dependenciesMissing: true)], to: "bot/1")
            #expect(await kind("v3", key: "a") == .conflict(.dependencies))
            simulated.configure { $0.maxSessionsForDeployment = 0 }
            simulated.setSessions(2, of: "bot/1", in: "PRODUCTION")
            #expect(await kind("v1", key: "b") == .conflict(.sessions))
            simulated.setSessions(0, of: "bot/1", in: "PRODUCTION")
            simulated.configure { $0.runningFor = .hours(1) }
            #expect(await kind("v1", key: "c") == nil)
            #expect(await kind("v2", key: "d") == .conflict(.inFlight))
            simulated.addFault(FaultRule(.respond(with: .unclearConflict), on: .createDeployment))
            #expect(await kind("v2", key: "e") == .conflict(.unclear))
        }
    }

    static let faults: [(FaultAction, PlatformFailure.Kind)] = [
        (.respond(with: FaultAnswer(status: 500)), .unclear), (.respond(with: .html(status: 502)), .unclear),
        (.respond(with: .html(status: 200)), .unclear), (.respond(with: .retryLater(after: "3")), .rateLimited),
        (.respond(with: FaultAnswer(status: 401)), .unauthorized),
        (.respond(with: FaultAnswer(status: 403)), .forbidden),
        (.respond(with: FaultAnswer(status: 422)), .invalid), (.hang, .lost), (.hangAfterWork, .lost),
        (.dropBeforeWork, .lost), (.dropAfterWork, .lost), (.truncate, .lost), (.malformed, .unclear),
        (.drip(intervalMilliseconds: 500), .lost), (.unsuccessful(message: "lock"), .unclear),
        (.withoutSuccess, .unclear),
        (.withoutData, .unclear), (.emptyData, .unclear), (.contentType(is: "text/html"), .unclear),
        (.huge(bytes: 6_000_000), .unclear),
    ]

    @Test("each fault of a deployment, and the request is never sent twice", arguments: faults.indices)
    func fault(index: Int) async throws {
        let (action, kind) = SimulatedPlatformTests.faults[index]
        // Only what never ends runs into the deadline; a busy machine must not make the others do so.
        let isEndless = [.hang, .hangAfterWork, .drip(intervalMilliseconds: 500)].contains(action)
        try await run(timeout: isEndless ? .seconds(3) : .seconds(30)) { simulated, platform in
            simulated.addFault(FaultRule(action, on: .createDeployment, times: nil))
            let exchange = await platform.perform(Self.deployment("v2"), renewCredentials: false)
            #expect(failed(exchange)?.kind == kind, "\(exchange.result)")
            if kind == .rateLimited { #expect(failed(exchange)?.retryAfter == .seconds(3)) }
            #expect(simulated.counters.count(.createDeployment) == 1)
        }
    }

    @Test("an answer without an end is cut off")
    func endless() async throws {
        try await run(timeout: .seconds(5)) { simulated, platform in
            simulated.addFault(FaultRule(.endless, on: .listDeployments))
            let exchange = await platform.perform(
                .jobs(botId: nil, environment: "PRODUCTION", page: 1), renewCredentials: false)
            #expect([.unclear, .lost].contains(failed(exchange)?.kind))
        }
    }

    @Test("unknown bots, versions and jobs")
    func notFound() async throws {
        try await run { _, platform in
            for request in [
                PlatformRequest.versions(botId: "bot_9", page: 1), .status(jobId: "job_9"), Self.deployment("v9"),
                Self.deployment("v1", bot: "bot_9"),
            ] {
                #expect(failed(await platform.perform(request, renewCredentials: false))?.kind == .notFound)
            }
        }
    }

    @Test("OAuth2: a token for all requests, another after they were revoked")
    func oauth() async throws {
        let credential = PlatformSettings.Credential.oauth2(
            tokenURL: "", clientId: "client 1", clientSecret: keyReferences, scopes: [])
        try await run(credential: credential, secrets: FakeSecrets(["ONE": "s:e/c r"])) { simulated, platform in
            simulated.add(SimulatedClient(id: "client 1", secret: "s:e/c r"))
            let request = PlatformRequest.versions(botId: "bot/1", page: 1)
            for _ in 1...3 { #expect(answered(await platform.perform(request, renewCredentials: false)) != nil) }
            #expect(simulated.counters.count(.token) == 1)
            simulated.revokeTokens()
            #expect(failed(await platform.perform(request, renewCredentials: false))?.kind == .unauthorized)
            #expect(answered(await platform.perform(request, renewCredentials: true)) != nil)
            #expect(simulated.counters.count(.token) == 2)
        }
    }
}
