import Domain

/// 1. Where the manifest says `selfHeal: false`, drift made on the platform is told and not undone.
struct SelfHeal: Checker {
    let invariant = 1

    func see(_ sight: Sight, in scene: Scene) -> String? {
        guard case .sent(let sent) = sight, let request = sent.deployment, let key = sent.deploymentKey,
            let spec = scene.journal.bots[key]?.declared?.manifest.spec, !spec.selfHeal,
            request.targetVersion == spec.version,
            let rollout = scene.journal.rollout(sending: request), !rollout.isFailover,
            // It was as git wants it since that version is wanted, and the process found it so.
            scene.accounts.syncs.synced[key] == spec.version,
            let look = scene.told.jobs[key], let serves = Observation.latest(in: look.jobs),
            serves.version != spec.version,
            let job = scene.platform(key.platform)?.jobs.first(where: { $0.info.jobId == serves.jobId }),
            job.request == nil
        else { return nil }
        let found = serves.version ?? "nothing"
        return "\(key): \(request.targetVersion) was sent to undo \(found), and its manifest says `selfHeal: false`"
    }
}
