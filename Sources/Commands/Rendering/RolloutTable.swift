import Domain

/// Rollouts as tables list them.
enum RolloutTable {
    static func history(_ rollouts: [Rollout], colors: Bool) -> String {
        var table = Table(
            header: ["ID", "STARTED", "FROM", "TO", "OUTCOME", "DURATION", "COMMIT", "AUTHOR", "MESSAGE"])
        table.rows = rollouts.map { rollout in
            [
                .init(rollout.id), .init(TimeText.of(rollout.startedAt)), .init(rollout.from ?? "-"), .init(rollout.to),
                outcome(rollout), .init(TimeText.between(rollout.startedAt, rollout.endedAt)),
                .init(rollout.provenance.commit.short), .init(rollout.provenance.author), .init(rollout.message),
            ]
        }
        return rollouts.isEmpty ? "" : table.text(colors: colors)
    }

    static func outcomes(_ rollouts: [Rollout], colors: Bool) -> String {
        var table = Table(header: ["ROLLOUT", "NAME", "FROM", "TO", "OUTCOME", "DURATION", "MESSAGE"])
        table.rows = rollouts.map { rollout in
            [
                .init(rollout.id), .init(rollout.name), .init(rollout.from ?? "-"), .init(rollout.to), outcome(rollout),
                .init(TimeText.between(rollout.startedAt, rollout.endedAt)), .init(rollout.message),
            ]
        }
        return table.text(colors: colors)
    }

    static func outcome(_ rollout: Rollout) -> Table.Cell {
        guard let outcome = rollout.outcome else { return Table.Cell("open: \(rollout.phase.rawValue)", .yellow) }
        switch outcome {
        case .succeeded: return Table.Cell(outcome.rawValue, .green)
        case .superseded: return Table.Cell(outcome.rawValue, .dim)
        case .blocked: return Table.Cell(outcome.rawValue, .yellow)
        case .failed, .failedOver, .degraded, .indeterminate, .timedOut: return Table.Cell(outcome.rawValue, .red)
        }
    }
}
