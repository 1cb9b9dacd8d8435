/// Delivery figures, reckoned in one pass over the facts of a trail in the order of its records. What it keeps grows with
/// the bots and groups, never with the trail. Facts from before the period are needed, too: they tell which bots the
/// period found failed, and which commits were delivered already.
package struct DeliveryReport: Sendable {
    package enum Grouping: Hashable, Sendable {
        case bot, environment
        case label(String)
    }

    package enum Group: Hashable, Sendable {
        case bot(BotKey)
        case environment(String)
        /// nil: bots without that label.
        case label(String?)
    }

    /// A bot that is not as git wants it, since its first failure.
    private struct Outage {
        var since: Timestamp
        var group: Group
    }

    package let period: DeliveryPeriod
    package let grouping: Grouping
    package private(set) var totals = DeliveryFigures()
    private var figures: [Group: DeliveryFigures] = [:]
    /// The name that each bot had last.
    private var names: [BotKey: String] = [:]
    private var outages: [BotKey: Outage] = [:]
    /// The commit that each bot got last.
    private var delivered: [BotKey: CommitID] = [:]

    package init(over period: DeliveryPeriod, by grouping: Grouping) {
        self.period = period
        self.grouping = grouping
    }

    /// Facts from after the period count as little as if they had not happened yet.
    package mutating func take(_ fact: DeliveryFact) {
        guard fact.at <= period.until else { return }
        switch fact.what {
        case .inSync: restore(fact.bot, at: fact.at)
        case .ended(let ending):
            if grouping == .bot { names[fact.bot] = fact.name }
            end(ending, of: fact)
        }
    }

    private mutating func end(_ ending: DeliveryFact.Ending, of fact: DeliveryFact) {
        let group = group(of: fact)
        if ending.isDeployment { count(ending, of: fact, in: group) }
        if ending.outcome == .succeeded {
            restore(fact.bot, at: fact.at)
        } else if ending.isFailure, outages[fact.bot] == nil {
            outages[fact.bot] = Outage(since: fact.at, group: group)
            change(group) { $0.unrestored += 1 }
        }
    }

    private mutating func count(_ ending: DeliveryFact.Ending, of fact: DeliveryFact, in group: Group) {
        let isFirst = ending.outcome == .succeeded && ending.commit != nil && delivered[fact.bot] != ending.commit
        if isFirst { delivered[fact.bot] = ending.commit }
        guard period.contains(fact.at) else { return }
        change(group) { figures in
            if ending.isFailure { figures.failed += 1 } else { figures.succeeded += 1 }
            if !ending.isFailure, ending.direction == .rollback { figures.rollbacks += 1 }
            if isFirst, let committed = ending.committedAt { figures.leadTimes.add(from: committed, to: fact.at) }
        }
    }

    /// The failure that began last ends; what was so before it failed says nothing of its end.
    private mutating func restore(_ bot: BotKey, at time: Timestamp) {
        guard let outage = outages[bot], time >= outage.since else { return }
        outages[bot] = nil
        let isCounted = period.contains(time)
        change(outage.group) { figures in
            figures.unrestored -= 1
            if isCounted { figures.restores.add(from: outage.since, to: time) }
        }
    }

    private mutating func change(_ group: Group, _ change: (inout DeliveryFigures) -> Void) {
        change(&totals)
        change(&figures[group, default: DeliveryFigures()])
    }

    private func group(of fact: DeliveryFact) -> Group {
        switch grouping {
        case .bot: .bot(fact.bot)
        case .environment: .environment(fact.bot.environment)
        case .label(let name): .label(fact.labels[name])
        }
    }
}

extension DeliveryReport {
    package struct Row: Hashable, Sendable {
        package var group: Group
        /// A bot's name, an environment, a label's value; nil: bots without the label.
        package var name: String?
        package var figures: DeliveryFigures
    }

    /// The groups of which the period has something to tell, by name; bots without the label last.
    package var rows: [Row] {
        let silent = DeliveryFigures()
        return figures.filter { $0.value != silent }
            .map { Row(group: $0.key, name: name(of: $0.key), figures: $0.value) }
            .sorted { Self.place(of: $0) < Self.place(of: $1) }
    }

    private func name(of group: Group) -> String? {
        switch group {
        case .bot(let key): names[key] ?? key.description
        case .environment(let name): name
        case .label(let value): value
        }
    }

    private static func place(of row: Row) -> (Int, String, String) {
        if case .bot(let key) = row.group { return (0, row.name ?? "", key.description) }
        return (row.name == nil ? 1 : 0, row.name ?? "", "")
    }
}
