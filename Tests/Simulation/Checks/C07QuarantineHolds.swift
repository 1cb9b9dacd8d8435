import Domain

/// 7. A quarantined version is not triggered again until a newer commit for that bot names it or a person releases it.
struct QuarantineHolds: Checker {
    let invariant = 7
    private var failed: [BotKey: Set<String>] = [:]
    private var specs: [BotKey: Manifest.Spec] = [:]
    /// Failovers that were seen to begin.
    private var begun: Set<String> = []
    private var refused: [BotKey: String] = [:]
    /// The spec in force when a rollout's job was heard to have failed; a newer one may be read before it ends.
    private var failedUnder: [String: Manifest.Spec] = [:]

    mutating func see(_ sight: Sight, in scene: Scene) -> String? {
        switch sight {
        case .told(.exchanged(_, let exchange), let sent?): noteRefusal(exchange, sent)
        case .committed(let transactions):
            for (key, record) in scene.journal.bots {
                // A manifest that was removed and comes back comes with a newer commit.
                let spec = record.declared?.manifest.spec
                guard spec != specs[key] else { continue }
                specs[key] = spec
                failed[key] = nil
            }
            for case .rollout(let rollout) in transactions.lazy.flatMap(\.changes) { note(rollout) }
        case .decided(.release(let name)):
            if let bot = scene.world.bots.first(where: { $0.name == name }) { failed[bot.key] = nil }
        case .decided(.rollbackWithoutGit(let name, _)):
            // A person named a version, or the last good one: what exactly is free again the journal says.
            guard let bot = scene.world.bots.first(where: { $0.name == name }) else { return nil }
            failed[bot.key] = nil
        case .sent(let sent):
            guard let request = sent.deployment, let key = sent.deploymentKey,
                failed[key]?.contains(request.targetVersion) == true
            else { return nil }
            return "\(key): \(request.targetVersion) was sent again though it failed here under the same spec"
        default: break
        }
        return nil
    }

    private mutating func noteRefusal(_ exchange: PlatformExchange, _ sent: Sent) {
        guard let key = sent.deploymentKey, let request = sent.deployment else { return }
        guard case .failure(let failure) = exchange.result else { return }
        switch failure.kind {
        case .invalid, .conflict(.dependencies): refused[key] = request.idempotencyKey
        default: break
        }
    }

    private mutating func note(_ rollout: Rollout) {
        if rollout.failover != nil, begun.insert(rollout.id).inserted {
            failed[rollout.key, default: []].insert(rollout.to)
        }
        if rollout.primary.jobFailure != nil, failedUnder[rollout.id] == nil {
            failedUnder[rollout.id] = specs[rollout.key]
        }
        guard rollout.outcome == .failed || rollout.outcome == .degraded, !begun.contains(rollout.id) else { return }
        let hasFailedJob = rollout.primary.jobFailure != nil && failedUnder[rollout.id] == specs[rollout.key]
        let hasFailedTurn = rollout.turns.last?.verdict == .failed
        let isRefused = rollout.primary.intent.map { refused[rollout.key] == $0.request.idempotencyKey } ?? false
        if hasFailedJob || hasFailedTurn || isRefused { failed[rollout.key, default: []].insert(rollout.to) }
    }
}
