import Domain

/// 16. Waiting for sessions lasts `drainTimeout` of elapsed time: no shorter, whatever the wall clock does, and no longer,
/// however often the process starts anew.
struct DrainClock: Checker {
    let invariant = 16
    private struct Account {
        /// When sessions stopped it first.
        var firstStop: Tick
        var seenAt: Tick
        var wasWaiting = false
        /// Milliseconds of waiting for nothing but sessions.
        var waited: Int64 = 0
    }

    private var accounts: [String: Account] = [:]
    private var startedAt: Int64 = 0

    /// Beyond the timeout: for the look itself, and after a start for the look at the branch.
    static let slack: Int64 = 60_000
    static let startSlack: Int64 = 30_000

    mutating func see(_ sight: Sight, in scene: Scene) -> String? {
        switch sight {
        case .started: startedAt = scene.elapsed
        case .committed(let transactions):
            for case .rollout(let rollout) in transactions.lazy.flatMap(\.changes) {
                if let wrong = note(rollout, scene) { return "\(rollout.key): \(wrong)" }
            }
        default: break
        }
        return nil
    }

    private mutating func note(_ rollout: Rollout, _ scene: Scene) -> String? {
        guard !rollout.isFailover else { return nil }
        let tick = scene.now.tick
        let timeout = rollout.settings.guards.drainTimeout.milliseconds
        let isStopped = rollout.guards.contains { $0.guard == .sessions && !$0.passes && !$0.waived }
        if accounts[rollout.id] == nil, isStopped { accounts[rollout.id] = Account(firstStop: tick, seenAt: tick) }
        guard var account = accounts[rollout.id] else { return nil }
        if rollout.hasEnded {
            accounts[rollout.id] = nil
            let waited = (tick - account.firstStop).milliseconds
            guard rollout.outcome == .blocked, rollout.message.contains("drainTimeout"), waited < timeout else {
                return nil
            }
            return "sessions blocked \(rollout.to) after \(waited) ms, and drainTimeout is \(timeout) ms"
        }
        if account.wasWaiting { account.waited += max(0, (tick - account.seenAt).milliseconds) }
        let leg = rollout.primary
        let isResting = leg.asking == nil && leg.next == .sessions
        account.wasWaiting =
            rollout.phase == .draining && isStopped && (isResting || (leg.asking == .sessions && !rollout.hasSlot))
        account.seenAt = tick
        accounts[rollout.id] = account
        guard account.wasWaiting, isResting, scene.elapsed > startedAt + Self.startSlack,
            account.waited > timeout + Self.slack
        else { return nil }
        return "\(rollout.to) waits for sessions for \(account.waited) ms, and drainTimeout is \(timeout) ms"
    }
}
