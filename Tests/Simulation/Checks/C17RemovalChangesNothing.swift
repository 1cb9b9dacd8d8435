import Domain

/// 17. Removing a manifest changes nothing on the platform; nor does one that turned invalid.
struct RemovalChangesNothing: Checker {
    let invariant = 17

    func see(_ sight: Sight, in scene: Scene) -> String? {
        guard case .sent(let sent) = sight, let request = sent.deployment, let key = sent.deploymentKey,
            let rollout = scene.journal.rollout(sending: request), !rollout.isFailover, scene.declared(key) == nil
        else { return nil }
        return
            "\(key): \(request.targetVersion) was sent though the accepted head has no manifest of it that can be read"
    }
}
