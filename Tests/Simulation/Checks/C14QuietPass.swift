import Domain

/// 14. A pass that finds nothing new writes nothing and sends nothing.
struct QuietPass: Checker {
    let invariant = 14
    /// From when on nothing is news any more.
    private var quietFrom: Int64?

    mutating func see(_ sight: Sight, in scene: Scene) -> String? {
        switch sight {
        case .settled:
            let isOpen = !scene.journal.open.isEmpty || scene.journal.bots.values.contains { $0.standing != nil }
            // What a person decided for a time ends by itself, which is news.
            if !isOpen, !scene.people.hasTemporary(at: scene.now.tick) {
                quietFrom = scene.elapsed + Bounds.news(scene.world).milliseconds
            }
        case .committed(let transactions) where isQuiet(scene):
            for transaction in transactions {
                // What lasts is told again, what is due is delivered, what blocked is looked at; a sweep remembers its place.
                for change in transaction.changes {
                    if case .platform = change { continue }
                    if transaction.events.isEmpty { return "a pass that found nothing new wrote \(Self.name(change))" }
                }
            }
        case .sent(let sent) where isQuiet(scene) && sent.request.isMutation:
            return "something was sent though all was at rest"
        default: break
        }
        return nil
    }

    private func isQuiet(_ scene: Scene) -> Bool { quietFrom.map { scene.elapsed >= $0 } ?? false }

    private static func name(_ change: StateChange) -> String {
        switch change {
        case .bot(let bot): "bot \(bot.key)"
        case .removeBot: "a removal"
        case .file, .removeFile: "a file"
        case .rollout(let rollout): "rollout \(rollout.id)"
        case .platform(let one): "platform \(one.name)"
        case .feed: "a feed"
        case .source: "the source"
        case .move: "a move"
        case .sink: "a sink"
        case .fleet: "the fleet"
        }
    }
}
