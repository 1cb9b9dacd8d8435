import Domain
import Foundation
import Simulator
import Testing

/// Keys, scopes, tokens and the rate limit.
@Suite struct AccessTests {
    private static let operations: [(PlatformOperation, SimulatedKey.Scope)] = [
        (.listVersions, .manageBots), (.listSessions, .readSessions), (.listDeployments, .readEnvironments),
        (.createDeployment, .writeDeployments), (.getDeploymentStatus, .readEnvironments), (.testBot, .manageBots),
    ]

    private func call(_ operation: PlatformOperation, _ caller: Caller) async throws -> Reply {
        switch operation {
        case .listVersions: try await caller.get("/api/v1/bots/bot_1/versions")
        case .listSessions: try await caller.get("/api/v1/sessions?status=active&botId=bot_1")
        case .listDeployments: try await caller.get("/api/v1/deployments")
        case .createDeployment: try await caller.deploy("v_1")
        case .getDeploymentStatus: try await caller.status("job_1")
        case .testBot: try await caller.test()
        case .token, .unknown: try await caller.get("/")
        }
    }

    @Test(arguments: operations) func eachOperationNeedsItsScope(
        operation: PlatformOperation, scope: SimulatedKey.Scope
    ) async throws {
        try await withPlatform { platform, caller async throws in
            platform.add(SimulatedKey(name: "enough", secret: "s-1", scopes: [scope]))
            let others = Set(SimulatedKey.Scope.allCases).subtracting([scope])
            platform.add(SimulatedKey(name: "others", secret: "s-2", scopes: others))
            var caller = caller
            caller.token = "s-1"
            #expect(try await call(operation, caller).status == 200)
            caller.token = "s-2"
            let refused = try await call(operation, caller)
            #expect(refused.status == 403)
            #expect(refused.string("message")?.contains(scope.rawValue) == true)
            caller.token = "guess"
            #expect(try await call(operation, caller).status == 401)
            caller.token = nil
            #expect(try await call(operation, caller).status == 401)
        }
    }

    @Test func aKeyThatWasRotatedAwayIsRefused() async throws {
        try await withPlatform { platform, caller async throws in
            platform.add(SimulatedKey(name: "old", secret: "s-1"))
            var caller = caller
            caller.token = "s-1"
            let job = try await caller.deploy("v_1")
            #expect(try await caller.get("/api/v1/deployments").string("data.0.createdBy") == "old")
            #expect(job.status == 200)
            platform.removeKeys()
            platform.add(SimulatedKey(name: "new", secret: "s-2"))
            #expect(try await caller.get("/api/v1/deployments").status == 401)
            caller.token = "s-2"
            #expect(try await caller.get("/api/v1/deployments").status == 200)
        }
    }

    @Test func tokensAreIssuedExpireAndCanBeRevoked() async throws {
        try await withPlatform { platform, caller async throws in
            platform.add(
                SimulatedClient(id: "ballast", secret: "a b+c", scopes: [.readEnvironments], tokenLifetime: .hours(1)))
            let form = "grant_type=client_credentials&client_id=ballast&client_secret=a+b%2Bc"
            let reply = try await caller.post("/oauth/token", form)
            #expect(reply.status == 200)
            #expect(reply.string("token_type") == "Bearer")
            #expect(reply.number("expires_in") == 3600)
            #expect(reply.string("scope") == "environment:read")
            var holder = caller
            holder.token = reply.string("access_token")
            #expect(holder.token?.hasPrefix("token_") == true)
            #expect(try await holder.get("/api/v1/deployments").status == 200)
            #expect(try await holder.get("/api/v1/bots/bot_1/versions").status == 403)
            platform.revokeTokens()
            #expect(try await holder.get("/api/v1/deployments").status == 401)
            let basic = Data("ballast:a%20b%2Bc".utf8).base64EncodedString()
            let again = try await caller.post(
                "/oauth/token", "grant_type=client_credentials", headers: ["Authorization": "Basic \(basic)"])
            #expect(again.status == 200)
            #expect(again.string("access_token") != holder.token)
            #expect(try await caller.post("/oauth/token", form + "x").status == 401)
            #expect(try await caller.post("/oauth/token", "grant_type=password").status == 400)
            #expect(platform.counters.count(.token) == 4)
        }
    }

    @Test func aTokenThatHasExpiredIsRefused() async throws {
        try await withPlatform { platform, caller async throws in
            platform.add(SimulatedClient(id: "c", secret: "s", tokenLifetime: .minutes(5)))
            let form = "grant_type=client_credentials&client_id=c&client_secret=s"
            var caller = caller
            caller.token = try await caller.post("/oauth/token", form).string("access_token")
            #expect(try await caller.get("/api/v1/deployments").status == 200)
            platform.skip(.minutes(5))
            let reply = try await caller.get("/api/v1/deployments")
            #expect(reply.status == 401)
            #expect(reply.string("message")?.contains("expired") == true)
        }
    }

    @Test func theRateLimitAnswers429WithRetryAfterInEitherForm() async throws {
        try await withPlatform { platform, caller async throws in
            platform.configure { $0.rateLimit = .init(requests: 3, per: .minutes(1)) }
            for _ in 0..<3 { #expect(try await caller.get("/api/v1/deployments").status == 200) }
            let refused = try await caller.get("/api/v1/deployments")
            #expect(refused.status == 429)
            let seconds = try #require(refused.header("Retry-After").flatMap { Int($0) })
            #expect((1...60).contains(seconds))
            platform.configure { $0.rateLimit?.retryAfter = .httpDate }
            let date = try #require(
                try await caller.get("/api/v1/deployments").header("Retry-After"))
            let formatter = DateFormatter()
            formatter.locale = Locale(identifier: "en_US_POSIX")
            formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
            formatter.timeZone = TimeZone(secondsFromGMT: 0)
            let free = try #require(formatter.date(from: date))
            #expect(formatter.string(from: free) == date)
            let wait = free.timeIntervalSince1970 - Double(platform.now.milliseconds) / 1000
            #expect(wait > 0 && wait <= 61)
            platform.configure { $0.rateLimit?.retryAfter = SimulatorOptions.RetryAfter.none }
            #expect(try await caller.get("/api/v1/deployments").header("Retry-After") == nil)
            #expect(platform.counters.count(status: 429) == 3)
            #expect(platform.counters.maxWithinSpan == 6)
            platform.skip(.minutes(1))
            #expect(try await caller.get("/api/v1/deployments").status == 200)
        }
    }
}
