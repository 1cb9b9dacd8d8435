import Foundation
import Simulator

extension Benchmarks {
    static let maxIdleShare = 0.01
    static let maxIdleMegabytes = 100.0

    /// A daemon with nothing to do, at the default intervals and limits; then full passes without a pause between them, which
    /// the default limit of requests would hold back to ten a second.
    static func idle(_ count: Int, minutes: Int, passes: Int, _ claims: Claims) async throws {
        if minutes > 0 {
            let usual = Stage.Limits(requests: 600, concurrentRequests: 16, rollouts: 16)
            try await withFleetAtRest(count, usual, claims) { try await quiet($0, minutes: minutes, claims) }
        }
        if passes > 0 {
            try await withFleetAtRest(count, Stage.Limits(), claims) { try await soak($0, passes: passes, claims) }
        }
    }

    private static func withFleetAtRest(
        _ count: Int, _ limits: Stage.Limits, _ claims: Claims, _ body: (Stage) async throws -> Void
    ) async throws {
        try await withFolder { folder in
            try await runSimulator { platform, _ in
                let stage = try await Stage.make(
                    count, in: folder, platform: platform, limits: limits,
                    more: "logging: {level: info, format: json}\nserver: {port: 0}")
                try await stage.commit(version: "v_1", bots: 0..<count, message: "begin")
                say("idle daemon, \(count) bots, a look a minute, a full pass every 5 minutes, \(limits.words)")
                // The first pass writes 10,000 bots; what is measured is the daemon that finds them.
                let first = try stage.ballast("reconcile")
                claims.expect(first.status == 0, "the first pass ended with \(first.status)")
                try await body(stage)
            }
        }
    }

    private static func quiet(_ stage: Stage, minutes: Int, _ claims: Claims) async throws {
        let daemon = try await Daemon(stage)
        try await Task.sleep(for: .seconds(5))
        let processor = daemon.processorSeconds
        stage.platform.resetCounters()
        try await Task.sleep(for: .seconds(minutes * 60))
        let share = (daemon.processorSeconds - processor) / Double(minutes * 60)
        let memory = daemon.residentMegabytes
        say(
            "  \(minutes) min: \((share * 100).text(2)) % of a core, git workers included; \(memory.text(1)) MB resident,"
                + " its two git workers \(daemon.workerMegabytes.text(1)) MB; \(stage.platform.counters.total) requests"
        )
        claims.expect(share < maxIdleShare, "under 1 % of a core")
        claims.expect(memory < maxIdleMegabytes, "under \(maxIdleMegabytes.text(0)) MB resident")
        let status = try daemon.stop()
        claims.expect(status == 0, "the daemon ended with \(status)")
    }

    private static func soak(_ stage: Stage, passes: Int, _ claims: Claims) async throws {
        let child = try Child.run("/proc/self/exe", ["passes", stage.configuration, "\(passes)"], in: stage.folder)
        let marks = child.output.split(separator: "\n").compactMap { PassMark(String($0)) }
        guard child.status == 0, let last = marks.last, marks.count > 3 else {
            return claims.expect(false, "passes ended with \(child.status): \(child.output)")
        }
        for mark in marks {
            say("  after \(mark.pass) passes: \(mark.megabytes.text(1)) MB, \(mark.descriptors) descriptors")
        }
        say("  \((child.processorSeconds * 1000 / Double(last.pass)).text(2)) ms of processor time a pass")
        // The first tenth fills caches and pools.
        let early = marks[1]
        claims.expect(last.megabytes - early.megabytes < 4, "no growth in memory from pass \(early.pass) on")
        claims.expect(last.descriptors <= early.descriptors, "no growth in descriptors")
    }
}

/// One line of what the passes tell of themselves.
struct PassMark {
    var pass: Int
    var megabytes: Double
    var descriptors: Int

    init(pass: Int) {
        self.pass = pass
        megabytes = ProcessFigures.residentMegabytes(of: getpid())
        descriptors = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count) ?? 0
    }

    init?(_ line: String) {
        let words = line.split(separator: " ")
        guard words.count == 4, words[0] == "pass", let pass = Int(words[1]), let megabytes = Double(words[2]),
            let descriptors = Int(words[3])
        else { return nil }
        (self.pass, self.megabytes, self.descriptors) = (pass, megabytes, descriptors)
    }

    var line: String { "pass \(pass) \(megabytes) \(descriptors)" }
}
