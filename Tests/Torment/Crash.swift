import Foundation
import Support

/// N kills, a few in each of many worlds, some worlds at once.
struct Crash {
    var kills: Int
    var killsAWorld: Int
    var jobs: Int
    var seed: UInt64
    /// Of an earlier run; nil: found out.
    var plan: KillPlan?

    func run() async throws -> Bool {
        let started = ContinuousClock.now
        let plan = if let plan { plan } else { try await calibrated() }
        say("seed \(seed); one run enters, in one thread at most: \(plan.description)")
        var figures = Figures()
        var violations: [String] = []
        let worlds = (kills + killsAWorld - 1) / killsAWorld
        try await withThrowingTaskGroup(of: (UInt64, Int, Figures, String?).self) { group in
            var next = 0
            func begin() {
                guard next < worlds else { return }
                let number = seed &+ UInt64(next)
                let count = min(killsAWorld, kills - next * killsAWorld)
                next += 1
                group.addTask {
                    let course = CrashCourse(seed: number, kills: count, plan: plan)
                    let violation = await course.run()
                    return (number, count, course.figures, violation)
                }
            }
            for _ in 0..<jobs { begin() }
            while let (number, count, found, violation) = try await group.next() {
                figures.add(found)
                if let violation {
                    violations.append(violation)
                    say("world \(number) VIOLATION: \(violation)")
                    say("  replay: " + Self.replay(number, kills: count, plan))
                } else {
                    say("world \(number): \(found.line)")
                }
                begin()
            }
        }
        let seconds = (ContinuousClock.now - started) / .seconds(1)
        say(figures.table)
        say(
            "\((seconds * 10).rounded() / 10) s, \((seconds * 1000 / Double(max(figures.kills, 1))).rounded()) ms a kill; "
                + (violations.isEmpty ? "every promise was kept" : "\(violations.count) worlds with a broken promise"))
        if figures.kills < kills { say("only \(figures.kills) of \(kills) kills came to pass") }
        return violations.isEmpty && figures.kills >= kills
    }

    /// The same commits, and the same points as long as each kills as it did.
    private static func replay(_ world: UInt64, kills: Int, _ plan: KillPlan) -> String {
        "swift run torment crash --seed \(world) --kills \(kills) --kills-a-world \(kills) --plan '\(plan.description)'"
    }

    /// The second run is the one that is like the others: the first makes the state and the copy of the repository, and
    /// goes where no later one comes.
    private func calibrated() async throws -> KillPlan {
        try await World.run(bots: 2, keepsPromises: false) { world in
            let trace = world.folder.path("trace")
            let first = try await world.ballast("reconcile", "--wait", "30s")
            guard first.exitCode == 0 else { throw Violation("the undisturbed run ended with \(first)") }
            try await world.change([0, 1], to: [World.good[1], World.bad])
            let second = try await world.ballast("reconcile", "--wait", "30s", under: KillPlan.tracing(to: trace))
            guard second.exitCode == 1, world.isAsWanted else {
                throw Violation("the undisturbed run ended with \(second)")
            }
            return try KillPlan(trace: try world.folder.read("trace"))
        }
    }

    struct Figures: Sendable {
        var kills = 0
        var byCall: [String: Int] = [:]
        /// A git worker was killed, or the point was never reached.
        var spared = 0
        var restarts = 0
        var serves = 0
        var commits = 0
        var inspection = Inspection.Figures()

        mutating func add(_ other: Figures) {
            kills += other.kills
            byCall.merge(other.byCall, uniquingKeysWith: +)
            spared += other.spared
            restarts += other.restarts
            serves += other.serves
            commits += other.commits
            inspection.add(other.inspection)
        }

        var line: String {
            "\(kills) kills, \(spared) spared, \(commits) commits, \(inspection.line)"
        }

        var table: String {
            """
            kills of the main process          \(kills) (\(serves) of them under serve); by call: \
            \(byCall.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.key) \($0.value)" }.joined(separator: ", "))
            a worker was killed, or no thread came so far   \(spared)
            restarts                           \(restarts)
            commits                            \(commits)
            deployments                        \(inspection.jobs); two of one key 0, two of one bot at once 0
            rollouts                           \(inspection.rollouts); each with one start and one end
            audit records                      \(inspection.records); lost 0, repeated 0; \(inspection.notes) outcomes on their commits
            events                             \(inspection.events); lost 0, out of order 0; delivered again \(inspection.repeats)
            """
        }
    }
}
