import Foundation
import Support
import Testing

@Suite("Delivery figures of a whole run", .timeLimit(.minutes(3)))
struct ReportTests {
    @Test("a deployment, a failure, and a revert that needs no rollout")
    func story() async throws {
        try await Stage.run { stage in
            let none = try await stage.ballast("report")
            #expect(none.exitCode == 2, "\(none)")
            try await stage.push("v_1")
            _ = try await stage.ballast("reconcile")
            try await stage.push("v_2")
            #expect(try await stage.ballast("reconcile").exitCode == 1)
            let failed = try await figures(stage)
            #expect(failed["deployments"] as? Int == 2)
            #expect(failed["changeFailureRate"] as? Double == 0.5)
            #expect((failed["leadTime"] as? [String: Any])?["count"] as? Int == 1)
            #expect((failed["timeToRestore"] as? [String: Any])?["unrestored"] as? Int == 1)

            try await stage.push("v_1", message: "revert")
            #expect(try await stage.ballast("reconcile").exitCode == 0)
            let restored = try await figures(stage, "--by", "label=team")
            #expect(restored["deployments"] as? Int == 2)
            let time = try #require(restored["timeToRestore"] as? [String: Any])
            #expect(time["unrestored"] as? Int == 0)
            #expect(time["count"] as? Int == 1)
            #expect((time["medianMs"] as? Int ?? 0) > 0)
        }
    }

    private func figures(_ stage: Stage, _ more: String...) async throws -> [String: Any] {
        let output = try await stage.ballast.run(["report", "-o", "json"] + more)
        #expect(output.exitCode == 0, "\(output)")
        let report = try JSONSerialization.jsonObject(with: Data(output.standardOutput.utf8)) as? [String: Any]
        let groups = try #require(report?["groups"] as? [[String: Any]])
        #expect(groups.map { $0["name"] as? String } == [more.isEmpty ? "order-support" : "orders"])
        return try #require(report?["totals"] as? [String: Any])
    }

    @Test("it is not asked of a server")
    func server() async throws {
        try await Stage.run { stage in
            let output = try await stage.ballast("report", "--server", "https://ballast.example")
            #expect(output.exitCode == 64)
            #expect(
                output.standardError == """
                    ballast: the server https://ballast.example has no delivery figures to give: they are read from the state
                      Run it beside the server, with --config FILE.

                    """)
        }
    }
}
