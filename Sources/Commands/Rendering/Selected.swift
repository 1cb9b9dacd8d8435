import Domain
import Reconciler
import Wire

extension RunReport {
    /// The bots and rollouts that were asked for.
    /// - Throws: `CommandFailure` for a name that no bot has.
    func selected(_ selector: Selector?) throws -> RunReport {
        guard let selector else { return self }
        if failure == nil {
            let unknown = selector.names.filter { name in
                !bots.contains { $0.name == name || $0.key.description == name }
            }
            if let name = unknown.first {
                throw CommandFailure.noBot(name)
            }
        }
        var report = self
        report.bots = bots.filter(\.isSelected)
        if failure == nil, report.bots.isEmpty, !selector.labels.isEmpty {
            throw CommandFailure.noBot(with: selector.labels)
        }
        let keys = Set(report.bots.map(\.key))
        report.rollouts = rollouts.filter { keys.contains($0.key) }
        return report
    }

    var plan: PlanShape {
        PlanShape(
            commit: commit, branch: branch, bots: bots, problems: problems, failure: failure,
            unreachablePlatforms: unreachablePlatforms)
    }

    var reconciled: ReconcileShape { ReconcileShape(plan, rollouts: rollouts.map { RolloutShape($0) }) }
}

/// The same of what a server says.
extension PlanShape {
    func selected(_ selector: Selector?) throws -> PlanShape {
        var plan = self
        plan.bots = try selector?.chosen(of: bots, requiresAll: failure == nil) ?? bots
        return plan
    }
}

extension ReconcileShape {
    func selected(_ selector: Selector?) throws -> ReconcileShape {
        var report = self
        report.bots = try selector?.chosen(of: bots, requiresAll: failure == nil) ?? bots
        return report
    }
}

extension Selector {
    /// - Throws: `CommandFailure` for a name that no bot has, where all have to be known.
    func chosen(of bots: [BotShape], requiresAll: Bool) throws -> [BotShape] {
        if requiresAll, let name = names.first(where: { name in !bots.contains { $0.isCalled(name) } }) {
            throw CommandFailure.noBot(name)
        }
        let chosen = bots.filter(matches)
        if requiresAll, chosen.isEmpty, !labels.isEmpty { throw CommandFailure.noBot(with: labels) }
        return chosen
    }

    func matches(_ bot: BotShape) -> Bool {
        if !names.isEmpty, !names.contains(where: bot.isCalled) { return false }
        return labels.allSatisfy { bot.labels[$0.key] == $0.value }
    }
}

extension BotShape {
    var key: BotKey { BotKey(platform: platform, botId: botId, environment: environment) }

    func isCalled(_ name: String) -> Bool { self.name == name || key.description == name }
}

extension RolloutShape {
    var key: BotKey { BotKey(platform: platform, botId: botId, environment: environment) }
    var isOpen: Bool { outcome == nil }
}

extension ReconcileShape {
    /// Bots whose rollouts are open.
    var openNames: [String] { rollouts.filter(\.isOpen).map(\.name) }
}
