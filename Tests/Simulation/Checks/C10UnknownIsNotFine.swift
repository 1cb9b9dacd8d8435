import Domain

/// 10. Unknown is not zero, and not "fine": what a state says of a bot, some answer of its platform said.
struct UnknownIsNotFine: Checker {
    let invariant = 10

    private var before: [BotKey: BotCondition] = [:]

    mutating func see(_ sight: Sight, in scene: Scene) -> String? {
        guard case .committed(let transactions) = sight else { return nil }
        for case .bot(let bot) in transactions.lazy.flatMap(\.changes) {
            if let version = bot.observed?.version, scene.told.served[bot.key]?.contains(version) != true {
                return "\(bot.key) is said to serve \(version), which no answer showed"
            }
            // What was judged before stands until it is judged again.
            let isNew = before.updateValue(bot.condition, forKey: bot.key) != bot.condition
            guard isNew, bot.condition.state == .inSync else { continue }
            guard let observed = bot.observed else { return "\(bot.key) is in sync, and nobody knows what it serves" }
            let wanted =
                bot.meant?.version ?? scene.declared(bot.key)?.spec.version ?? bot.declared?.manifest.spec.version
            if bot.pending == nil, observed.version != wanted {
                return "\(bot.key) is in sync with \(wanted ?? "nothing") and serves \(observed.version ?? "nothing")"
            }
        }
        return nil
    }
}
