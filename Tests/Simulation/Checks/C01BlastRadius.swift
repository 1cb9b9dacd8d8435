import Domain

/// 1. A move of the branch rolls at most `maxBotsPerCommit` bots, or was approved.
struct BlastRadius: Checker {
    let invariant = 1
    /// Bots that were sent something for each move of the accepted head: a head that is taken back and comes again is
    /// another move.
    private var rolled: [Int: Set<BotKey>] = [:]
    private var moves = 0
    /// The move that asked for the rollout of each bot. A later one that changes how, not what or whether, rolls nothing of
    /// its own: what an earlier one asked for may still be to come.
    private var moveOf: [BotKey: Int] = [:]
    private var specs: [BotKey: Manifest.Spec] = [:]
    /// What is in force, and the move that put it there: a later head that wants just that asks for nothing of its own.
    private var inForce: [BotKey: Manifest.Spec] = [:]
    private var moveInForce: [BotKey: Int] = [:]
    private var accepted: CommitID?
    private var isApproved = false

    mutating func see(_ sight: Sight, in scene: Scene) -> String? {
        switch sight {
        case .committed:
            if let head = scene.journal.source.accepted, head != accepted { take(head, scene) }
            for bot in scene.world.bots {
                let spec = scene.journal.bots[bot.key]?.declared?.manifest.spec
                if Wish(spec) != Wish(inForce[bot.key]) { moveInForce[bot.key] = moveOf[bot.key] }
                inForce[bot.key] = spec
            }
        case .decided(.approve), .decided(.approveDrift): isApproved = true
        case .sent(let sent): return sends(sent, scene)
        default: break
        }
        return nil
    }

    private mutating func take(_ head: CommitID, _ scene: Scene) {
        accepted = head
        moves += 1
        for bot in scene.world.bots {
            let spec = scene.declared(bot.key)?.spec
            if Wish(spec) == Wish(inForce[bot.key]) {
                moveOf[bot.key] = moveInForce[bot.key]
            } else if Wish(spec) != Wish(specs[bot.key]) {
                moveOf[bot.key] = moves
            }
            specs[bot.key] = spec
        }
    }

    private mutating func sends(_ sent: Sent, _ scene: Scene) -> String? {
        // Who approved what is the business of other checks; without any approval the number alone decides.
        guard !isApproved, let request = sent.deployment, let key = sent.deploymentKey, let move = moveOf[key],
            let rollout = scene.journal.rollout(sending: request), !rollout.isFailover, rollout.cause == .manifest
        else { return nil }
        rolled[move, default: []].insert(key)
        let most = scene.world.configuration.reconcile.maxBotsPerCommit
        guard let count = rolled[move]?.count, count > most else { return nil }
        return "\(key): move \(move) of the head rolls \(count) bots, more than \(most), and nobody approved it"
    }
}

/// What a manifest asks to serve, and whether it is converged.
private struct Wish: Equatable {
    var version: String?
    var mode: Manifest.Mode?
    var isSuspended: Bool
    var selfHeals: Bool

    init(_ spec: Manifest.Spec?) {
        version = spec?.version
        mode = spec?.mode
        isSuspended = spec?.suspend ?? true
        selfHeals = spec?.selfHeal ?? false
    }
}
