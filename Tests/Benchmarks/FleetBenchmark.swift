import Domain
import Simulator

extension Benchmarks {
    /// All bots rolled by one approved commit, 20 ms latency, jobs of 1 s. The simulator enforces the rate limit itself, and
    /// its book shows how many requests and jobs there were at once.
    static func fleet(_ count: Int, _ limits: Stage.Limits, _ claims: Claims) async throws {
        var options = SimulatorOptions()
        options.queuedFor = .milliseconds(100)
        options.runningFor = .milliseconds(900)
        say("\(count) bots rolled by one approved commit, latency 20 ms, jobs of 1 s, \(limits.words)")
        try await withFolder { folder in
            try await runSimulator(SimulatorSetup(options: options)) { platform, _ in
                let stage = try await Stage.make(count, in: folder, platform: platform, limits: limits)
                try await stage.commit(version: "v_1", bots: 0..<count, message: "begin")
                _ = try stage.ballast("reconcile")
                try await stage.commit(version: "v_0", bots: 0..<count, message: "roll all back")
                _ = try stage.ballast("reconcile")
                let approval = try stage.ballast("approve", try await stage.head(), "--reason", "benchmark")
                guard approval.status == 0 else {
                    throw Child.Failure(description: "approve ended with \(approval.status)")
                }
                let rate = SimulatorOptions.RateLimit(requests: limits.requests, per: .minutes(1))
                platform.configure {
                    $0.latency = .milliseconds(20)
                    $0.rateLimit = rate
                }
                platform.resetCounters()
                let before = platform.jobs().count
                let run = try stage.ballast("reconcile", "--wait", "60m")
                let fleet = FleetFigures(
                    count: count, limits: limits, run: run, counters: platform.counters,
                    jobs: Array(platform.jobs().dropFirst(before)), succeeded: stage.serving("v_0"))
                fleet.show(claims)
            }
        }
    }
}

struct FleetFigures {
    let count: Int
    let limits: Stage.Limits
    let run: Child
    let counters: RequestCounters
    let jobs: [SimulatedJob]
    let succeeded: Int

    static let jobSeconds = 1.0
    static let latencySeconds = 0.02
    static let maxMegabytes = 150.0

    /// A slot is held for the POST, the job, one look that sees its end, and the verification.
    var slotSeconds: Double {
        (Double(count) / Double(limits.rollouts)).rounded(.up) * (Self.jobSeconds + 3 * Self.latencySeconds)
    }
    /// Within no minute more than the limit.
    var rateSeconds: Double { Double((counters.total - 1) / limits.requests) * 60 }
    var connectionSeconds: Double {
        Double(counters.total) * Self.latencySeconds / Double(limits.concurrentRequests)
    }
    var leastSeconds: Double { max(slotSeconds, rateSeconds, connectionSeconds) }

    /// Jobs that ran at the same time, at most.
    var maxJobsAtOnce: Int {
        let length = Int64(Self.jobSeconds * 1000)
        let starts = jobs.map(\.createdAt.milliseconds).sorted()
        var oldest = 0
        var most = 0
        for (number, start) in starts.enumerated() {
            while starts[oldest] <= start - length { oldest += 1 }
            most = max(most, number - oldest + 1)
        }
        return most
    }

    func show(_ claims: Claims) {
        say(
            "  time \(run.seconds.text(1)) s; least that slots allow \(slotSeconds.text(1)), rate limit"
                + " \(rateSeconds.text(0)), connections \(connectionSeconds.text(1)) s:"
                + " \((run.seconds / leastSeconds).text(2)) times the least; processor \(run.processorSeconds.text(1)) s,"
                + " \((run.processorSeconds * 1000 / Double(count)).text(1)) ms a rollout")
        let kinds = counters.byOperation.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
        say(
            "  requests \(counters.total), \((Double(counters.total) / Double(count)).text(2)) a rollout"
                + " (\(kinds.joined(separator: ", ")))")
        say(
            "  at once: requests \(counters.maxInFlight), jobs \(maxJobsAtOnce); in a minute: \(counters.maxWithinSpan) requests;"
                + " peak memory \(run.peakMegabytes.text(0)) MB")
        claims.expect(run.status == 0 && succeeded == count, "\(succeeded) of \(count) succeeded, status \(run.status)")
        claims.expect(jobs.count == count, "\(jobs.count) jobs for \(count) rollouts")
        claims.expect(counters.maxInFlight <= limits.concurrentRequests, "maxConcurrentRequests respected")
        claims.expect(
            counters.count(status: 429) == 0 && counters.maxWithinSpan <= limits.requests,
            "rateLimit respected: \(counters.count(status: 429)) requests refused by the platform")
        claims.expect(maxJobsAtOnce <= limits.rollouts, "maxConcurrentRollouts respected")
        claims.expect(run.peakMegabytes < Self.maxMegabytes, "under \(Self.maxMegabytes.text(0)) MB")
    }
}
