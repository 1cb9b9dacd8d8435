import Domain

/// What a person asked the fleet's table for, by a plain form.
package struct FleetQuery: Hashable, Sendable {
    /// A group's or a state's name, or "" for all.
    package var state = ""
    /// Part of a name or of a bot's id.
    package var name = ""
    /// `key`, or `key=value`.
    package var label = ""
    /// From 1.
    package var page = 1

    package static let botsPerPage = 100
    static let maxTextCharacters = 200

    package init() {}

    package init(_ value: (String) -> String?) {
        func text(_ name: String) -> String {
            UntrustedText.cleaned(value(name) ?? "", maxCharacters: Self.maxTextCharacters)
                .trimmed
        }
        state = text("state")
        if states == nil { state = "" }
        name = text("name")
        label = text("label")
        page = max(1, value("page").flatMap { Int($0) } ?? 1)
    }

    /// nil: no state is called that.
    private var states: Set<BotCondition.State>? {
        if let group = StateGroup(rawValue: state) { return Set(group.states) }
        return BotCondition.State(rawValue: state).map { [$0] }
    }

    package var isEmpty: Bool { state.isEmpty && name.isEmpty && label.isEmpty }

    /// Most urgent first, then by name.
    package func found(in bots: [FleetBot]) -> [FleetBot] {
        let states = states
        let wanted = name.lowercased()
        let parts = label.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let found = bots.filter { bot in
            if let states, !states.contains(bot.state) { return false }
            if !wanted.isEmpty, !bot.name.lowercased().contains(wanted), !bot.key.botId.lowercased().contains(wanted) {
                return false
            }
            guard let key = parts.first, !label.isEmpty else { return true }
            guard let value = bot.labels[key] else { return false }
            return parts.count < 2 || value == parts[1]
        }
        let ranked = found.map { (rank: StateGroup($0.state).urgency, bot: $0) }
        return ranked.sorted {
            ($0.rank, $0.bot.name, $0.bot.key) < ($1.rank, $1.bot.name, $1.bot.key)
        }.map(\.bot)
    }

    func with(_ change: (inout FleetQuery) -> Void) -> String {
        var other = self
        change(&other)
        let number = other.page > 1 ? String(other.page) : ""
        return Link.page(
            Link.fleet, [("state", other.state), ("name", other.name), ("label", other.label), ("page", number)])
    }
}

extension String {
    var trimmed: String {
        let start = drop { $0.isWhitespace }
        guard let end = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(start[...end])
    }
}
