import Domain

/// 2. At most one deployment of a bot is in flight that we know of or could have known of.
struct SingleFlight: Checker {
    let invariant = 2
    /// When the jobs that the process knew as it sent were read at the platform, by request.
    private var looks: [Int: Int64] = [:]

    mutating func see(_ sight: Sight, in scene: Scene) -> String? {
        switch sight {
        case .sent(let sent):
            guard let key = sent.deploymentKey else { return nil }
            looks[sent.number] = scene.told.jobs[key]?.readAt ?? 0
            return nil
        case .arrived(let sent, isNew: true): return overlap(sent, scene)
        default: return nil
        }
    }

    private func overlap(_ sent: Sent, _ scene: Scene) -> String? {
        guard let key = sent.deploymentKey, let request = sent.deployment,
            let jobs = scene.platform(sent.platform)?.openJobs(of: key), jobs.count > 1
        else { return nil }
        for job in jobs where job.info.idempotencyKey != request.idempotencyKey {
            if job.request != nil {
                return "\(key): our \(job.info.jobId) was open when another deployment of ours arrived"
            }
            let isReleased = scene.journal.bots[key]?.releasedJobs.contains(job.info.jobId) ?? false
            if !isReleased, job.begunAt < looks[sent.number] ?? 0 {
                return "\(key): somebody else's \(job.info.jobId) was open, begun before our last look at jobs"
            }
        }
        return nil
    }
}
