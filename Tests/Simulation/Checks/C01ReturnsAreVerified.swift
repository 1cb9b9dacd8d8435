import Domain

/// 1. Only a version that was verified here before is a return, which may pass a window and waits for no cooldown.
struct ReturnsAreVerified: Checker {
    let invariant = 1
    private var verified: [BotKey: Set<String>] = [:]

    mutating func see(_ sight: Sight, in scene: Scene) -> String? {
        switch sight {
        case .committed(let transactions):
            for event in transactions.lazy.flatMap(\.events).map(\.event) {
                guard let key = event.bot?.key else { continue }
                if event.type == "rollout.succeeded", let version = event.to {
                    verified[key, default: []].insert(version)
                }
                if event.type == "rollout.failed-over", let version = event.rollout?.fallback {
                    verified[key, default: []].insert(version)
                }
            }
        case .sent(let sent):
            guard let request = sent.deployment, let key = sent.deploymentKey,
                let rollout = scene.journal.rollout(sending: request), rollout.isReturn,
                verified[key]?.contains(rollout.to) != true
            else { return nil }
            return "\(key): \(rollout.to) is sent as a return, and was never verified here"
        default: break
        }
        return nil
    }
}
