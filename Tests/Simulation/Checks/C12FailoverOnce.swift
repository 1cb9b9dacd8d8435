import Domain

/// 12. A failover happens in the failed environment, once, and is tracked like any rollout.
struct FailoverOnce: Checker {
    let invariant = 12
    private var targets: [String: String] = [:]
    private var jobs: [String: Int] = [:]

    mutating func see(_ sight: Sight, in scene: Scene) -> String? {
        switch sight {
        case .sent(let sent):
            guard let request = sent.deployment, let rollout = scene.journal.rollout(sending: request) else {
                return nil
            }
            guard request.environment == rollout.key.environment, request.botId == rollout.key.botId,
                sent.platform == rollout.key.platform
            else { return "rollout \(rollout.id) of \(rollout.key) sent to \(sent.deploymentKey?.description ?? "?")" }
            guard scene.bot(rollout.key)?.version(request.targetVersion) != nil else {
                return "\(rollout.key): \(request.targetVersion) is no version of this environment"
            }
            guard rollout.isFailover else { return nil }
            if request.targetVersion == rollout.to {
                return "\(rollout.key): the failover brings the version that failed"
            }
            if let before = targets[rollout.id], before != request.targetVersion {
                return "rollout \(rollout.id) fails over twice, to \(before) and to \(request.targetVersion)"
            }
            targets[rollout.id] = request.targetVersion
        case .arrived(let sent, isNew: true):
            // Without jobs, one that came to nothing cannot be told from one that was never begun.
            guard let key = sent.deployment?.idempotencyKey, scene.world.capabilities[sent.platform]?.jobs != false
            else { return nil }
            // PREFIX-ROLLOUT-LEG-ATTEMPT: one job a leg.
            let leg = key.split(separator: "-").dropLast().joined(separator: "-")
            jobs[leg, default: 0] += 1
            if jobs[leg] ?? 0 > 1 { return "the leg \(leg.suffix(20)) made two jobs" }
        default: break
        }
        return nil
    }
}
