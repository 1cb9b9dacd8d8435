import Domain
import Reconciler

/// A plan for people: what would change first, then why it might not.
enum PlanText {
    /// - Parameter isWhole: all verdicts are listed; else those alone that stop a bot.
    static func text(_ report: RunReport, isWhole: Bool, colors: Bool) -> String {
        let notable = report.bots.filter { $0.state != .inSync && $0.state != .unmanaged || $0.differs }
        guard !notable.isEmpty else { return "" }
        var table = Table(header: ["NAME", "ENVIRONMENT", "DESIRED", "DEPLOYED", "STATE", "ACTION", "MESSAGE"])
        table.rows = notable.map { bot in
            [
                .init(bot.name), .init(bot.key.environment), .init(bot.desired ?? "-"),
                .init(bot.isDeployedKnown ? bot.deployed ?? "-" : "?"), BotTable.state(bot.state),
                .init(bot.action.rawValue, bot.action == .none ? .plain : .bold), .init(bot.message),
            ]
        }
        let details = notable.compactMap { bot -> String? in
            let shown = isWhole ? bot.guards : bot.guards.filter { !$0.passes }
            guard !shown.isEmpty else { return nil }
            let title = isWhole ? "Guards of" : "What stops"
            return "\n" + Paint.bold.on("\(title) \(UntrustedText.cleaned(bot.name))", colors) + "\n"
                + BotTable.guards(shown, indent: "  ", colors: colors)
        }
        return table.text(colors: colors) + details.joined()
    }

    /// One line, for standard error.
    static func summary(_ report: RunReport) -> String {
        let commit = report.commit.map { " at \($0.short)" } ?? ""
        let inSync = report.bots.count { $0.state == .inSync }
        let changes = report.bots.filter { $0.action == .rollback || $0.action == .deployment }
        let stopped = changes.count { bot in
            ![.drifted, .progressing].contains(bot.state) || bot.guards.contains { !$0.passes }
        }
        let stops = stopped == 0 ? "" : ", \(stopped) stopped by a guard"
        let bots = "\(report.bots.count) bot\(report.bots.count == 1 ? "" : "s")"
        let problems = report.problems.isEmpty ? "" : ", \(ProblemText.summary(report.problems.count)) in manifests"
        return
            "\(report.branch)\(commit): \(bots), \(inSync) in sync, \(changes.count - stopped) to be rolled\(stops)\(problems)"
    }
}

/// What a pass did, for people.
enum ReconcileText {
    static func text(_ report: RunReport, colors: Bool) -> String {
        var parts: [String] = []
        if !report.rollouts.isEmpty { parts.append(RolloutTable.outcomes(report.rollouts, colors: colors)) }
        let notable = report.bots.filter { $0.state != .inSync && $0.state != .unmanaged }
        if !notable.isEmpty {
            var table = Table(header: ["NAME", "ENVIRONMENT", "DESIRED", "DEPLOYED", "STATE", "MESSAGE"])
            table.rows = notable.map { bot in
                [
                    .init(bot.name), .init(bot.key.environment), .init(bot.desired ?? "-"),
                    .init(bot.isDeployedKnown ? bot.deployed ?? "-" : "?"), BotTable.state(bot.state),
                    .init(bot.message),
                ]
            }
            parts.append(table.text(colors: colors))
        }
        let inSync = report.bots.count { $0.state == .inSync }
        let leftAlone = report.bots.count { $0.isLeftAlone && $0.state != .inSync }
        let rest = leftAlone == 0 ? "" : ", \(leftAlone) left alone by a decision"
        guard report.failure == nil || !report.bots.isEmpty else { return parts.joined(separator: "\n") }
        parts.append("\(inSync) of \(report.bots.count) bot\(report.bots.count == 1 ? "" : "s") in sync\(rest)\n")
        return parts.joined(separator: "\n")
    }
}
