import Domain
import Exchange
import Platforms
import Support
import Synchronization
import Testing

private let empty = RawServer.Reply.http(200, "{\"success\":true,\"data\":[]}")

@Suite("API keys", .timeLimit(.minutes(1)))
struct APIKeyTests {
    /// Lets in who bears this key.
    final class Door: Sendable {
        private let key: Mutex<String>
        init(_ key: String) { self.key = Mutex(key) }
        func set(_ value: String) { key.withLock { $0 = value } }
        func judge(_ request: RawServer.Request) -> RawServer.Reply {
            request.headers["authorization"] == "Bearer \(key.withLock { $0 })" ? empty : .http(401)
        }
    }

    @Test("a changed file counts at the next request; white space around a key does not")
    func changed() async throws {
        let door = Door("key-new")
        try await RawServer.run(.init { door.judge($0) }) { server in
            let secrets = FakeSecrets(["ONE": "key-old"])
            try await withPlatform(server, secrets: secrets) { platform in
                let first = await platform.perform(.sessions, renewCredentials: false)
                #expect(failed(first)?.kind == .unauthorized)
                secrets.set("ONE", " key-new\n")
                #expect(answered(await platform.perform(.sessions, renewCredentials: true)) != nil)
            }
        }
    }

    @Test("during a rotation the second key takes over after a 401, and the first comes back after another")
    func rotation() async throws {
        let door = Door("key-two")
        try await RawServer.run(.init { door.judge($0) }) { server in
            try await withPlatform(server, secrets: FakeSecrets(["ONE": "key-one", "TWO": "key-two"])) { platform in
                let first = await platform.perform(.sessions, renewCredentials: false)
                #expect(failed(first)?.kind == .unauthorized)
                #expect(server.requests.count == 1)
                #expect(answered(await platform.perform(.sessions, renewCredentials: true)) != nil)
                #expect(answered(await platform.perform(.sessions, renewCredentials: false)) != nil)
                door.set("key-one")
                let third = await platform.perform(.sessions, renewCredentials: false)
                #expect(failed(third)?.kind == .unauthorized)
                #expect(answered(await platform.perform(.sessions, renewCredentials: true)) != nil)
            }
        }
    }

    @Test("requests that are refused together do not switch to and fro")
    func together() async throws {
        let gate = Gate(opensAt: 4)
        let door = Door("key-two")
        let script = RawServer.Script { request in
            if request.headers["authorization"] == "Bearer key-one" { await gate.pass() }
            return door.judge(request)
        }
        try await RawServer.run(script) { server in
            try await withPlatform(server, secrets: FakeSecrets(["ONE": "key-one", "TWO": "key-two"])) { platform in
                await withTaskGroup(of: Void.self) { group in
                    for _ in 1...4 {
                        group.addTask {
                            let first = await platform.perform(.sessions, renewCredentials: false)
                            #expect(failed(first)?.kind == .unauthorized)
                            #expect(answered(await platform.perform(.sessions, renewCredentials: true)) != nil)
                        }
                    }
                }
            }
        }
    }

    @Test(
        "a key that cannot be had or sent: nothing is sent",
        arguments: [nil, "", "  ", "a b", "key\u{e9}", "a\r\nX: y"])
    func unusable(key: String?) async throws {
        try await RawServer.run(.init { _ in empty }) { server in
            let secrets = FakeSecrets([:])
            secrets.set("ONE", key)
            try await withPlatform(server, secrets: secrets) { platform in
                let exchange = await platform.perform(.sessions, renewCredentials: false)
                #expect(failed(exchange)?.kind == .unauthorized)
                #expect(failed(exchange)?.message.contains("platform main") == true)
                #expect(server.requests.isEmpty)
            }
        }
    }
}

@Suite("OAuth2 client credentials", .timeLimit(.minutes(1)))
struct OAuth2Tests {
    /// An authorization server and a platform on one port; tokens are numbered, and only the newest is good.
    final class Server: Sendable {
        struct State {
            var issued = 0
            var life: Int? = 100
            var refuseAll = false
            var reply: RawServer.Reply?
            var secret = "client-secret"
        }
        let state = Mutex(State())
        let gate = Gate()
        func answer(_ request: RawServer.Request) async -> RawServer.Reply {
            if request.target == "/token" { return await token(request) }
            return state.withLock { state in
                let good = request.headers["authorization"] == "Bearer token-\(state.issued)" && !state.refuseAll
                return good ? empty : .http(401)
            }
        }
        private func token(_ request: RawServer.Request) async -> RawServer.Reply {
            await gate.pass()
            return state.withLock { state in
                if let reply = state.reply { return reply }
                // "client:" and the secret, percent-encoded, in base64.
                let good = ["client-secret": "Y2xpZW50OmNsaWVudC1zZWNyZXQ=", "s/2": "Y2xpZW50OnMlMkYy"][state.secret]
                guard request.headers["authorization"] == good.map({ "Basic \($0)" }) else {
                    return .http(401, "{\"error\":\"invalid_client\",\"error_description\":\"wrong client-secret\"}")
                }
                guard request.text == "grant_type=client_credentials&scope=bot%3Amanage%20session%3Aread" else {
                    return .http(400, "{\"error\":\"invalid_request\"}")
                }
                state.issued += 1
                let life = state.life.map { ",\"expires_in\":\($0)" } ?? ""
                return .http(200, "{\"access_token\":\"token-\(state.issued)\",\"token_type\":\"Bearer\"\(life)}")
            }
        }
    }

    func run(
        _ body: @escaping @Sendable (Server, RawServer, ManualClock, FakeSecrets, any Platform) async throws -> Void
    ) async throws {
        let authority = Server()
        let clock = ManualClock()
        let secrets = FakeSecrets(["ONE": "client-secret"])
        try await RawServer.run(.init { await authority.answer($0) }) { server in
            let credential = PlatformSettings.Credential.oauth2(
                tokenURL: "\(server.url)/token", clientId: "client", clientSecret: keyReferences,
                scopes: ["bot:manage", "session:read"])
            try await withPlatform(server, secrets: secrets, clock: clock, change: .init { $0.credential = credential })
            {
                try await body(authority, server, clock, secrets, $0)
            }
        }
    }

    func succeeds(_ platform: any Platform, renew: Bool = false) async -> Bool {
        answered(await platform.perform(.sessions, renewCredentials: renew)) != nil
    }

    @Test("a token is fetched once, kept, and renewed before it expires")
    func caching() async throws {
        try await run { authority, server, clock, _, platform in
            await authority.gate.open()
            for _ in 1...3 { #expect(await succeeds(platform)) }
            #expect(server.requests.count { $0.target == "/token" } == 1)
            clock.advance(by: .milliseconds(89_999))
            #expect(await succeeds(platform))
            #expect(authority.state.withLock { $0.issued } == 1)
            clock.advance(by: .milliseconds(1))
            #expect(await succeeds(platform))
            #expect(authority.state.withLock { $0.issued } == 2)
        }
    }

    @Test("an answer that does not say how long is taken for five minutes")
    func assumedLife() async throws {
        try await run { authority, _, clock, _, platform in
            await authority.gate.open()
            authority.state.withLock { $0.life = nil }
            #expect(await succeeds(platform))
            clock.advance(by: .seconds(269))
            #expect(await succeeds(platform))
            #expect(authority.state.withLock { $0.issued } == 1)
            clock.advance(by: .seconds(1))
            #expect(await succeeds(platform))
            #expect(authority.state.withLock { $0.issued } == 2)
        }
    }

    @Test("after a 401 the next request fetches anew, and so does one that is told to")
    func renewal() async throws {
        try await run { authority, _, _, _, platform in
            await authority.gate.open()
            #expect(await succeeds(platform))
            #expect(await succeeds(platform, renew: true))
            #expect(authority.state.withLock { $0.issued } == 2)
            authority.state.withLock { $0.refuseAll = true }
            let refused = await platform.perform(.sessions, renewCredentials: false)
            #expect(failed(refused)?.kind == .unauthorized)
            authority.state.withLock { $0.refuseAll = false }
            #expect(await succeeds(platform, renew: true))
            #expect(authority.state.withLock { $0.issued } == 3)
        }
    }

    @Test("however many wait for a token, one fetch is made")
    func singleFlight() async throws {
        try await run { authority, server, _, _, platform in
            await withTaskGroup(of: Bool.self) { group in
                for _ in 1...10 { group.addTask { await succeeds(platform) } }
                try? await eventually("the fetch is held") { await authority.gate.most == 1 }
                await authority.gate.open()
                for await succeeded in group { #expect(succeeded) }
            }
            #expect(server.requests.count { $0.target == "/token" } == 1)
            #expect(server.requests.count == 11)
        }
    }

    @Test("a request that is cancelled while it fetches leaves the fetch to the next")
    func cancelled() async throws {
        try await run { authority, server, _, _, platform in
            let first = Task { await succeeds(platform) }
            try await eventually("the fetch is held") { await authority.gate.most == 1 }
            let second = Task { await succeeds(platform) }
            first.cancel()
            #expect(await first.value == false)
            await authority.gate.open()
            #expect(await second.value)
            #expect(server.requests.count { $0.target != "/token" } == 1)
        }
    }

    @Test("a token that still holds serves on while the endpoint is away")
    func standby() async throws {
        try await run { authority, _, clock, _, platform in
            await authority.gate.open()
            #expect(await succeeds(platform))
            authority.state.withLock { $0.reply = .http(503) }
            clock.advance(by: .seconds(95))
            #expect(await succeeds(platform))
            clock.advance(by: .seconds(5))
            let expired = await platform.perform(.sessions, renewCredentials: false)
            #expect(failed(expired)?.kind == .notSent)
        }
    }

    @Test("the second client secret takes over")
    func rotation() async throws {
        try await run { authority, _, _, secrets, platform in
            await authority.gate.open()
            authority.state.withLock { $0.secret = "s/2" }
            secrets.set("TWO", "s/2")
            let first = await platform.perform(.sessions, renewCredentials: false)
            #expect(failed(first)?.kind == .unauthorized)
            #expect(await succeeds(platform, renew: true))
        }
    }

    static let refusals: [(RawServer.Reply, PlatformFailure.Kind)] = [
        (.http(400, "{\"error\":\"invalid_scope\"}"), .unauthorized),
        (.http(401, "{\"error\":\"invalid_client\",\"error_description\":\"client-secret is wrong\"}"), .unauthorized),
        (.http(403), .unauthorized),
        (.http(429, headers: ["Retry-After: 3"]), .rateLimited),
        (.http(302), .notSent), (.http(500), .notSent), (.http(404), .notSent), (.close, .notSent),
        (.http(200, "<html>", type: "text/html"), .notSent), (.http(200, "{}"), .notSent),
        (.http(200, "{\"access_token\":\"\"}"), .notSent), (.http(200, "{\"access_token\":\"a b\"}"), .notSent),
        (.http(200, "{\"access_token\":\"a\",\"token_type\":\"mac\"}"), .notSent),
    ]

    @Test("without a token nothing is sent to the platform", arguments: refusals.indices)
    func refused(index: Int) async throws {
        let (reply, kind) = OAuth2Tests.refusals[index]
        try await run { authority, server, _, _, platform in
            await authority.gate.open()
            authority.state.withLock { $0.reply = reply }
            let failure = try #require(failed(await platform.perform(.deployment, renewCredentials: false)))
            #expect(failure.kind == kind)
            #expect(failure.retryAfter == (kind == .rateLimited ? .seconds(3) : nil))
            #expect(!failure.message.contains("client-secret"))
            #expect(server.requests.allSatisfy { $0.target == "/token" })
        }
    }
}

@Suite("What a platform may be configured as")
struct PlatformFactoryTests {
    func make(_ change: (inout PlatformSettings) -> Void) throws(ExchangeError) {
        var settings = PlatformSettings(name: "main", url: "https://a.example", credential: .apiKey([]))
        change(&settings)
        let clock = ManualClock()
        _ = try PlatformFactory.make(
            settings, secrets: FakeSecrets([:]), connections: Connections(), clocks: Clocks(clock))
    }

    @Test("an unknown kind, a bad address, a bad token address, bad certificates")
    func refused() throws {
        try make { _ in }
        let cases: [(ExchangeError.Code, (inout PlatformSettings) -> Void)] = [
            (.kindUnknown, { $0.kind = "v2" }), (.addressInsecure, { $0.url = "http://a.example" }),
            (.addressInvalid, { $0.url = "https://a.example/?x=1" }),
            (.certificatesUnreadable, { $0.caFile = "/nowhere" }),
            (
                .addressInsecure,
                {
                    $0.credential = .oauth2(
                        tokenURL: "http://a.example/token", clientId: "c", clientSecret: [], scopes: [])
                }
            ),
        ]
        for (code, change) in cases {
            let error = #expect(throws: ExchangeError.self) { try make(change) }
            #expect(error?.code == code)
        }
    }
}
