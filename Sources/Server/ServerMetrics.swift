package import Domain
import Synchronization

/// What this process counted; the rest of `/metrics` is read from the state when it is asked for.
package final class ServerMetrics: Sendable {
    struct Counts: Sendable {
        var hooks: [String: [String: Int]] = [:]
        var rollouts: [String: [String: Int]] = [:]
        var rolloutSeconds = HistogramCounts(bounds: [1, 2, 5, 10, 30, 60, 120, 300, 600, 1800])
    }

    private let counts = Mutex(Counts())

    func count(hook provider: ServerSettings.Provider, _ result: String) {
        counts.withLock { $0.hooks[provider.rawValue, default: [:]][result, default: 0] += 1 }
    }

    /// - Parameter event: one that was stored.
    package func count(_ event: Event) {
        guard let rollout = event.rollout, let outcome = rollout.outcome, event.type == "rollout.\(outcome.rawValue)"
        else { return }
        counts.withLock { counts in
            counts.rollouts[rollout.direction.rawValue, default: [:]][outcome.rawValue, default: 0] += 1
            guard let ended = rollout.endedAt else { return }
            counts.rolloutSeconds.add(Double(ended.milliseconds - rollout.startedAt.milliseconds) / 1000)
        }
    }

    var snapshot: Counts { counts.withLock { $0 } }
}

/// How many values were at most each bound.
struct HistogramCounts: Sendable {
    let bounds: [Double]
    private(set) var counts: [Int]
    private(set) var sum = 0.0
    private(set) var total = 0

    init(bounds: [Double]) {
        self.bounds = bounds
        counts = bounds.map { _ in 0 }
    }

    mutating func add(_ value: Double) {
        sum += value
        total += 1
        for index in bounds.indices where value <= bounds[index] { counts[index] += 1 }
    }
}
