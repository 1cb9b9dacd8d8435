import Domain
import Synchronization

/// How often a peer may fail to sign in: a few mistakes at once, then one every few seconds. Behind a proxy all share the
/// proxy's address, so that the wait is kept short.
struct FailureBudget: Sendable {
    static let maxFailures = 10.0
    static let refillInterval = Span.seconds(6)
    /// Further peers share one budget, so that many addresses fill no memory.
    static let maxPeers = 1024
    private static let others = "others"

    private struct Left: Sendable {
        var failures: Double
        var at: Tick
    }

    private var peers: [String: Left] = [:]

    /// - Returns: how long to wait; nil: try.
    mutating func wait(_ peer: String, now: Tick) -> Span? {
        let left = refilled(key(peer), now)
        guard left < 1 else { return nil }
        return Span(milliseconds: Int64((1 - left) * Double(Self.refillInterval.milliseconds)) + 1)
    }

    mutating func failed(_ peer: String, now: Tick) {
        peers = peers.filter { one in
            Double((now - one.value.at).milliseconds) < Self.maxFailures * Double(Self.refillInterval.milliseconds)
        }
        let key = key(peer)
        peers[key] = Left(failures: max(0, refilled(key, now) - 1), at: now)
    }

    private func key(_ peer: String) -> String {
        peers[peer] != nil || peers.count < Self.maxPeers ? peer : Self.others
    }

    private func refilled(_ key: String, _ now: Tick) -> Double {
        guard let left = peers[key] else { return Self.maxFailures }
        let passed = Double(max(0, (now - left.at).milliseconds)) / Double(Self.refillInterval.milliseconds)
        return min(Self.maxFailures, left.failures + passed)
    }
}

/// The same, for requests that come at once.
final class SignInThrottle: Sendable {
    private let budget = Mutex(FailureBudget())

    func wait(_ peer: String, now: Tick) -> Span? { budget.withLock { $0.wait(peer, now: now) } }

    func failed(_ peer: String, now: Tick) { budget.withLock { $0.failed(peer, now: now) } }
}
