import Domain
import Foundation
import Simulator

/// `swift run -c release benchmarks [revert|fleet|unchanged] [COUNT] [SLOTS]`: prints figures and ratios; judges nothing.
@main
struct Benchmarks {
    static func main() async throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        let count = arguments.dropFirst().first.flatMap { Int($0) }
        let slots = arguments.dropFirst(2).first.flatMap { Int($0) }
        switch arguments.first {
        case "revert": try await revert(times: count ?? 5)
        case "fleet": try await fleet(count ?? 1000, slots: slots ?? 50)
        case "unchanged": try await unchanged(count ?? 10_000)
        case "simulate": try await simulate(bots: count ?? 10)
        default:
            try await revert(times: 5)
            try await fleet(1000, slots: 50)
            try await fleet(1000, slots: 200)
            try await unchanged(10_000)
        }
    }

    /// A platform and a sink to try things by hand, until interrupted. Key `key`; bots `bot_0` ... with `v_0`, `v_1` (which
    /// serves), `v_2`, and `v_bad`, which fails any verification.
    static func simulate(bots count: Int) async throws {
        let bots = (0..<count).map { number in
            SimulatedBot(
                id: Stage.bot(number),
                versions: ["v_0", "v_1", "v_2"].map { SimulatedVersion(id: $0) } + [SimulatedVersion.bad("v_bad")])
        }
        let setup = SimulatorSetup(bots: bots, keys: [SimulatedKey(name: "ballast", secret: "key")])
        try await runSimulator(setup) { platform, sink in
            for number in 0..<count { platform.deployBehindGit(Stage.bot(number), version: "v_1") }
            let places = "platform \(try platform.url)\nsink \(try sink.url)\n"
            FileHandle.standardOutput.write(Data(places.utf8))
            while true { try await Task.sleep(for: .seconds(3600)) }
        }
    }

    /// A revert on a bot whose job takes 200 ms: the whole run of the binary, start and fetch included.
    static func revert(times: Int) async throws {
        var options = SimulatorOptions()
        options.queuedFor = .milliseconds(50)
        options.runningFor = .milliseconds(150)
        try await withFolder { folder in
            try await runSimulator(SimulatorSetup(options: options)) { platform, _ in
                let stage = try await Stage.make(1, in: folder, platform: platform, limits: Stage.Limits())
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
                let median = spans.sorted()[spans.count / 2]
                print("revert of a manifest commit, job of 200 ms, \(Stage.Limits().words)")
                print(
                    "  whole run, process start and fetch included: median \(median.text(3)) s of \(times)"
                        + " (least \((spans.min() ?? 0).text(3)), most \((spans.max() ?? 0).text(3)))")
                print("  against the tutorial's client (2.4 s): \((2.4 / median).text(1)) times as fast")
            }
        }
    }

    /// All bots rolled by one approved commit, 20 ms latency, jobs of 1 s.
    static func fleet(_ count: Int, slots: Int) async throws {
        var options = SimulatorOptions()
        options.queuedFor = .milliseconds(100)
        options.runningFor = .milliseconds(900)
        try await withFolder { folder in
            try await runSimulator(SimulatorSetup(options: options)) { platform, _ in
                let limits = Stage.Limits(rollouts: slots)
                let stage = try await Stage.make(count, in: folder, platform: platform, limits: limits)
                try await stage.commit(version: "v_1", bots: 0..<count, message: "begin")
                _ = try stage.ballast("reconcile")
                try await stage.commit(version: "v_0", bots: 0..<count, message: "roll all back")
                platform.configure { $0.latency = .milliseconds(20) }
                _ = try stage.ballast("reconcile")
                let approval = try stage.ballast("approve", try await stage.head(), "--reason", "benchmark")
                guard approval.status == 0 else {
                    throw Child.Failure(description: "approve ended with \(approval.status)")
                }
                platform.resetCounters()
                let run = try stage.ballast("reconcile", "--wait", "15m")
                let counters = platform.counters
                let done = stage.serving("v_0")
                let least = Double(count) / Double(slots) * (1 + 4 * 0.02)
                print("\(count) bots rolled by one approved commit, latency 20 ms, jobs of 1 s, \(limits.words)")
                print("  succeeded: \(done) of \(count), status \(run.status)")
                print(
                    "  time: \(run.seconds.text(1)) s; the slots alone need \(least.text(1)) s"
                        + " (\((run.seconds / least).text(2)) times that); processor \(run.processorSeconds.text(1)) s")
                let each = (Double(counters.total) / Double(count)).text(2)
                print(
                    "  requests: \(counters.total), \(each) a rollout;"
                        + " at most \(counters.maxInFlight) at once, at most \(counters.maxWithinSpan) in a minute")
                print("  peak memory: \(run.peakMegabytes.text(0)) MB")
            }
        }
    }

    /// The second, unchanged pass.
    static func unchanged(_ count: Int) async throws {
        try await withFolder { folder in
            try await runSimulator { platform, _ in
                let limits = Stage.Limits()
                let stage = try await Stage.make(count, in: folder, platform: platform, limits: limits)
                try await stage.commit(version: "v_1", bots: 0..<count, message: "begin")
                let first = try stage.ballast("reconcile")
                platform.configure { $0.latency = .milliseconds(20) }
                platform.resetCounters()
                let before = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/ballast.db")).count
                let second = try stage.ballast("reconcile")
                let counters = platform.counters
                let after = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/ballast.db")).count
                print("unchanged pass over \(count) manifests, latency 20 ms, \(limits.words)")
                print(
                    "  first pass: \(first.seconds.text(2)) s, processor \(first.processorSeconds.text(2)) s, "
                        + "\(first.peakMegabytes.text(0)) MB, status \(first.status)")
                print(
                    "  second pass: \(second.seconds.text(2)) s, processor \(second.processorSeconds.text(2)) s, "
                        + "\(second.peakMegabytes.text(0)) MB, status \(second.status), requests \(counters.total), "
                        + "state \(before) bytes before and \(after) after")
            }
        }
    }
}
