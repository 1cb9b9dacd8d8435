import Domain

/// 1. A move of the branch rolls at most `maxBotsPerCommit` bots, or was approved; so does one pass with drift that was made on
/// one platform.
struct BlastRadius: Checker {
    let invariant = 1
    /// Bots that were sent something for each move.
    private var rolled: [Int: Set<BotKey>] = [:]
    private var known: Set<String> = []
    /// Bots of which a person approved that their drift is undone, until it is.
    private var approvedDrift: Set<BotKey> = []

    mutating func see(_ sight: Sight, in scene: Scene) -> String? {
        switch sight {
        case .decided(.approveDrift(let platform)):
            // What was held when the person looked.
            approvedDrift.formUnion(scene.people.approvedDrift[platform] ?? [])
        case .committed(let transactions):
            for transaction in transactions {
                if let wrong = drift(transaction, scene) { return wrong }
            }
        case .sent(let sent): return sends(sent, scene)
        default: break
        }
        return nil
    }

    /// A pass looks at all bots of a platform in one step.
    private mutating func drift(_ transaction: Transaction, _ scene: Scene) -> String? {
        var begun: [String: Int] = [:]
        for case .rollout(let rollout) in transaction.changes where rollout.cause == .platform {
            if known.insert(rollout.id).inserted, rollout.adopts == nil, !approvedDrift.contains(rollout.key) {
                begun[rollout.key.platform, default: 0] += 1
            }
            if rollout.outcome == .succeeded { approvedDrift.remove(rollout.key) }
        }
        let most = scene.world.configuration.reconcile.maxBotsPerCommit
        for (platform, count) in begun where count > most {
            return "one pass puts drift back on \(count) bots of \(platform), more than \(most), and nobody approved it"
        }
        return nil
    }

    private mutating func sends(_ sent: Sent, _ scene: Scene) -> String? {
        let moves = scene.accounts.moves
        guard let request = sent.deployment, let key = sent.deploymentKey, let number = moves.moveOf[key],
            let rollout = scene.journal.rollout(sending: request), !rollout.isFailover, rollout.cause == .manifest
        else { return nil }
        rolled[number, default: []].insert(key)
        let move = moves.moves[number]
        guard !move.isApproved, let bots = rolled[number], !bots.isSubset(of: move.approvedReverts) else { return nil }
        let most = scene.world.configuration.reconcile.maxBotsPerCommit
        guard bots.count > most else { return nil }
        let head = move.head.short
        return "\(key): the move to \(head) rolls \(bots.count) bots, more than \(most), and nobody approved it"
    }
}
