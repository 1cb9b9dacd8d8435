import Domain
import Wire

/// One rollout with everything that is known about it.
enum RolloutText {
    static func show(_ detail: RolloutDetailShape, colors: Bool) -> String {
        let parts = [
            ("", fields(detail, colors)),
            ("Steps", steps(detail.phases, colors)),
            ("Guards", BotTable.guards(detail.guards, indent: "  ", colors: colors)),
            ("Verification", turns(detail.verification, colors)),
            ("Records", recordLines(detail.records, colors)),
        ]
        return parts.filter { !$0.1.isEmpty }.map { title, text in
            title.isEmpty ? text : "\n" + Paint.bold.on(title, colors) + "\n" + text
        }.joined()
    }

    private static func fields(_ detail: RolloutDetailShape, _ colors: Bool) -> String {
        let rollout = detail.rollout
        let commit = detail.commit
        let outcome = rollout.outcome ?? "open (\(rollout.phase))"
        let requests = detail.requests.map(\.idempotencyKey)
        return Table.fields(
            [
                ("Rollout", rollout.id),
                ("Bot", "\(rollout.name) (\(rollout.platform)/\(rollout.botId)/\(rollout.environment))"),
                ("Change", "\(rollout.from ?? "nothing") → \(rollout.to), a \(rollout.direction)"),
                ("Because", rollout.cause),
                ("Outcome", outcome + (rollout.message.isEmpty ? "" : ": \(rollout.message)")),
                ("Fallback", rollout.fallback),
                ("Commit", "\(commit.sha) by \(commit.author), \(TimeText.of(iso: commit.committedAt))"),
                ("", commit.title.map { "“\($0)”" }),
                ("Reverts", commit.reverts),
                ("Signature", commit.signature),
                ("Jobs", rollout.jobIds.isEmpty ? nil : rollout.jobIds.joined(separator: ", ")),
                ("Requests", requests.isEmpty ? nil : requests.joined(separator: ", ")),
                ("Started", TimeText.of(iso: rollout.startedAt)),
                ("Took", rollout.endedAt.map { TimeText.between(rollout.startedAt, $0) }),
            ], colors: colors)
    }

    private static func steps(_ phases: [RolloutDetailShape.Phase], _ colors: Bool) -> String {
        var table = Table(header: [], indent: "  ")
        table.rows = phases.map { step in
            let took = step.durationMs.map { TimeText.of(Span(milliseconds: $0)) }
            return [.init(TimeText.of(iso: step.at)), .init(step.phase), .init(took ?? "")]
        }
        return table.text(colors: colors)
    }

    private static func turns(_ turns: [TurnShape], _ colors: Bool) -> String {
        var table = Table(header: [], indent: "  ")
        table.rows = turns.map { turn in
            let paint: Paint =
                switch TurnResult.Verdict(rawValue: turn.verdict) {
                case .passed: .green
                case .failed: .red
                case .inconclusive: .yellow
                case nil: .plain
                }
            return [
                .init("“\(turn.testMessage)”"), .init("\(turn.attempt)"), .init(turn.verdict, paint),
                .init(turn.detectedIntent ?? "-"), .init(turn.confidence.map { "\($0)" } ?? "-"),
                .init("\(Int(turn.latencyMs.rounded()))ms"), .init(turn.detail),
            ]
        }
        return table.text(colors: colors)
    }

    private static func recordLines(_ records: [JSONValue], _ colors: Bool) -> String {
        var table = Table(header: [], indent: "  ")
        table.rows = records.map { RecordText.cells($0) }
        return table.text(colors: colors)
    }
}

extension CommitShape {
    /// The first line of its message.
    var title: String? { message.split(separator: "\n").first.map(String.init) }
}
