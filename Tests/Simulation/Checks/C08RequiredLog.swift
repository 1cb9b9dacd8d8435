import Domain

/// 8. With `audit.required` no rollout sends anything while a record cannot be written to the log. A failover is the end of
/// one that was admitted already, and so is a request that is sent again because its credentials were old.
struct RequiredLog: Checker {
    let invariant = 8
    /// What the last append that was answered said.
    private var failure: String?
    private var renewed: Set<BotKey> = []

    mutating func see(_ sight: Sight, in scene: Scene) -> String? {
        switch sight {
        case .told(.logAppended(let failure), _): self.failure = failure
        case .told(.exchanged(_, let exchange), let sent?):
            guard let key = sent.deploymentKey else { return nil }
            renewed.remove(key)
            if case .failure(let failure) = exchange.result, failure.kind == .unauthorized { renewed.insert(key) }
        case .sent(let sent):
            guard scene.world.configuration.audit.required, let failure, let request = sent.deployment,
                let rollout = scene.journal.rollout(sending: request), !rollout.isFailover,
                !renewed.contains(rollout.key)
            else { return nil }
            return "\(rollout.key): \(request.targetVersion) was sent though no record can be written: \(failure)"
        default: break
        }
        return nil
    }
}
