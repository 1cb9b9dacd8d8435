package import Domain
package import Reconciler
import Synchronization

/// What this process counted; the rest of `/metrics` is read from the state when it is asked for.
package final class ServerMetrics: Sendable {
    /// Bots whose conversations are remembered; only those that a rollout waits for are ever asked for.
    static let maxSessionCounts = 10_000

    struct Counts: Sendable {
        /// By provider and result.
        var hooks = Counters()
        /// By direction and outcome.
        var rollouts = Counters()
        /// By operation and code.
        var requests = Counters()
        /// By sink and result.
        var deliveries = Counters()
        var fetchFailures = 0
        var lostPushes = 0
        var throttledSeconds = 0.0
        var rolloutSeconds = Histogram(bounds: [1, 2, 5, 10, 30, 60, 120, 300, 600, 1800])
        var triggerSeconds = Histogram(bounds: [0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300])
        var passSeconds = Histogram(bounds: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60, 300])
        var fetchSeconds = Histogram(bounds: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60, 300])
        var confidence = Histogram(bounds: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 1])
        var turnSeconds = Histogram(bounds: [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30])
        /// By platform, environment and bot id.
        var sessions: [[String]: Int] = [:]
    }

    private let counts = Mutex(Counts())

    func count(hook provider: ServerSettings.Provider, _ result: String) {
        counts.withLock { $0.hooks.add([provider.rawValue, result]) }
    }

    /// - Parameter event: one that was stored.
    package func count(_ event: Event) {
        guard let rollout = event.rollout, let outcome = rollout.outcome, event.type == "rollout.\(outcome.rawValue)"
        else { return }
        counts.withLock { counts in
            counts.rollouts.add([rollout.direction.rawValue, outcome.rawValue])
            guard let ended = rollout.endedAt else { return }
            counts.rolloutSeconds.add(Double(ended.milliseconds - rollout.startedAt.milliseconds) / 1000)
        }
    }

    package func count(_ measurement: Measurement) {
        counts.withLock { counts in
            switch measurement {
            case .fetched(let seconds, let failed):
                counts.fetchSeconds.add(seconds)
                if failed { counts.fetchFailures += 1 }
            case .requested(let operation, let code): counts.requests.add([operation, code])
            case .throttled(let seconds): counts.throttledSeconds += seconds
            case .tested(let confidence, let seconds):
                counts.turnSeconds.add(seconds)
                if let confidence { counts.confidence.add(confidence) }
            case .sessions(let feed, let bot, let count, let page):
                let key = [feed.platform, feed.environment, bot]
                let known = page > 1 ? counts.sessions[key] ?? 0 : 0
                guard counts.sessions[key] != nil || counts.sessions.count < Self.maxSessionCounts else { return }
                counts.sessions[key] = known + count
            case .delivered(let sink, let result): counts.deliveries.add([sink, result])
            case .notesPushLost: counts.lostPushes += 1
            case .passed(let seconds): counts.passSeconds.add(seconds)
            case .triggered(let seconds): counts.triggerSeconds.add(seconds)
            }
        }
    }

    var snapshot: Counts { counts.withLock { $0 } }
}

/// Counts by the values of their labels.
struct Counters: Sendable {
    private(set) var values: [[String]: Int] = [:]

    mutating func add(_ labels: [String]) { values[labels, default: 0] += 1 }
}

/// How many values were at most each bound.
struct Histogram: Sendable {
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
