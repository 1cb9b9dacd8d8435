import Domain
import Simulator

extension Benchmarks {
    /// A revert on a bot whose job takes 200 ms: the whole run of the binary, start and fetch included.
    static func revert(times: Int, _ claims: Claims) async throws {
        var options = SimulatorOptions()
        options.queuedFor = .milliseconds(50)
        options.runningFor = .milliseconds(150)
        say("revert of a manifest commit, job of 200 ms, \(Stage.Limits().words)")
        try await withFolder { folder in
            try await runSimulator(SimulatorSetup(options: options)) { platform, _ in
                let stage = try await Stage.make(1, in: folder, platform: platform)
                try await stage.commit(version: "v_1", bots: 0..<1, message: "begin")
                _ = try stage.ballast("reconcile")
                var spans: [Double] = []
                for _ in 0..<times {
                    try await stage.commit(version: "v_2", bots: 0..<1, message: "forward")
                    _ = try stage.ballast("reconcile")
                    try await stage.git(["revert", "--no-edit", "HEAD"])
                    try await stage.git(["push", "-q", "origin", "main"])
                    let run = try stage.ballast("reconcile")
                    guard run.status == 0, stage.serving("v_1") == 1 else {
                        throw Child.Failure(description: run.output)
                    }
                    spans.append(run.seconds)
                }
                say(
                    "  whole run, process start, fetch and notes included: median \(spans.median.text(3)) s of \(times)"
                        + " (least \((spans.min() ?? 0).text(3)), most \((spans.max() ?? 0).text(3)))")
                say("  against the tutorial's client (2.4 s): \((2.4 / spans.median).text(1)) times as fast")
                claims.expect(spans.median < 1, "converged in under 1 s, verification and audit included")
            }
        }
    }
}
