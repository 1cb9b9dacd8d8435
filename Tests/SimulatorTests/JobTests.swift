import Domain
import Simulator
import Testing

/// Jobs that go another way than one would wish.
@Suite struct JobTests {
    private func deploy(
        _ script: JobScript, body: (SimulatedPlatform, Caller, String) async throws -> Void
    ) async throws {
        try await withPlatform { platform, caller async throws in
            platform.addFault(FaultRule(.job(course: script), on: .createDeployment))
            let job = try #require(try await caller.deploy("v_1").string("data.jobId"))
            try await body(platform, caller, job)
        }
    }

    private func script(_ ending: JobScript.Ending) -> JobScript {
        JobScript(queuedFor: .zero, runningFor: .zero, ending: ending)
    }

    @Test func aJobFailsAndSwitchesNothing() async throws {
        try await deploy(script(.fails(message: "database lock"))) { platform, caller, job async throws in
            let status = try await caller.status(job)
            #expect(status.string("data.state") == "FAILED")
            #expect(status.string("data.errorMessage") == "database lock")
            let listed = try await caller.get("/api/v1/deployments?botId=bot_1")
            #expect(listed.string("data.0.state") == "FAILED")
            #expect(listed.string("data.0.errorMessage") == "database lock")
            #expect(platform.servedVersion(of: "bot_1") == "v_2")
        }
    }

    @Test func aJobHangsUntilItIsEndedByHand() async throws {
        try await deploy(script(.hangs)) { platform, caller, job async throws in
            #expect(try await caller.status(job).string("data.state") == "RUNNING")
            platform.redirect(job, to: .fails(message: "cancelled"))
            #expect(try await caller.status(job).string("data.state") == "FAILED")
            #expect(try await caller.deploy("v_1").status == 200)
        }
    }

    @Test func aCompletionIsClaimedThoughNothingSwitched() async throws {
        try await deploy(script(.claimsCompletion)) { platform, caller, job async throws in
            #expect(try await caller.status(job).string("data.state") == "COMPLETED")
            #expect(try await caller.get("/api/v1/deployments?botId=bot_1").string("data.0.state") == "FAILED")
            #expect(platform.servedVersion(of: "bot_1") == "v_2")
        }
    }

    @Test func anotherVersionServesThanWasOrdered() async throws {
        try await deploy(script(.completesAs(versionId: "v_bad"))) { platform, caller, job async throws in
            #expect(try await caller.status(job).string("data.state") == "COMPLETED")
            let listed = try await caller.get("/api/v1/deployments?botId=bot_1")
            #expect(listed.string("data.0.targetVersionId") == "v_bad")
            #expect(try await caller.test().string("data.versionId") == "v_bad")
        }
    }

    @Test func theOldVersionGoesOnAnswering() async throws {
        try await deploy(script(.servesOldVersion)) { _, caller, job async throws in
            #expect(try await caller.status(job).string("data.state") == "COMPLETED")
            let listed = try await caller.get("/api/v1/deployments?botId=bot_1")
            #expect(listed.string("data.0.targetVersionId") == "v_1")
            #expect(listed.string("data.0.state") == "COMPLETED")
            #expect(try await caller.test().string("data.versionId") == "v_2")
        }
    }

    @Test func aSwitchIsSeenLaterThanItIsReported() async throws {
        let script = JobScript(queuedFor: .zero, runningFor: .zero, visibleAfter: .minutes(10))
        try await deploy(script) { platform, caller, job async throws in
            #expect(try await caller.status(job).string("data.state") == "COMPLETED")
            let listing = "/api/v1/deployments?botId=bot_1"
            #expect(try await caller.get(listing).string("data.0.state") == "RUNNING")
            #expect(platform.servedVersion(of: "bot_1") == "v_2")
            platform.skip(.minutes(10))
            #expect(try await caller.get(listing).string("data.0.state") == "COMPLETED")
            #expect(platform.servedVersion(of: "bot_1") == "v_1")
        }
    }

    @Test func ofTwoJobsTheOneThatEndedLastCounts() async throws {
        try await withPlatform { platform, _ in
            platform.deployBehindGit(
                "bot_1", version: "v_1", script: JobScript(queuedFor: .zero, runningFor: .minutes(20)))
            platform.deployBehindGit(
                "bot_1", version: "v_bad", script: JobScript(queuedFor: .zero, runningFor: .minutes(10)))
            platform.skip(.minutes(10))
            #expect(platform.servedVersion(of: "bot_1") == "v_bad")
            platform.skip(.minutes(10))
            #expect(platform.servedVersion(of: "bot_1") == "v_1")
            platform.deployBehindGit(
                "bot_1", version: "v_1", script: JobScript(queuedFor: .zero, runningFor: .minutes(20)))
            platform.deployBehindGit(
                "bot_1", version: "v_bad", script: JobScript(queuedFor: .zero, runningFor: .minutes(10)))
            platform.skip(.minutes(30))
            #expect(platform.servedVersion(of: "bot_1") == "v_1")
        }
    }

    @Test func sessionsComeAndGo() async throws {
        try await withPlatform { platform, caller async throws in
            platform.setSessions(
                2, of: "bot_1", in: "PRODUCTION",
                then: [SessionStep(after: .minutes(30), count: 0), SessionStep(after: .minutes(10), count: 60)])
            let path = "/api/v1/sessions?status=active&botId=bot_1&environment=PRODUCTION"
            var totals: [Double?] = []
            for _ in 0..<4 {
                totals.append(try await caller.get(path).number("pagination.total"))
                platform.skip(.minutes(10))
            }
            #expect(totals == [2, 60, 60, 0])
        }
    }
}
