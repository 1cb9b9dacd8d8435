import Domain
import Foundation
import Simulator
import Testing

/// The book-keeping under many requests at once.
@Suite struct LoadTests {
    @Test func aThousandDeploymentsOfTenThousandBotsAreCountedRight() async throws {
        var options = quickOptions()
        options.latency = .milliseconds(5)
        options.runningFor = .milliseconds(30)
        try await withPlatform(options) { platform, caller in
            platform.add((0..<10_000).map { SimulatedBot(id: "b\($0)", versionIds: ["v1", "v2"]) })
            for number in 0..<10_000 { platform.deployBehindGit("b\(number)", version: "v1") }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for worker in 0..<20 {
                    group.addTask {
                        for number in stride(from: worker, to: 1000, by: 20) {
                            let reply = try await caller.deploy("v2", of: "b\(number)", key: "k\(number)")
                            #expect(reply.string("data.jobId") != nil)
                        }
                    }
                }
                try await group.waitForAll()
            }
            let counters = platform.counters
            #expect(counters.jobsCreated == 1000 && counters.total == 1000)
            #expect(counters.count(status: 200) == 1000)
            #expect((2...20).contains(counters.maxInFlight) && counters.inFlight == 0)
            #expect(counters.maxWithinSpan == 1000)
            var running = 1
            while running > 0 {
                running = Int(
                    try await caller.get("/api/v1/deployments?environment=PRODUCTION&state=RUNNING")
                        .number("pagination.total") ?? -1)
            }
            #expect(running == 0)
            for number in [0, 999] { #expect(platform.servedVersion(of: "b\(number)") == "v2") }
            #expect(platform.servedVersion(of: "b1000") == "v1")
            let feed = try await caller.get("/api/v1/deployments?environment=PRODUCTION")
            #expect(feed.strings("data", "jobId").count == 50)
            #expect(feed.number("pagination.total") == 11_001)
        }
    }

    @Test func noMoreRequestsPassThanTheLimitAllows() async throws {
        var options = quickOptions()
        options.rateLimit = .init(requests: 10, per: .milliseconds(400))
        try await withPlatform(options) { platform, caller in
            let start = ContinuousClock.now
            var passed = 0
            while ContinuousClock.now - start < .milliseconds(1000) {
                if try await caller.get("/api/v1/deployments").status == 200 { passed += 1 }
            }
            #expect(passed >= 10 && passed <= 30)
            let times = platform.requests.filter { $0.status == 200 }.map(\.at.milliseconds)
            for (index, time) in times.enumerated() where index >= 10 { #expect(time - times[index - 10] >= 400) }
        }
    }
}
