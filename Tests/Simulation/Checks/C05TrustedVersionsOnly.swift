import Domain

/// 5. Only versions named in a trusted commit, or verified here before, are ever deployed.
struct TrustedVersionsOnly: Checker {
    let invariant = 5
    private var named: [BotKey: Set<String>] = [:]
    private var accepted: CommitID?

    mutating func see(_ sight: Sight, in scene: Scene) -> String? {
        switch sight {
        case .committed(let transactions):
            for event in transactions.lazy.flatMap(\.events).map(\.event) { noteVerified(event) }
            guard let head = scene.journal.source.accepted, head != accepted else { return nil }
            defer { accepted = head }
            return accept(head, scene)
        case .sent(let sent):
            guard let request = sent.deployment, let key = sent.deploymentKey else { return nil }
            let isPersons = scene.people.rolledTo[key]?.contains(request.targetVersion) ?? false
            if isPersons || named[key]?.contains(request.targetVersion) == true { return nil }
            return "\(key): \(request.targetVersion) was sent, which no trusted commit names and nobody verified here"
        default: return nil
        }
    }

    private mutating func noteVerified(_ event: Event) {
        guard let key = event.bot?.key else { return }
        if event.type == "rollout.succeeded", let version = event.to { named[key, default: []].insert(version) }
        if event.type == "rollout.failed-over", let version = event.rollout?.fallback {
            named[key, default: []].insert(version)
        }
    }

    /// Whether a head may be accepted is judged from the branch itself.
    private mutating func accept(_ head: CommitID, _ scene: Scene) -> String? {
        let branch = scene.branch
        let trust = scene.world.configuration.source.trust
        let line = branch.line(from: head, to: accepted)
        let mayTrust = scene.people.approved[head] == true
        if accepted != nil, !line.reached, trust.rewrites == .refuse, !mayTrust {
            return "the rewritten head \(head.short) was accepted, which nobody approved"
        }
        if trust.signatures == .require {
            for commit in accepted == nil ? Array(line.commits.prefix(1)) : line.commits {
                if scene.people.approved[commit.id] == true { break }
                guard commit.signature.isGood else {
                    return "\(head.short) was accepted although \(commit.id.short) is \(commit.signature)"
                }
            }
        }
        for bot in scene.world.bots {
            guard let spec = branch.manifest(bot.path, at: head)?.spec else { continue }
            named[bot.key, default: []].insert(spec.version)
            if let fallback = spec.fallbackVersion { named[bot.key, default: []].insert(fallback) }
        }
        return nil
    }
}
