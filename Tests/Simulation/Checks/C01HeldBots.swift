import Domain

/// 1. The guards that hold what failed or is fought over: halt, contested.
struct HeldBots: Checker {
    let invariant = 1

    func see(_ sight: Sight, in scene: Scene) -> String? {
        switch sight {
        case .committed(let transactions):
            for transaction in transactions {
                for event in transaction.events.map(\.event) where event.type == "bot.contested" {
                    guard let key = event.bot?.key, !hasCause(key, transaction, scene) else { continue }
                    return "\(key): is called contested, and nobody else was at it: \(event.message)"
                }
            }
        case .sent(let sent): return sends(sent, scene)
        default: break
        }
        return nil
    }

    /// Two hands: somebody else deployed, and it is another Ballast, or comes within `contest` of a drift that was put back,
    /// or after a job of ours.
    private func hasCause(_ key: BotKey, _ transaction: Transaction, _ scene: Scene) -> Bool {
        let others = scene.platform(key.platform)?.jobs.filter { job in
            job.info.botId == key.botId && job.info.environment == key.environment && job.request == nil
                && job.begunAt > 0
        }
        guard let others, !others.isEmpty else { return false }
        if others.contains(where: { $0.info.idempotencyKey != nil }) { return true }
        let within = scene.world.configuration.reconcile.contest
        if let last = scene.accounts.contests.putBack[key], scene.now.tick < last + within { return true }
        return transaction.changes.contains { change in
            guard case .rollout(let rollout) = change else { return false }
            return rollout.key == key && rollout.outcome == .superseded
        }
    }

    private func sends(_ sent: Sent, _ scene: Scene) -> String? {
        guard let request = sent.deployment, let key = sent.deploymentKey,
            let rollout = scene.journal.rollout(sending: request), !rollout.isFailover
        else { return nil }
        let tick = scene.now.tick
        if scene.accounts.halts.halted.contains(key.platform), !scene.people.isWaived(.halt, key, at: tick) {
            return "\(key): \(request.targetVersion) was sent though its platform is halted"
        }
        guard !scene.people.isWaived(.contested, key, at: tick) else { return nil }
        let contests = scene.accounts.contests
        if contests.contested.contains(key) {
            return "\(key): \(request.targetVersion) was sent though the bot is contested"
        }
        let within = scene.world.configuration.reconcile.contest
        if rollout.cause == .platform, let last = contests.putBack[key], tick < last + within {
            return "\(key): drift was put back twice within \(within.text), which makes it contested"
        }
        return nil
    }
}
