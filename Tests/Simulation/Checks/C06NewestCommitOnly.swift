import Domain

/// 6. Once a newer commit is read, no version that only an older commit wanted is triggered.
struct NewestCommitOnly: Checker {
    let invariant = 6
    /// Since when the accepted head says of a bot what it says, in commits of the journal.
    private var specs: [BotKey: Manifest.Spec] = [:]
    /// What a bot was meant to serve when its spec changed: that counts no more.
    private var stale: [BotKey: MeantVersion] = [:]
    private var accepted: CommitID?

    mutating func see(_ sight: Sight, in scene: Scene) -> String? {
        switch sight {
        case .committed(let transactions):
            if scene.journal.source.accepted != accepted { noteHead(scene, transactions) }
            return nil
        case .sent(let sent): return sends(sent, scene)
        default: return nil
        }
    }

    private mutating func noteHead(_ scene: Scene, _ transactions: [Transaction]) {
        accepted = scene.journal.source.accepted
        for bot in scene.world.bots {
            let spec = scene.declared(bot.key)?.spec
            if spec != specs[bot.key] { stale[bot.key] = meantBefore[bot.key] }
            specs[bot.key] = spec
        }
        meantBefore = scene.journal.bots.compactMapValues(\.meant)
    }

    private var meantBefore: [BotKey: MeantVersion] = [:]

    private mutating func sends(_ sent: Sent, _ scene: Scene) -> String? {
        guard let request = sent.deployment, let key = sent.deploymentKey,
            let rollout = scene.journal.rollout(sending: request), !rollout.isFailover,
            let wanted = scene.declared(key)?.spec.version
        else { return nil }
        if request.targetVersion == wanted { return nil }
        let meant = scene.journal.bots[key]?.meant
        if let meant, meant.version == request.targetVersion, meant != stale[key] { return nil }
        return "\(key): \(request.targetVersion) was sent though the accepted head wants \(wanted)"
    }
}
