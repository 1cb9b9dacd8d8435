import Domain
import Simulator
import Testing

/// The three things that a 409 means, and the fourth that says nothing.
@Suite struct ConflictTests {
    @Test func missingDependenciesAreRefusedUnlessNobodyAsks() async throws {
        try await withPlatform { platform, caller async throws in
            try platform.add([SimulatedVersion(id: "v_broken", dependenciesMissing: true)], to: "bot_1")
            let refused = try await caller.deploy("v_broken")
            #expect(refused.status == 409)
            #expect(refused.string("message")?.contains("dependency validation failed") == true)
            #expect(try await caller.deploy("v_broken", validate: false).status == 200)
            #expect(try await caller.test().status == 500)
        }
    }

    @Test func sessionsAreRefusedOnlyByAPlatformThatMinds() async throws {
        try await withPlatform { platform, caller async throws in
            platform.setSessions(1, of: "bot_1", in: "PRODUCTION")
            #expect(try await caller.deploy("v_1").status == 200)
            platform.configure { $0.maxSessionsForDeployment = 0 }
            let refused = try await caller.deploy("v_2")
            #expect(refused.status == 409)
            #expect(refused.string("message")?.contains("active sessions: 1") == true)
            #expect(try await caller.deploy("v_2", in: "STAGING").status == 200)
        }
    }

    @Test func aSecondDeploymentOfTheSameBotIsRefusedWhileTheFirstRuns() async throws {
        try await withPlatform { platform, caller async throws in
            platform.addFault(FaultRule(.job(course: JobScript(ending: .hangs)), on: .createDeployment))
            let first = try #require(try await caller.deploy("v_1").string("data.jobId"))
            let refused = try await caller.deploy("v_bad")
            #expect(refused.status == 409)
            #expect(refused.string("message")?.contains("in progress: \(first)") == true)
            #expect(try await caller.deploy("v_bad", in: "STAGING").status == 200)
            platform.redirect(first, to: .completes)
            #expect(try await caller.status(first).string("data.state") == "COMPLETED")
            #expect(try await caller.deploy("v_bad").status == 200)
            platform.configure { $0.refusesWhileDeploying = false }
            platform.addFault(FaultRule(.job(course: JobScript(ending: .hangs)), on: .createDeployment))
            #expect(try await caller.deploy("v_1").status == 200)
            #expect(try await caller.deploy("v_2").status == 200)
        }
    }

    @Test func anUnclearConflictNamesNoneOfTheThree() async throws {
        try await withPlatform { platform, caller async throws in
            platform.addFault(FaultRule(.respond(with: .unclearConflict), on: .createDeployment))
            let reply = try await caller.deploy("v_1")
            #expect(reply.status == 409)
            let message = try #require(reply.string("message"))
            for word in ["dependenc", "session", "progress"] { #expect(!message.contains(word)) }
            #expect(platform.jobs().count == 1)
        }
    }
}
