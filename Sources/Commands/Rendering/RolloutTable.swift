import Domain
import Wire

/// Rollouts as tables list them.
enum RolloutTable {
    static func history(_ rollouts: [RolloutShape], colors: Bool) -> String {
        var table = Table(
            header: ["ID", "STARTED", "FROM", "TO", "OUTCOME", "DURATION", "COMMIT", "AUTHOR", "MESSAGE"])
        table.rows = rollouts.map { rollout in
            [
                .init(rollout.id), .init(TimeText.of(iso: rollout.startedAt)), .init(rollout.from ?? "-"),
                .init(rollout.to),
                outcome(rollout), .init(TimeText.between(rollout.startedAt, rollout.endedAt)),
                .init(rollout.commit.shortCommit), .init(rollout.author), .init(rollout.message),
            ]
        }
        return rollouts.isEmpty ? "" : table.text(colors: colors)
    }

    static func outcomes(_ rollouts: [RolloutShape], colors: Bool) -> String {
        var table = Table(header: ["ROLLOUT", "NAME", "FROM", "TO", "OUTCOME", "DURATION", "MESSAGE"])
        table.rows = rollouts.map { rollout in
            [
                .init(rollout.id), .init(rollout.name), .init(rollout.from ?? "-"), .init(rollout.to), outcome(rollout),
                .init(TimeText.between(rollout.startedAt, rollout.endedAt)), .init(rollout.message),
            ]
        }
        return table.text(colors: colors)
    }

    static func outcome(_ rollout: RolloutShape) -> Table.Cell {
        guard let outcome = rollout.outcome else { return Table.Cell("open: \(rollout.phase)", .yellow) }
        switch Outcome(rawValue: outcome) {
        case .succeeded: return Table.Cell(outcome, .green)
        case .superseded: return Table.Cell(outcome, .dim)
        case .blocked: return Table.Cell(outcome, .yellow)
        case .failed, .failedOver, .degraded, .indeterminate, .timedOut: return Table.Cell(outcome, .red)
        case nil: return Table.Cell(outcome)
        }
    }
}
