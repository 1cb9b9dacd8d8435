import Domain

/// 1, 5. While a head is held, the bots that it changes pause before their POST; a rewrite holds all.
struct HeldHead: Checker {
    let invariant = 1

    func see(_ sight: Sight, in scene: Scene) -> String? {
        guard case .sent(let sent) = sight, let held = scene.accounts.head.held, let request = sent.deployment,
            let key = sent.deploymentKey, let rollout = scene.journal.rollout(sending: request), !rollout.isFailover,
            scene.accounts.head.holds(key)
        else { return nil }
        return "\(key): \(request.targetVersion) was sent while the head \(held.head.short) is held"
    }
}
