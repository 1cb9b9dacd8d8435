package import Domain

/// The head that the process read and may not accept.
package struct HeadAccount: Sendable {
    package struct Held: Sendable {
        package var head: CommitID
        /// Those that it changes; nil: all, since a rewrite holds all.
        package var bots: Set<BotKey>?
    }

    package private(set) var held: Held?
    /// The newest head that the process was told of.
    private var looked: CommitID?

    mutating func see(_ sight: Sight, in scene: Scene) {
        switch sight {
        case .told(.looked(.value(let head)), _): looked = head.commit
        case .told(.read(.value(let reading)), _): held = judge(reading, scene)
        case .committed:
            if let held, scene.journal.source.accepted == held.head { self.held = nil }
        default: break
        }
    }

    package func holds(_ key: BotKey) -> Bool { held.map { $0.bots?.contains(key) ?? true } ?? false }

    private func judge(_ reading: Reading, _ scene: Scene) -> Held? {
        let trust = scene.world.configuration.source.trust
        if scene.people.approved[reading.head] == true || reading.head == scene.journal.source.accepted { return nil }
        // One that was approved long ago and is passed by changes nothing.
        if reading.relation == .rewritten, reading.head != looked { return held }
        if reading.relation == .rewritten, trust.rewrites == .refuse { return Held(head: reading.head, bots: nil) }
        guard trust.signatures == .require else { return nil }
        for commit in reading.commits {
            if scene.people.approved[commit.id] == true { return nil }
            if !commit.signature.isGood { return Held(head: reading.head, bots: changed(reading, scene)) }
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
