import Domain

/// Makes a failing run small enough to be read: without whatever happenings, changes and faults it fails without, too.
package struct Shrinker {
    package var world: World
    package var faults: FaultPlan.List
    package var violation: Violation
    /// Runs that may be made.
    package var budget = 600
    package private(set) var runs = 0
    private let sabotage: Sabotage?
    private let watched: Set<Int>

    /// - Parameter report: of a run of that world that failed, in which these invariants were watched.
    package init?(
        _ world: World, _ report: RunReport, sabotage: Sabotage? = nil, watching invariants: Set<Int> = []
    ) {
        guard let violation = report.violation else { return nil }
        self.world = world
        self.violation = violation
        faults = report.faults
        self.sabotage = sabotage
        watched = invariants
    }

    package mutating func shrink() async {
        cutTheEnd()
        for _ in 0..<2 {
            await shrinkHappenings()
            await shrinkChanges()
            await shrinkFaults()
        }
        await shrinkSettings()
    }

    /// Keeps a smaller run where it fails in the same way.
    private mutating func keep(_ world: World, _ faults: FaultPlan.List) async -> Bool {
        runs += 1
        let report = await Runner.run(world, faults: faults, sabotage: sabotage, watching: watched, name: "shrink")
        guard let found = report.violation, found.isLike(violation) else { return false }
        self.world = world
        self.faults = faults
        violation = found
        return true
    }

    private mutating func cutTheEnd() {
        let end = violation.at
        world.happenings.removeAll { $0.at > end }
    }

    private mutating func shrinkHappenings() async {
        var trial = self
        let all = world.happenings
        _ = await DeltaDebugging.minimal(Array(all.indices), budget: &budget) { kept in
            var smaller = trial.world
            smaller.happenings = kept.map { all[$0] }
            return await trial.keep(smaller, trial.faults)
        }
        take(trial)
    }

    private struct Place: Sendable {
        var happening: Int
        var bot: Int
    }

    /// Of commits that change several bots.
    private mutating func shrinkChanges() async {
        var trial = self
        let all = world
        var places: [Place] = []
        for (index, timed) in all.happenings.enumerated() {
            guard case .commit(let changes, _) = timed.what else { continue }
            places += changes.keys.sorted().map { Place(happening: index, bot: $0) }
        }
        _ = await DeltaDebugging.minimal(places, budget: &budget) { kept in
            var smaller = all
            for index in smaller.happenings.indices {
                guard case .commit(let changes, let isSigned) = smaller.happenings[index].what else { continue }
                let bots = Set(kept.filter { $0.happening == index }.map(\.bot))
                smaller.happenings[index].what = .commit(changes.filter { bots.contains($0.key) }, isSigned: isSigned)
            }
            return await trial.keep(smaller, trial.faults)
        }
        take(trial)
    }

    private mutating func shrinkFaults() async {
        var trial = self
        let all = faults
        _ = await DeltaDebugging.minimal(all.keys.sorted(), budget: &budget) { kept in
            let fewer = all.filter { kept.contains($0.key) }
            return await trial.keep(trial.world, fewer)
        }
        take(trial)
    }

    /// What a manifest says beyond its version, sinks, and what is configured unlike the default.
    private mutating func shrinkSettings() async {
        var simpler = world
        simpler.configuration.notifications = []
        _ = await keep(simpler, faults)
        let changes: [(inout Manifest.Spec) -> Void] = [
            { $0.guards.windows = [] }, { $0.guards.cooldown = .zero }, { $0.guards.maxActiveSessions = 0 },
            { $0.guards.validateDependencies = true }, { $0.guards.requirePublished = true }, { $0.verify = [] },
            { $0.fallbackVersion = nil }, { $0.onFailure = .failover }, { $0.selfHeal = true },
        ]
        for change in changes {
            var simpler = world
            for index in simpler.happenings.indices {
                guard case .commit(var all, let isSigned) = simpler.happenings[index].what else { continue }
                for (bot, one) in all {
                    guard case .manifest(var spec) = one else { continue }
                    change(&spec)
                    all[bot] = .manifest(spec)
                }
                simpler.happenings[index].what = .commit(all, isSigned: isSigned)
            }
            if simpler != world { _ = await keep(simpler, faults) }
        }
    }

    private mutating func take(_ trial: Shrinker) {
        let left = budget
        self = trial
        budget = left
    }

    /// What is left, to be read.
    package func story() async -> [String] {
        let report = await Runner.run(
            world, faults: faults, sabotage: sabotage, watching: watched, isTold: true, name: "story")
        var lines = ["seed \(world.seed): \(violation)", "", "The world:"]
        let named = Set(world.happenings.flatMap { Story.bots(of: $0.what) })
        for (index, bot) in world.bots.enumerated() where named.contains(index) { lines.append("  " + Story.of(bot)) }
        lines += Story.of(world.configuration)
        lines.append(
            "\(faults.count) faults: \(faults.sorted { $0.key < $1.key }.map { Story.of($0.key, $0.value) }.joined(separator: ", "))"
        )
        lines.append("")
        lines += report.story
        return lines
    }
}
