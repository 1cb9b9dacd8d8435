import Domain

/// 3. What a rollout adopts is its own: a job with its key, or one that was not there when it looked before its POST.
struct AdoptsItsOwn: Checker {
    let invariant = 3
    /// When the look at jobs before the last POST was read at the platform.
    private var lookedAt: [BotKey: Int64] = [:]
    private var known: [String: Int] = [:]

    mutating func see(_ sight: Sight, in scene: Scene) -> String? {
        switch sight {
        case .sent(let sent):
            if let key = sent.deploymentKey { lookedAt[key] = scene.told.jobs[key]?.readAt ?? 0 }
        case .committed(let transactions):
            for case .rollout(let rollout) in transactions.lazy.flatMap(\.changes) {
                if let wrong = note(rollout, scene) { return wrong }
            }
        default: break
        }
        return nil
    }

    private mutating func note(_ rollout: Rollout, _ scene: Scene) -> String? {
        let before = known.updateValue(rollout.jobIds.count, forKey: rollout.id) ?? 0
        guard rollout.adopts == nil, rollout.jobIds.count > before, let id = rollout.jobIds.last,
            let job = scene.platform(rollout.key.platform)?.jobs.first(where: { $0.info.jobId == id }),
            job.info.idempotencyKey?.hasPrefix("\(scene.keyPrefix)-\(rollout.id)-") != true,
            let looked = lookedAt[rollout.key], job.begunAt < looked
        else { return nil }
        return "\(rollout.key): adopts \(id), which is not its own and was there before its POST"
    }
}
