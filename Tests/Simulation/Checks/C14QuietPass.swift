import Domain

/// 14. A pass that finds nothing new writes nothing and sends nothing.
struct QuietPass: Checker {
    let invariant = 14
    /// From when on nothing is news any more.
    private var quietFrom: Int64?
    /// All came to rest, but a rollout that the last news led to has not ended yet.
    private var isUnderWay = false
    /// Streams with the types of their events, before all came to rest.
    private var told: Set<String> = []

    mutating func see(_ sight: Sight, in scene: Scene) -> String? {
        if case .committed(let transactions) = sight, !isQuiet(scene) {
            for event in transactions.lazy.flatMap(\.events).map(\.event) { told.insert(event.stream + event.type) }
        }
        switch sight {
        case .settled:
            if scene.journal.open.isEmpty { rest(scene) }
        case .committed where !isQuiet(scene) && quietFrom != nil && !scene.journal.open.isEmpty:
            quietFrom = nil
            isUnderWay = true
        case .committed where isUnderWay && scene.journal.open.isEmpty: rest(scene)
        case .committed(let transactions) where isQuiet(scene):
            for transaction in transactions {
                // What lasts is told again, what is due is delivered, what blocked is looked at; a sweep remembers its place.
                for event in transaction.events.map(\.event) where !isNoNews(event, scene) {
                    return "a pass that found nothing new told \(event.type) of \(event.stream): \(event.message)"
                }
                guard transaction.events.isEmpty else { continue }
                if let draft = transaction.records.first {
                    let what = draft.fields["step"] ?? draft.fields["type"] ?? .null
                    return "a pass that found nothing new recorded \(what)"
                }
                for change in transaction.changes {
                    if case .platform = change { continue }
                    return "a pass that found nothing new wrote \(Self.name(change))"
                }
            }
        case .sent(let sent) where isQuiet(scene) && sent.request.isMutation:
            return "something was sent though all was at rest"
        default: break
        }
        return nil
    }

    /// It was told before and lasts, is about a sink that takes nothing, or is drift that was seen often enough only now.
    private func isNoNews(_ event: Event, _ scene: Scene) -> Bool {
        if told.contains(event.stream + event.type) || event.type.hasPrefix("sink.") { return true }
        return event.type == "drift.detected" && scene.world.configuration.reconcile.driftThreshold > 1
    }

    /// Where nothing ended in a way that is looked at again, and nothing that a person decided for a time ends by itself.
    private mutating func rest(_ scene: Scene) {
        isUnderWay = false
        let isLookedAt = scene.journal.bots.values.contains { $0.standing != nil }
        if isLookedAt || scene.people.hasTemporary(at: scene.now.tick) { return }
        quietFrom = scene.elapsed + Bounds.news(scene.world).milliseconds
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
