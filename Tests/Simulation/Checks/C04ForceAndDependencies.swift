import Domain

/// 4. `force` is never true (it is no field of a request); `validateDependencies` is false only where the manifest's commit
/// says so.
struct ForceAndDependencies: Checker {
    let invariant = 4

    func see(_ sight: Sight, in scene: Scene) -> String? {
        guard case .sent(let sent) = sight, let request = sent.deployment, !request.validateDependencies,
            let key = sent.deploymentKey, let rollout = scene.journal.rollout(sending: request),
            let bot = scene.bot(key)
        else { return nil }
        let manifest = scene.branch.manifest(bot.path, at: rollout.provenance.commit)
        guard manifest?.spec.guards.validateDependencies == false else {
            return "\(key): dependencies are not validated though \(rollout.provenance.commit.short) does not say so"
        }
        return nil
    }
}
