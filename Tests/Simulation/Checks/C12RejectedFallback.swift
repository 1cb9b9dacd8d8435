import Domain

/// 12. A failover goes neither where the manifest says `hold`, nor to a version that people moved the bot away from by a revert
/// or a rollback, unless the manifest names it.
struct RejectedFallback: Checker {
    let invariant = 12
    private var wanted: [BotKey: String] = [:]
    private var verified: [BotKey: Set<String>] = [:]
    private var rejected: [BotKey: Set<String>] = [:]

    mutating func see(_ sight: Sight, in scene: Scene) -> String? {
        switch sight {
        case .committed(let transactions):
            for transaction in transactions {
                for case .bot(let bot) in transaction.changes { note(bot) }
                for event in transaction.events.map(\.event) { noteVerified(event) }
            }
        case .decided(.rollbackWithoutGit(let name, _)):
            if let bot = scene.world.bots.first(where: { $0.name == name }) { rejected[bot.key] = nil }
        case .sent(let sent):
            guard let request = sent.deployment, let key = sent.deploymentKey,
                let rollout = scene.journal.rollout(sending: request), rollout.isFailover
            else { return nil }
            if rollout.settings.onFailure == .hold {
                return "\(key): a failover was sent though its manifest says hold"
            }
            guard rejected[key]?.contains(request.targetVersion) == true,
                rollout.settings.fallbackVersion != request.targetVersion
            else { return nil }
            return "\(key): the failover brings \(request.targetVersion), which people took the bot away from"
        default: break
        }
        return nil
    }

    private mutating func note(_ bot: BotRecord) {
        guard let declared = bot.declared else {
            wanted[bot.key] = nil
            return
        }
        let version = declared.manifest.spec.version
        rejected[bot.key]?.remove(version)
        if let old = wanted.updateValue(version, forKey: bot.key), old != version,
            declared.provenance.reverts != nil || verified[bot.key]?.contains(version) == true
        {
            rejected[bot.key, default: []].insert(old)
        }
    }

    private mutating func noteVerified(_ event: Event) {
        guard let key = event.bot?.key else { return }
        if event.type == "rollout.succeeded", let version = event.to { verified[key, default: []].insert(version) }
        if event.type == "rollout.failed-over", let version = event.rollout?.fallback {
            verified[key, default: []].insert(version)
        }
    }
}
