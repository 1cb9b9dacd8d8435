import Domain

/// 11, from the other side: what proved nothing is no failed verification either; a failover has a failed job or a failed turn.
struct FailoverHasACause: Checker {
    let invariant = 11
    private var firstSeen: [String: Int64] = [:]
    private var judged: Set<String> = []

    mutating func see(_ sight: Sight, in scene: Scene) -> String? {
        guard case .committed(let transactions) = sight else { return nil }
        for case .rollout(let rollout) in transactions.lazy.flatMap(\.changes) {
            if firstSeen[rollout.id] == nil { firstSeen[rollout.id] = scene.elapsed }
            guard rollout.isFailover, judged.insert(rollout.id).inserted, rollout.primary.jobFailure == nil else {
                continue
            }
            let turns = scene.told.turns[rollout.key]?.filter { $0.at >= firstSeen[rollout.id] ?? 0 } ?? []
            let hasFailed = rollout.settings.verify.contains { test in
                turns.contains { $0.message == test.message && $0.answer.fails(test, rollout.to) }
            }
            if !hasFailed { return "\(rollout.key): fails over from \(rollout.to), of which no turn failed" }
        }
        return nil
    }
}
