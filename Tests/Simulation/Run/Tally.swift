package import Domain

/// What many runs came to.
package struct Tally: Sendable {
    package private(set) var seeds = 0
    package private(set) var steps = 0
    package private(set) var elapsed: Int64 = 0
    package private(set) var crashes = 0
    package private(set) var rollouts = 0
    package private(set) var deployments = 0
    package private(set) var faults: [FaultKind: Int] = [:]
    package private(set) var outcomes: [Outcome: Int] = [:]
    package private(set) var failed: [UInt64: Violation] = [:]

    package init() {}

    package mutating func add(_ report: RunReport) {
        seeds += 1
        steps += report.steps
        elapsed += report.elapsed
        crashes += report.crashes
        rollouts += report.rollouts
        deployments += report.deployments
        for fault in report.faults.values { faults[fault.kind, default: 0] += 1 }
        outcomes.merge(report.outcomes) { $0 + $1 }
        if let violation = report.violation { failed[report.seed] = violation }
    }

    package mutating func add(_ other: Tally) {
        seeds += other.seeds
        steps += other.steps
        elapsed += other.elapsed
        crashes += other.crashes
        rollouts += other.rollouts
        deployments += other.deployments
        faults.merge(other.faults) { $0 + $1 }
        outcomes.merge(other.outcomes) { $0 + $1 }
        failed.merge(other.failed) { one, _ in one }
    }

    package func summary(took: Duration) -> String {
        let seconds = Double(took.components.seconds) + Double(took.components.attoseconds) * 1e-18
        func rounded(_ value: Double) -> String { "\((value * 10).rounded() / 10)" }
        let kinds = faults.sorted { ($0.value, $0.key.rawValue) > ($1.value, $1.key.rawValue) }
        let ends = outcomes.sorted { ($0.value, $0.key.rawValue) > ($1.value, $1.key.rawValue) }
        return """
            \(seeds) seeds, \(failed.count) failed, \(rounded(Double(elapsed) / 3_600_000)) simulated hours, \(steps) steps
            \(rollouts) rollouts (\(ends.map { "\($0.key.rawValue) \($0.value)" }.joined(separator: ", "))), \
            \(deployments) deployments sent, \(crashes) crashes
            \(faults.values.reduce(0, +)) faults: \(kinds.map { "\($0.key.rawValue) \($0.value)" }.joined(separator: ", "))
            \(rounded(seconds)) s, \(rounded(Double(seeds) / max(seconds, 0.001))) seeds/s
            """
    }
}
