import Domain
import Foundation
import Support

/// One world: commits, kills and restarts in an order that the seed gives, then a look at everything.
final class CrashCourse {
    /// Of attempts for each kill that is wanted: about every second one kills.
    static let maxAttemptsAKill = 15

    private let seed: UInt64
    private let wanted: Int
    private let plan: KillPlan
    private var random: SeededRandom
    private(set) var figures = Crash.Figures()
    /// What was done, for whoever has to understand a violation.
    private var story: [String] = []

    init(seed: UInt64, kills: Int, plan: KillPlan) {
        self.seed = seed
        wanted = kills
        self.plan = plan
        random = SeededRandom(seed: seed &* 0x2545_F491_4F6C_DD1D)
    }

    /// - Returns: what was broken, if anything.
    func run() async -> String? {
        do {
            try await World.run(bots: 2, keepsPromises: false) { world in
                do { try await play(world) } catch {
                    let kept = keep(world)
                    throw Violation("\(error)\n  seed \(seed): \(story.joined(separator: "; "))\n  kept in \(kept)")
                }
            }
            return nil
        } catch {
            return "\(error)"
        }
    }

    private func play(_ world: World) async throws {
        var attempts = 0
        while figures.kills < wanted {
            guard attempts < wanted * Self.maxAttemptsAKill else {
                throw Violation("\(attempts) attempts killed \(figures.kills) times, and \(wanted) are wanted")
            }
            try await change(world)
            for _ in 0..<(1 + random.below(3)) where figures.kills < wanted {
                attempts += 1
                if random.chance(25) { try await killServe(world) } else { try await killReconcile(world) }
            }
            // Sometimes the next commit comes before anybody could finish.
            if random.chance(75) { try await heal(world) }
        }
        try await heal(world)
        figures.commits = world.commits
        figures.inspection = try await Inspection(world: world).everything()
    }

    private func change(_ world: World) async throws {
        if world.commits > 1, random.chance(20) {
            story.append("revert")
            try await world.revertLast()
            return
        }
        let bots = random.chance(30) ? [0, 1] : [random.below(2)]
        var versions: [String] = []
        for bot in bots {
            let others = (World.good + [World.bad]).filter { $0 != world.desired[bot] }
            versions.append(random.one(of: others))
        }
        story.append("commit \(zip(bots, versions).map { "\($0)=\($1)" }.joined(separator: " "))")
        try await world.change(bots, to: versions)
    }

    private func killReconcile(_ world: World) async throws {
        let point = plan.point(&random)
        let output = try await world.ballast("reconcile", "--wait", "20s", under: point.wrapper)
        figures.restarts += 1
        story.append("reconcile at \(point) -> \(output.signal.map { "signal \($0)" } ?? "\(output.exitCode ?? -1)")")
        try count(point, output.signal, output.exitCode, "\(output)")
    }

    private func killServe(_ world: World) async throws {
        let point = plan.point(&random)
        let log = world.folder.path("serve.log")
        let offset = (try? world.folder.bytes("serve.log").count) ?? 0
        let words = point.wrapper + [try BuiltProducts.ballast(), "serve"]
        let strace = BuiltProducts.programPath(words[0]) ?? words[0]
        let started = ContinuousClock.now
        let ended = try await withProcess(
            strace, Array(words.dropFirst()), environment: world.variables, in: world.folder.path, logPath: log
        ) { process in
            // Until it is killed, or long enough to have done all that it had to.
            while ContinuousClock.now - started < .seconds(6), Self.isAlive(process.pid) {
                if world.isAsWanted, ContinuousClock.now - started > .seconds(2) { break }
                try await Task.sleep(for: .milliseconds(20))
            }
            return !Self.isAlive(process.pid)
        }
        figures.restarts += 1
        let died = ended.exitCode == nil
        story.append("serve at \(point) -> \(ended.exitCode.map { "\($0)" } ?? "signal")")
        let text = String(decoding: (try world.folder.bytes("serve.log")).dropFirst(offset), as: UTF8.self)
        if died { figures.serves += 1 }
        try count(point, died ? 9 : nil, ended.exitCode, text)
        if let code = ended.exitCode, code != 0, !ended.result {
            throw Violation("serve ended with \(code) after SIGTERM:\n\(text.suffix(2000))")
        }
    }

    /// A zombie that nobody waited for yet is dead, too.
    private static func isAlive(_ process: Int32) -> Bool {
        guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
            let end = text.lastIndex(of: ")")
        else { return false }
        return !text[text.index(after: end)...].hasPrefix(" Z")
    }

    private func count(_ point: KillPoint, _ signal: Int32?, _ code: Int32?, _ output: String) throws {
        switch (signal, code) {
        case (9, _):
            figures.kills += 1
            figures.byCall[point.call, default: 0] += 1
        case (let signal?, _): throw Violation("signal \(signal) at \(point):\n\(output.suffix(3000))")
        default:
            figures.spared += 1
            for word in ["Fatal error", "crashed", "Illegal instruction"] where output.contains(word) {
                throw Violation("\(word) at \(point):\n\(output.suffix(3000))")
            }
        }
    }

    /// Undisturbed runs until nothing is left to do.
    private func heal(_ world: World) async throws {
        var last: ProcessOutput?
        for attempt in 0..<6 {
            let output = try await world.ballast("reconcile", "--wait", "30s")
            figures.restarts += 1
            last = output
            let failsOver = world.desired.contains(World.bad)
            if output.exitCode == (failsOver ? 1 : 0), world.isAsWanted {
                story.append(attempt == 0 ? "healed" : "healed after \(attempt + 1)")
                return
            }
        }
        let serves = (0..<world.count).map { "\(world.served($0) ?? "-")" }
        throw Violation("does not converge: wants \(world.desired), serves \(serves):\n\(last.map { "\($0)" } ?? "")")
    }

    private func keep(_ world: World) -> String {
        let place = FileManager.default.temporaryDirectory.appending(path: "ballast-crash-\(seed)").path
        try? FileManager.default.removeItem(atPath: place)
        try? FileManager.default.copyItem(atPath: world.folder.path, toPath: place)
        return place
    }
}
