import Domain

/// 1, 5. While a head is held, the bots that it changes pause before their POST; a rewrite holds all.
struct HeldHead: Checker {
    let invariant = 1
    /// The head that the process read and may not accept, and the bots that it changes; nil: all.
    private var held: (head: CommitID, bots: Set<BotKey>?)?

    mutating func see(_ sight: Sight, in scene: Scene) -> String? {
        switch sight {
        case .told(.read(.value(let reading)), _): held = judge(reading, scene)
        case .committed:
            if let held, scene.journal.source.accepted == held.head { self.held = nil }
        case .sent(let sent):
            guard let held, let request = sent.deployment, let key = sent.deploymentKey,
                let rollout = scene.journal.rollout(sending: request), !rollout.isFailover,
                held.bots?.contains(key) ?? true
            else { return nil }
            return "\(key): \(request.targetVersion) was sent while the head \(held.head.short) is held"
        default: break
        }
        return nil
    }

    private func judge(_ reading: Reading, _ scene: Scene) -> (CommitID, Set<BotKey>?)? {
        let trust = scene.world.configuration.source.trust
        if scene.people.approved[reading.head] == true || reading.head == scene.journal.source.accepted { return nil }
        // One that was approved long ago and is passed by changes nothing.
        let head = scene.outside.change { $0.branch.head }
        if reading.relation == .rewritten, reading.head != head { return held }
        if reading.relation == .rewritten, trust.rewrites == .refuse { return (reading.head, nil) }
        guard trust.signatures == .require else { return nil }
        for commit in reading.commits {
            if scene.people.approved[commit.id] == true { return nil }
            if !commit.signature.isGood { return (reading.head, changed(reading, scene)) }
        }
        return nil
    }

    private func changed(_ reading: Reading, _ scene: Scene) -> Set<BotKey> {
        let branch = scene.branch
        return Set(
            scene.world.bots.filter { bot in
                let now = branch.manifest(bot.path, at: scene.journal.source.accepted)
                return branch.content(bot.path, at: reading.head) != now.map { .manifest($0) }
                    && scene.journal.bots[bot.key] != nil
            }.map(\.key))
    }
}
