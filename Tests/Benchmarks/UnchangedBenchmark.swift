import Domain
import Foundation
import Simulator

extension Benchmarks {
    /// The second pass, in which nothing changed.
    static func unchanged(_ count: Int, _ claims: Claims) async throws {
        say("unchanged pass over \(count) manifests, latency 20 ms, \(Stage.Limits().words)")
        try await withFolder { folder in
            try await runSimulator { platform, _ in
                let stage = try await Stage.make(
                    count, in: folder, platform: platform, more: "logging: {level: debug, format: json}")
                try await stage.commit(version: "v_1", bots: 0..<count, message: "begin")
                let first = try stage.ballast("reconcile")
                platform.configure { $0.latency = .milliseconds(20) }
                platform.resetCounters()
                let before = try stage.written()
                let second = try stage.ballast("reconcile")
                let counters = platform.counters
                let after = try stage.written()
                for (name, run) in [("first", first), ("second", second)] {
                    say(
                        "  \(name) pass: \(run.seconds.text(2)) s, processor \(run.processorSeconds.text(2)) s,"
                            + " \(run.peakMegabytes.text(0)) MB, status \(run.status)")
                }
                say("  against the cron script (2 s of processor time, 10,000 requests, 18 s)")
                let reads = second.performed("read").count
                claims.expect(first.status == 0 && second.status == 0, "both passes end with 0")
                claims.expect(
                    !first.performed("read").isEmpty && reads == 0, "no blob read or parsed: \(reads) readings")
                claims.expect(
                    counters.total == 1 && counters.count(.listDeployments) == 1,
                    "one request for the one environment: \(counters.total)")
                claims.expect(before == after, "nothing written: state, log and copy as before")
            }
        }
    }
}
