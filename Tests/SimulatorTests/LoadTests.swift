import Domain
import Foundation
import Simulator
import Testing

/// The book-keeping under many requests at once.
@Suite struct LoadTests {
    @Test func aThousandDeploymentsOfTenThousandBotsAreCountedRight() async throws {
        var options = quickOptions()
        options.latency = .milliseconds(5)
        options.runningFor = .minutes(10)
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
            let listing = "/api/v1/deployments?environment=PRODUCTION&state=RUNNING"
            #expect(try await caller.get(listing).number("pagination.total") == 1000)
            platform.skip(.minutes(10))
            #expect(try await caller.get(listing).number("pagination.total") == 0)
            for number in [0, 999] { #expect(platform.servedVersion(of: "b\(number)") == "v2") }
            #expect(platform.servedVersion(of: "b1000") == "v1")
            let feed = try await caller.get("/api/v1/deployments?environment=PRODUCTION")
            #expect(feed.strings("data", "jobId").count == 50)
            #expect(feed.number("pagination.total") == 11_001)
        }
    }

    /// The window slides: half a span after a burst nothing is free, a whole span after it everything is.
    @Test func noMoreRequestsPassThanTheLimitAllows() async throws {
        var options = quickOptions()
        options.rateLimit = .init(requests: 10, per: .hours(1))
        try await withPlatform(options) { platform, caller in
            var passed: [Int] = []
            for _ in 0..<3 {
                let statuses = try await burst(of: 25, from: caller)
                passed.append(statuses.count { $0 == 200 })
                #expect(statuses.allSatisfy { $0 == 200 || $0 == 429 })
                platform.skip(.minutes(31))
            }
            #expect(passed == [10, 0, 10])
        }
    }

    private func burst(of count: Int, from caller: Caller) async throws -> [Int] {
        try await withThrowingTaskGroup(of: Int.self, returning: [Int].self) { group in
            for _ in 0..<count { group.addTask { try await caller.get("/api/v1/deployments").status } }
            var statuses: [Int] = []
            for try await status in group { statuses.append(status) }
            return statuses
        }
    }
}
