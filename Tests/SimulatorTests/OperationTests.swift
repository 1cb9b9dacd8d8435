import Domain
import Foundation
import Simulator
import Testing

/// Every operation of the specification over a real socket, behaving.
@Suite struct OperationTests {
    @Test func versionsComeInPagesThatAddUp() async throws {
        try await withPlatform { platform, caller async throws in
            platform.add(SimulatedBot(id: "big", versionIds: (1...120).map { "v_\($0)" }))
            var ids: [String] = []
            for page in 1...4 {
                let reply = try await caller.get("/api/v1/bots/big/versions?page=\(page)&size=50")
                #expect(reply.status == 200)
                #expect(reply.number("pagination.total") == 120)
                #expect(reply.number("pagination.page") == Double(page))
                ids += reply.strings("data", "id")
            }
            #expect(ids == (1...120).map { "v_\($0)" })
            let reply = try await caller.get("/api/v1/bots/bot_1/versions")
            #expect(reply.strings("data", "status") == ["PUBLISHED", "PUBLISHED", "PUBLISHED"])
            #expect(reply.strings("data", "environment") == ["PRODUCTION", "PRODUCTION", "PRODUCTION"])
            let created = reply.strings("data", "createdAt")
            #expect(created == created.sorted() && Set(created).count == 3)
        }
    }

    @Test(arguments: ["page=0", "page=x", "size=0", "size=51", "page=-1"])
    func aPageOutsideTheSpecificationIsRefused(query: String) async throws {
        try await withPlatform { _, caller async throws in
            #expect(try await caller.get("/api/v1/bots/bot_1/versions?\(query)").status == 400)
        }
    }

    @Test func aPageBeyondTheEndIsEmpty() async throws {
        try await withPlatform { _, caller in
            let reply = try await caller.get("/api/v1/bots/bot_1/versions?page=9223372036854775807")
            #expect(reply.status == 200 && reply.strings("data", "id").isEmpty)
        }
    }

    @Test func pagingCanBeBroken() async throws {
        try await withPlatform { platform, caller async throws in
            platform.configure { $0.paging = .ignored }
            let first = try await caller.get("/api/v1/bots/bot_1/versions?page=1&size=2")
            let second = try await caller.get("/api/v1/bots/bot_1/versions?page=2&size=2")
            #expect(first.strings("data", "id") == ["v_1", "v_2"])
            #expect(second.strings("data", "id") == ["v_1", "v_2"])
            platform.configure { $0.paging = .unannounced }
            let reply = try await caller.get("/api/v1/bots/bot_1/versions?page=2&size=2")
            #expect(reply.strings("data", "id") == ["v_bad"])
            #expect(reply["pagination"] == nil)
        }
    }

    @Test func sessionsAreCountedByEnvironmentWhereThatIsKnown() async throws {
        try await withPlatform { platform, caller async throws in
            platform.setSessions(2, of: "bot_1", in: "PRODUCTION")
            platform.setSessions(3, of: "bot_1", in: "STAGING")
            let path = "/api/v1/sessions?status=active&botId=bot_1"
            let production = try await caller.get(path + "&environment=PRODUCTION")
            #expect(production.strings("data", "environment") == ["PRODUCTION", "PRODUCTION"])
            #expect(try await caller.get(path).strings("data", "sessionId").count == 5)
            platform.configure { $0.knowsEnvironmentOfSessions = false }
            let all = try await caller.get(path + "&environment=PRODUCTION&size=4")
            #expect(all.strings("data", "environment").count == 4)
            #expect(all.number("pagination.total") == 5)
            #expect(try await caller.get("/api/v1/sessions?botId=bot_1").status == 400)
            #expect(try await caller.get("/api/v1/sessions?status=active&botId=nobody").status == 404)
        }
    }

    @Test func aDeploymentRunsToItsEndAndSwitchesThen() async throws {
        var options = SimulatorOptions()
        options.queuedFor = .minutes(10)
        options.runningFor = .minutes(10)
        try await withPlatform(options) { platform, caller in
            let reply = try await caller.deploy("v_1", key: "k-1")
            #expect(reply.status == 200)
            let job = try #require(reply.string("data.jobId"))
            #expect(try await caller.status(job).string("data.state") == "QUEUED")
            platform.skip(.minutes(10))
            #expect(try await caller.status(job).string("data.state") == "RUNNING")
            #expect(platform.servedVersion(of: "bot_1") == "v_2")
            platform.skip(.minutes(10))
            #expect(try await caller.status(job).string("data.state") == "COMPLETED")
            #expect(platform.servedVersion(of: "bot_1") == "v_1")
            let listed = try await caller.get("/api/v1/deployments?botId=bot_1&environment=PRODUCTION")
            #expect(listed.strings("data", "targetVersionId") == ["v_1", "v_2"])
            #expect(listed.strings("data", "createdBy") == ["anonymous", "console"])
            #expect(listed.string("data.0.idempotencyKey") == "k-1")
            #expect(listed.string("data.0.action") == "ROLLBACK")
            let completed = try #require(listed.string("data.0.completedAt"))
            let created = try #require(listed.string("data.0.createdAt"))
            #expect(completed > created)
        }
    }

    @Test func theFeedOfAnEnvironmentIsNewestFirstAndFiltered() async throws {
        try await withPlatform { platform, caller async throws in
            platform.add(SimulatedBot(id: "bot_2", versionIds: ["w_1"]))
            platform.deployBehindGit("bot_2", version: "w_1", by: "carol")
            platform.deployBehindGit("bot_2", version: "w_1", in: "STAGING", by: "dave")
            platform.deployBehindGit(
                "bot_1", version: "v_bad", script: JobScript(queuedFor: .zero, runningFor: .zero, ending: .hangs))
            let feed = try await caller.get("/api/v1/deployments?environment=PRODUCTION")
            #expect(feed.strings("data", "jobId") == ["job_4", "job_2", "job_1"])
            #expect(feed.strings("data", "state") == ["RUNNING", "COMPLETED", "COMPLETED"])
            let running = try await caller.get("/api/v1/deployments?environment=PRODUCTION&state=RUNNING")
            #expect(running.strings("data", "jobId") == ["job_4"])
            #expect(
                try await caller.get("/api/v1/deployments?botId=bot_2").strings("data", "jobId") == ["job_3", "job_2"])
            #expect(try await caller.get("/api/v1/deployments?size=1&page=2").strings("data", "jobId") == ["job_3"])
            platform.configure { $0.omittedJobFields = Set(SimulatorOptions.JobField.allCases) }
            let bare = try await caller.get("/api/v1/deployments?botId=bot_1")
            for field in ["action", "completedAt", "createdBy", "idempotencyKey"] {
                #expect(bare.strings("data", field).isEmpty)
            }
        }
    }

    @Test func aRepeatedKeyIsAnsweredWithTheFirstJobWhereKeysAreKnown() async throws {
        try await withPlatform { platform, caller async throws in
            let first = try await caller.deploy("v_1", key: "same").string("data.jobId")
            #expect(try await caller.deploy("v_1", key: "same").string("data.jobId") == first)
            #expect(platform.counters.jobsCreated == 1 && platform.counters.repeatedKeys == 1)
            platform.configure { $0.honoursIdempotencyKey = false }
            #expect(try await caller.deploy("v_1", key: "same").string("data.jobId") != first)
        }
    }

    @Test func aTestIsAnsweredByTheVersionThatServes() async throws {
        try await withPlatform { platform, caller async throws in
            let good = try await caller.test()
            #expect(good.string("data.intent.name") == "order_support")
            #expect(good.number("data.intent.confidence") == 0.93)
            #expect(good.strings("data.entities", "value") == ["order"])
            #expect(good.string("data.versionId") == "v_2")
            platform.deployBehindGit("bot_1", version: "v_bad")
            #expect(try await caller.test().string("data.intent.name") == "fallback")
            platform.configure { $0.namesVersionInTests = false }
            #expect(try await caller.test()["data.versionId"] == nil)
            try platform.changeVersion("v_bad", of: "bot_1") {
                $0.turns["hello"] = SimulatedTurn(intent: nil, confidence: 0)
            }
            #expect(try await caller.test(message: "hello")["data.intent"] == nil)
            platform.add(SimulatedBot(id: "fresh", versionIds: ["v_1"]))
            #expect(try await caller.test("fresh").status == 404)
        }
    }

    @Test func aTestCanBeAimedAtAnEnvironmentUnlessThatIsUnknown() async throws {
        try await withPlatform { platform, caller async throws in
            platform.deployBehindGit("bot_1", version: "v_bad", in: "STAGING")
            let body = #"{"message":"x","environment":"STAGING"}"#
            #expect(try await caller.post("/api/v1/bots/bot_1/test", body).string("data.versionId") == "v_bad")
            platform.configure { $0.knowsEnvironmentOfTests = false }
            #expect(try await caller.post("/api/v1/bots/bot_1/test", body).string("data.versionId") == "v_2")
        }
    }

    @Test(arguments: [
        ("GET", "/api/v1/bots/nobody/versions"), ("GET", "/api/v1/deployments/job_99/status"),
        ("GET", "/api/v1/deployments/job_x/status"), ("GET", "/api/v1/nothing"), ("GET", "/"),
        ("DELETE", "/api/v1/deployments"), ("GET", "/api/v1/deployments?botId=nobody"),
    ])
    func whatIsNotThereIs404(method: String, path: String) async throws {
        try await withPlatform { _, caller in
            let reply = try await caller.send(method, path, body: nil)
            #expect(reply.status == 404)
            #expect(reply["success"] as? Bool == false)
            #expect(reply.string("message")?.isEmpty == false)
        }
    }

    @Test func aDeploymentThatIsMalformedForcedOrUnknownIsRefused() async throws {
        try await withPlatform { platform, caller async throws in
            #expect(try await caller.post("/api/v1/deployments", "{").status == 400)
            #expect(try await caller.deploy("v_none").status == 404)
            #expect(try await caller.deploy("v_1", of: "nobody").status == 404)
            let forced = """
                {"botId":"bot_1","targetVersionId":"v_1","environment":"PRODUCTION","action":"ROLLBACK",\
                "validateDependencies":true,"force":true}
                """
            #expect(try await caller.post("/api/v1/deployments", forced).status == 400)
            #expect(platform.jobs().count == 1)
        }
    }

    @Test func latencyIsAddedToEveryRequest() async throws {
        try await withPlatform { platform, caller async throws in
            platform.configure { $0.latency = .milliseconds(80) }
            let start = ContinuousClock.now
            _ = try await caller.get("/api/v1/bots/bot_1/versions")
            #expect(ContinuousClock.now - start >= .milliseconds(80))
        }
    }

    @Test func aPlatformThatWasAwayComesBackOnItsPortWithItsWorld() async throws {
        try await withPlatform { platform, caller async throws in
            let port = try #require(platform.port)
            await platform.shutdown()
            await #expect(throws: (any Error).self) {
                try await caller.send("GET", "/api/v1/bots/bot_1/versions", body: nil, timeoutMilliseconds: 300)
            }
            try await platform.start(port: port)
            #expect(try await caller.get("/api/v1/bots/bot_1/versions").status == 200)
            #expect(platform.servedVersion(of: "bot_1") == "v_2")
            await #expect(throws: SimulatorError.self) { try await platform.start() }
        }
    }

    @Test func aPortThatIsTakenIsAnError() async throws {
        try await withPlatform { platform, _ in
            let port = try #require(platform.port)
            await #expect {
                try await SimulatedPlatform().start(port: port)
            } throws: { error in
                (error as? SimulatorError)?.code == .cannotListen
            }
        }
    }

    /// Leap days, the turn of a century and of an era of 400 years, and what lies before 1970.
    @Test(arguments: [
        0, 951_782_400_000, 951_868_799_999, 4_107_542_399_001, 1_795_341_600_123, -1, -11_644_473_600_000,
    ])
    func instantsAreWrittenAsFoundationWritesThem(milliseconds: Int64) async throws {
        try await withPlatform { platform, caller async throws in
            let instant = Timestamp(milliseconds: milliseconds)
            platform.add(SimulatedBot(id: "b", versions: [SimulatedVersion(id: "v", createdAt: instant)]))
            let text = try await caller.get("/api/v1/bots/b/versions").string("data.0.createdAt")
            let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
            let parsed = try style.parse(try #require(text))
            #expect(Int64((parsed.timeIntervalSince1970 * 1000).rounded()) == milliseconds)
        }
    }
}
