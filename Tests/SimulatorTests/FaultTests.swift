import Domain
import Simulator
import Testing

/// Every fault over a real socket, and which requests it hits.
@Suite struct FaultTests {
    @Test(arguments: [400, 401, 403, 404, 429, 500, 502, 503, 504])
    func anyStatusCanBeAnsweredAndDoesNoWork(status: Int) async throws {
        try await withPlatform { platform, caller async throws in
            platform.addFault(FaultRule(.respond(with: FaultAnswer(status: status)), on: .createDeployment))
            let reply = try await caller.deploy("v_1")
            #expect(reply.status == status && reply["success"] as? Bool == false)
            #expect(platform.jobs().count == 1)
            #expect(try await caller.deploy("v_1").status == 200)
        }
    }

    @Test func aProxySpeaksHTML() async throws {
        try await withPlatform { platform, caller async throws in
            platform.addFault(FaultRule(.respond(with: .html(status: 502))))
            let reply = try await caller.get("/api/v1/deployments")
            #expect(reply.status == 502 && reply.header("Content-Type") == "text/html")
            #expect(reply.text.hasPrefix("<html>"))
        }
    }

    @Test(arguments: ["7", "-1", "99999999999999999999", "Sun, 06 Nov 1994 08:49:37 GMT"])
    func retryAfterCanBeAnything(value: String) async throws {
        try await withPlatform { platform, caller async throws in
            platform.addFault(FaultRule(.respond(with: .retryLater(after: value))))
            let reply = try await caller.get("/api/v1/deployments")
            #expect(reply.status == 429 && reply.header("Retry-After") == value)
        }
    }

    @Test func theWorkCanBeDoneThoughTheAnswerSaysOtherwise() async throws {
        try await withPlatform { platform, caller async throws in
            platform.addFault(FaultRule(.respondAfterWork(with: .html(status: 502)), on: .createDeployment))
            #expect(try await caller.deploy("v_1").status == 502)
            #expect(platform.servedVersion(of: "bot_1") == "v_1")
        }
    }

    @Test(arguments: [(FaultAction.dropBeforeWork, 1), (.dropAfterWork, 2), (.truncate, 2)])
    func aConnectionIsLostBeforeOrAfterTheWork(action: FaultAction, jobs: Int) async throws {
        try await withPlatform { platform, caller async throws in
            platform.addFault(FaultRule(action, on: .createDeployment))
            await #expect(throws: (any Error).self) { try await caller.deploy("v_1") }
            #expect(platform.jobs().count == jobs)
            #expect(try await caller.get("/api/v1/deployments").status == 200)
            try await platform.wait(for: "the end of both requests") { $0.counters.inFlight == 0 }
        }
    }

    @Test(arguments: [(FaultAction.hang, 1), (.hangAfterWork, 2)])
    func anAnswerNeverComes(action: FaultAction, jobs: Int) async throws {
        try await withPlatform { platform, caller async throws in
            platform.addFault(FaultRule(action, on: .createDeployment))
            let pending = Task { try await caller.deploy("v_1") }
            try await platform.wait(for: "the work") { $0.counters.inFlight == 1 && $0.jobs().count == jobs }
            pending.cancel()
            await #expect(throws: (any Error).self) { try await pending.value }
            #expect(platform.counters.inFlight == 1 && platform.jobs().count == jobs)
        }
    }

    @Test func aHangingAnswerDoesNotHoldUpTheShutdown() async throws {
        let start = ContinuousClock.now
        try await withPlatform { platform, caller async throws in
            platform.addFault(FaultRule(.hang, times: nil))
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<3 {
                    group.addTask {
                        await #expect(throws: (any Error).self) { try await caller.get("/api/v1/deployments") }
                    }
                }
                await #expect(throws: Never.self) { try await platform.waitForRequests(.listDeployments, count: 3) }
                await platform.shutdown()
            }
            #expect(platform.counters.count(status: 0) == 3)
        }
        #expect(ContinuousClock.now - start < .seconds(60))
    }

    @Test func aDelayedAnswerComesLate() async throws {
        try await withPlatform { platform, caller async throws in
            platform.addFault(FaultRule(.delay(milliseconds: 120)))
            let start = ContinuousClock.now
            #expect(try await caller.get("/api/v1/deployments").status == 200)
            #expect(ContinuousClock.now - start >= .milliseconds(120))
        }
    }

    @Test func anAnswerDripsInByteByByte() async throws {
        try await withPlatform { platform, caller async throws in
            platform.addFault(FaultRule(.drip(intervalMilliseconds: 1), on: .getDeploymentStatus))
            let start = ContinuousClock.now
            let reply = try await caller.status("job_1")
            #expect(reply.string("data.state") == "COMPLETED")
            #expect(ContinuousClock.now - start >= .milliseconds(reply.body.count))
        }
    }

    @Test func aBodyIsSpoiledInEveryWay() async throws {
        try await withPlatform { platform, caller async throws in
            let actions: [FaultAction] = [
                .malformed, .withoutSuccess, .withoutData, .emptyData, .unsuccessful(message: "no"),
                .contentType(is: "text/plain"),
            ]
            for action in actions { platform.addFault(FaultRule(action, on: .createDeployment)) }
            var replies: [Reply] = []
            for _ in actions { replies.append(try await caller.deploy("v_1")) }
            #expect(replies.map(\.status) == Array(repeating: 200, count: 6))
            #expect(replies[0].json == nil && replies[0].body.count > 10)
            #expect(replies[1]["success"] == nil && replies[1].string("data.jobId") != nil)
            #expect(replies[2]["data"] == nil && replies[2]["success"] as? Bool == true)
            #expect(replies[3]["data"] is [String: Any] && replies[3]["data.jobId"] == nil)
            #expect(replies[4]["success"] as? Bool == false && replies[4].string("message") == "no")
            #expect(replies[5].header("Content-Type") == "text/plain")
            #expect(replies[5].string("data.jobId") != nil)
            #expect(platform.counters.jobsCreated == 5)
        }
    }

    @Test func aBodyIsTooLongOrHasNoEnd() async throws {
        try await withPlatform { platform, caller async throws in
            platform.addFault(FaultRule(.huge(bytes: 300_000)))
            let whole = try await caller.get("/api/v1/deployments")
            #expect(whole.body.count > 300_000 && whole["success"] as? Bool == true)
            platform.addFault(FaultRule(.endless))
            await #expect(throws: (any Error).self) {
                try await caller.send("GET", "/api/v1/deployments", body: nil, maxBytes: 1_000_000)
            }
            #expect(try await caller.get("/api/v1/deployments").status == 200)
        }
    }

    @Test func statusesCanRegressAndBeNonsense() async throws {
        try await withPlatform { platform, caller async throws in
            for state in ["RUNNING", "QUEUED", "completed", ""] {
                platform.addFault(FaultRule(.reportState(is: state), on: .getDeploymentStatus))
            }
            var states: [String?] = []
            for _ in 0..<5 { states.append(try await caller.status("job_1").string("data.state")) }
            #expect(states == ["RUNNING", "QUEUED", "completed", "", "COMPLETED"])
        }
    }

    @Test func aRuleHitsOnlyWhatItNames() async throws {
        try await withPlatform { platform, caller async throws in
            platform.add(SimulatedBot(id: "bot_2", versionIds: ["v_1"]))
            platform.addFault(
                FaultRule(
                    .respond(with: FaultAnswer(status: 503)), on: .listVersions, botId: "bot_2", skip: 1, times: 2))
            var statuses: [Int] = []
            for _ in 0..<5 { statuses.append(try await caller.get("/api/v1/bots/bot_2/versions").status) }
            #expect(statuses == [200, 503, 503, 200, 200])
            #expect(try await caller.get("/api/v1/bots/bot_1/versions").status == 200)
            platform.addFault(FaultRule(.respond(with: FaultAnswer(status: 500)), botId: "bot_1", times: nil))
            #expect(try await caller.status("job_1").status == 500)
            #expect(try await caller.deploy("v_1").status == 500)
            #expect(try await caller.get("/api/v1/deployments").status == 200)
            platform.clearFaults()
            #expect(try await caller.status("job_1").status == 200)
        }
    }

    @Test func probabilityIsDrawnFromTheSeed() async throws {
        var runs: [[Int]] = []
        for seed: UInt64 in [7, 7, 8] {
            var options = quickOptions()
            options.seed = seed
            try await withPlatform(options) { platform, caller in
                platform.addFault(
                    FaultRule(.respond(with: FaultAnswer(status: 500)), times: nil, probability: 0.5))
                var statuses: [Int] = []
                for _ in 0..<40 { statuses.append(try await caller.get("/api/v1/deployments").status) }
                runs.append(statuses)
            }
        }
        #expect(runs[0] == runs[1])
        #expect(runs[0] != runs[2])
        #expect((8...32).contains(runs[0].count { $0 == 500 }))
    }
}
