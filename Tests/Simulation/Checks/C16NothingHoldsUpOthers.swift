import Domain

/// 16. Waiting for anything never holds up another bot or a newer commit.
struct NothingHoldsUpOthers: Checker {
    let invariant = 16

    mutating func see(_ sight: Sight, in scene: Scene) -> String? {
        guard case .committed(let transactions) = sight else { return nil }
        let changes = transactions.lazy.flatMap(\.changes)
        guard
            changes.contains(where: { if case .source = $0 { true } else if case .rollout = $0 { true } else { false } }
            )
        else { return nil }
        for id in scene.journal.open.sorted() {
            guard let rollout = scene.journal.rollouts[id], !rollout.isFailover, rollout.adopts == nil,
                [.planned, .guarding, .draining, .verifying].contains(rollout.phase),
                let record = scene.journal.bots[rollout.key],
                record.pending == nil, record.frozen == nil, let wanted = scene.declared(rollout.key)?.spec.version
            else { continue }
            if rollout.to != wanted, rollout.to != record.meant?.version {
                return
                    "\(rollout.key): a rollout to \(rollout.to) goes on waiting though the accepted head wants \(wanted)"
            }
            guard rollout.phase != .verifying else { continue }
            // Waiting holds no slot: what is asked just before the POST is all that is done with one.
            if rollout.hasSlot, rollout.leg.asking == nil {
                return "\(rollout.key): a rollout that waits holds a slot"
            }
        }
        return nil
    }
}
