import Domain

/// 11. A rollout whose verification did not pass is never reported as a success.
struct VerifiedSuccess: Checker {
    let invariant = 11
    private var firstSeen: [String: Int64] = [:]

    mutating func see(_ sight: Sight, in scene: Scene) -> String? {
        guard case .committed(let transactions) = sight else { return nil }
        for case .rollout(let rollout) in transactions.lazy.flatMap(\.changes) {
            if firstSeen[rollout.id] == nil { firstSeen[rollout.id] = scene.elapsed }
            if rollout.outcome == .succeeded || rollout.outcome == .failedOver, let wrong = judge(rollout, scene) {
                return wrong
            }
        }
        for event in transactions.lazy.flatMap(\.events).map(\.event) where event.status == .success {
            guard let id = event.rollout?.id, let outcome = scene.journal.rollouts[id]?.outcome else { continue }
            if outcome != .succeeded { return "rollout \(id) ended as \(outcome.rawValue) and is told as a success" }
        }
        return nil
    }

    private func judge(_ rollout: Rollout, _ scene: Scene) -> String? {
        let key = rollout.key
        let target = rollout.outcome == .failedOver ? rollout.fallback ?? "" : rollout.to
        guard scene.told.served[key]?.contains(target) == true else {
            return "\(key): \(target) is told as serving, which no answer showed"
        }
        // Since the job of this target was sent, or since the rollout began.
        let since = max(firstSeen[rollout.id] ?? 0, sentAt(rollout, scene))
        let turns = scene.told.turns[key]?.filter { $0.at >= since } ?? []
        for test in rollout.settings.verify {
            let passed = turns.count { turn in
                turn.message == test.message && turn.answer.intent == test.intent
                    && turn.answer.confidence.map { $0 >= test.minConfidence } == true
                    && (turn.answer.versionId == nil || turn.answer.versionId == target)
            }
            if passed < test.require {
                return "\(key): \(target) counts as verified with \(passed) of \(test.require) turns passed"
            }
        }
        return nil
    }

    private func sentAt(_ rollout: Rollout, _ scene: Scene) -> Int64 {
        guard let id = rollout.jobIds.last,
            let job = scene.platform(rollout.key.platform)?.jobs.first(where: { $0.info.jobId == id })
        else { return 0 }
        return job.begunAt
    }
}
