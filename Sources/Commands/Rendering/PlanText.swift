import Domain
import Wire

/// A plan for people: what would change first, then why it might not.
enum PlanText {
    /// - Parameter isWhole: all verdicts are listed; else those alone that stop a bot.
    static func text(_ plan: PlanShape, isWhole: Bool, colors: Bool) -> String {
        let notable = plan.bots.filter { !$0.has(.inSync) && !$0.has(.unmanaged) || $0.differs == true }
        guard !notable.isEmpty else { return "" }
        var table = Table(header: ["NAME", "ENVIRONMENT", "DESIRED", "DEPLOYED", "STATE", "ACTION", "MESSAGE"])
        table.rows = notable.map { bot in
            [
                .init(bot.name), .init(bot.environment), .init(bot.desired ?? "-"), .init(bot.deployedText),
                BotTable.state(bot.state), .init(bot.action, bot.has(.none) ? .plain : .bold), .init(bot.message),
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
    static func summary(_ plan: PlanShape) -> String {
        let commit = plan.commit.map { " at \($0.shortCommit)" } ?? ""
        let inSync = plan.bots.count { $0.has(.inSync) }
        let changes = plan.bots.filter { $0.has(.rollback) || $0.has(.deployment) }
        let stopped = changes.count { bot in
            !bot.has(.drifted) && !bot.has(.progressing) || bot.guards.contains { !$0.passes }
        }
        let stops = stopped == 0 ? "" : ", \(stopped) stopped by a guard"
        let bots = "\(plan.bots.count) bot\(plan.bots.count == 1 ? "" : "s")"
        let problems = plan.problems.isEmpty ? "" : ", \(ProblemText.summary(plan.problems.count)) in manifests"
        return
            "\(plan.branch)\(commit): \(bots), \(inSync) in sync, \(changes.count - stopped) to be rolled\(stops)\(problems)"
    }
}

/// What a pass did, for people.
enum ReconcileText {
    static func text(_ report: ReconcileShape, colors: Bool) -> String {
        var parts: [String] = []
        if !report.rollouts.isEmpty { parts.append(RolloutTable.outcomes(report.rollouts, colors: colors)) }
        let notable = report.bots.filter { !$0.has(.inSync) && !$0.has(.unmanaged) }
        if !notable.isEmpty {
            var table = Table(header: ["NAME", "ENVIRONMENT", "DESIRED", "DEPLOYED", "STATE", "MESSAGE"])
            table.rows = notable.map { bot in
                [
                    .init(bot.name), .init(bot.environment), .init(bot.desired ?? "-"), .init(bot.deployedText),
                    BotTable.state(bot.state), .init(bot.message),
                ]
            }
            parts.append(table.text(colors: colors))
        }
        let inSync = report.bots.count { $0.has(.inSync) }
        let leftAlone = report.bots.count { $0.leftAlone == true && !$0.has(.inSync) }
        let rest = leftAlone == 0 ? "" : ", \(leftAlone) left alone by a decision"
        guard report.failure == nil || !report.bots.isEmpty else { return parts.joined(separator: "\n") }
        parts.append("\(inSync) of \(report.bots.count) bot\(report.bots.count == 1 ? "" : "s") in sync\(rest)\n")
        return parts.joined(separator: "\n")
    }
}

extension BotShape {
    func has(_ state: BotCondition.State) -> Bool { self.state == state.rawValue }
    func has(_ action: BotReport.Action) -> Bool { self.action == action.rawValue }

    /// What serves; `?` where nobody could look.
    var deployedText: String { unobserved == true ? "?" : deployed ?? "-" }
}

extension String {
    /// Of a commit's id.
    var shortCommit: String { String(prefix(8)) }
}
