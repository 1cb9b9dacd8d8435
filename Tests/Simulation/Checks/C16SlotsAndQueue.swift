import Domain

/// 16. No more rollouts have a slot than there are, and none stays in the queue while nobody is ahead of it.
struct SlotsAndQueue: Checker {
    let invariant = 16
    private var plannedSince: [String: Int64] = [:]
    private var startedAt: Int64 = 0
    private var isStopping = false

    /// A start waits so long at most for its first look.
    static let patience: Int64 = 30_000

    mutating func see(_ sight: Sight, in scene: Scene) -> String? {
        switch sight {
        case .started: (startedAt, isStopping) = (scene.elapsed, false)
        case .happened(.stopped): isStopping = true
        case .committed(let transactions):
            var isMoved = false
            for case .rollout(let rollout) in transactions.lazy.flatMap(\.changes) {
                isMoved = true
                if rollout.phase != .planned {
                    plannedSince[rollout.id] = nil
                } else if plannedSince[rollout.id] == nil {
                    plannedSince[rollout.id] = scene.elapsed
                }
            }
            return isMoved ? judge(scene) : nil
        default: break
        }
        return nil
    }

    private func judge(_ scene: Scene) -> String? {
        let open = scene.journal.open.sorted().compactMap { scene.journal.rollouts[$0] }
        let slots = scene.world.configuration.reconcile.maxConcurrentRollouts
        let holders = open.count { $0.hasSlot }
        if holders > slots { return "\(holders) rollouts have a slot, and there are \(slots)" }
        guard !isStopping, scene.elapsed > startedAt + Self.patience else { return nil }
        for rollout in open where rollout.phase == .planned {
            guard let since = plannedSince[rollout.id], scene.elapsed > since + Self.patience else { continue }
            let ahead = open.count {
                $0.key.platform == rollout.key.platform && $0.phase != .planned && $0.leg.asking != nil
            }
            if ahead < slots * RolloutQueue.preparingPerSlot {
                return
                    "\(rollout.key): a rollout stays in the queue for \(scene.elapsed - since) ms behind \(ahead) others"
            }
        }
        return nil
    }
}
