import Domain
import Foundation
import Simulator
import Support
import Testing

/// The workflow of the tutorial "Rolling Back NICE Cognigy Bot Versions via REST API", as a Python client that
/// knows nothing of this project: validate, look at sessions, trigger, poll, verify, tell a webhook.
/// Skipped where there is no `python3`.
@Suite(.enabled(if: BuiltProducts.hasProgram("python3"))) struct TutorialTests {
    private var script: String {
        URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/rollback_client.py")
            .path(percentEncoded: false)
    }

    private func run(
        target: String = "v_1", options: SimulatorOptions = SimulatorOptions(),
        prepare: (SimulatedPlatform) -> Void = { _ in },
        check: (ProcessOutput, SimulatedPlatform, SimulatedSink, TemporaryFolder) async throws -> Void
    ) async throws {
        let key = SimulatedKey(name: "tutorial", secret: "key-1")
        try await runSimulator(SimulatorSetup(options: options, bots: [sampleBot], keys: [key])) { platform, sink in
            platform.deployBehindGit("bot_1", version: "v_2")
            prepare(platform)
            try await withTemporaryFolder { folder in
                let output = try await runProcess(
                    "python3",
                    [
                        script, try platform.url, "key-1", "bot_1", target, try sink.url,
                        folder.path("rollback_audit.jsonl"),
                    ])
                try await check(output, platform, sink, folder)
            }
        }
    }

    @Test func theWholeWorkflowRuns() async throws {
        var options = SimulatorOptions()
        options.rateLimit = .init(requests: 1000, per: .minutes(1))
        try await run(options: options) { output, platform, sink, folder async throws in
            #expect(output.succeeded, "\(output)")
            #expect(platform.servedVersion(of: "bot_1") == "v_1")
            let order = platform.requests.map(\.operation)
            #expect(Array(order.prefix(3)) == [.listVersions, .listSessions, .createDeployment])
            #expect(order.last == .testBot)
            #expect(platform.counters.count(.getDeploymentStatus) >= 1)
            let told = try await sink.waitForDeliveries(count: 1)
            let event = try JSONSerialization.jsonObject(with: Data(told[0].body)) as? [String: Any]
            #expect(event?["status"] as? String == "SUCCESS")
            #expect(event?["jobId"] as? String == "job_2")
            #expect(try folder.read("rollback_audit.jsonl").contains("GOVERNANCE_ROLLBACK_EVENT"))
        }
    }

    @Test func aRateLimitIsSatOut() async throws {
        try await run(
            prepare: { platform in
                platform.addFault(FaultRule(.respond(with: .retryLater(after: "1")), on: .getDeploymentStatus))
            },
            check: { output, platform, _, _ async throws in
                #expect(output.succeeded, "\(output)")
                #expect(platform.counters.count(status: 429) == 1)
                #expect(platform.servedVersion(of: "bot_1") == "v_1")
            })
    }

    @Test func aFailedJobIsFailedOver() async throws {
        try await run(
            prepare: { platform in
                let course = JobScript(queuedFor: .zero, runningFor: .zero, ending: .fails(message: "lock"))
                platform.addFault(FaultRule(.job(course: course), on: .createDeployment))
            },
            check: { output, platform, _, _ async throws in
                #expect(output.exitCode == 1 && output.standardError.contains("Rollback job failed: lock"))
                #expect(platform.jobs(of: "bot_1").map(\.targetVersionId) == ["v_2", "v_1", "v_2"])
            })
    }

    @Test func openSessionsBlockIt() async throws {
        try await run(
            prepare: { $0.setSessions(1, of: "bot_1", in: "PRODUCTION") },
            check: { output, platform, _, _ async throws in
                #expect(output.exitCode == 1 && output.standardError.contains("exceed threshold"))
                #expect(platform.jobs().count == 1)
            })
    }

    @Test func aBadVersionIsReportedAsFailed() async throws {
        try await run(target: "v_bad") { output, _, sink, _ async throws in
            #expect(output.succeeded, "\(output)")
            #expect(try await sink.waitForDeliveries(count: 1)[0].text.contains("\"FAILED\""))
        }
    }
}
