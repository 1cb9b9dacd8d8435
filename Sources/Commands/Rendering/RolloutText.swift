import Domain

/// One rollout with everything that is known about it.
enum RolloutText {
    static func show(_ rollout: Rollout, records: [JSONValue], colors: Bool) -> String {
        let parts = [
            ("", fields(rollout, colors)),
            ("Steps", steps(rollout, colors)),
            ("Guards", BotTable.guards(rollout.guards, indent: "  ", colors: colors)),
            ("Verification", turns(rollout.turns, colors)),
            ("Records", recordLines(records, colors)),
        ]
        return parts.filter { !$0.1.isEmpty }.map { title, text in
            title.isEmpty ? text : "\n" + Paint.bold.on(title, colors) + "\n" + text
        }.joined()
    }

    private static func fields(_ rollout: Rollout, _ colors: Bool) -> String {
        let commit = rollout.provenance
        let title = commit.message.split(separator: "\n").first.map(String.init) ?? ""
        let outcome = rollout.outcome?.rawValue ?? "open (\(rollout.phase.rawValue))"
        let requests = [rollout.primary.intent, rollout.failover?.intent].compactMap { $0?.request.idempotencyKey }
        return Table.fields(
            [
                ("Rollout", rollout.id),
                ("Bot", "\(rollout.name) (\(rollout.key))"),
                ("Change", "\(rollout.from ?? "nothing") → \(rollout.to), a \(rollout.direction.rawValue)"),
                ("Because", rollout.cause.rawValue),
                ("Outcome", outcome + (rollout.message.isEmpty ? "" : ": \(rollout.message)")),
                ("Fallback", rollout.fallback),
                ("Commit", "\(commit.commit) by \(commit.author), \(TimeText.of(commit.committedAt))"),
                ("", title.isEmpty ? nil : "“\(title)”"),
                ("Reverts", commit.reverts?.hex),
                ("Signature", commit.signature.description),
                ("Jobs", rollout.jobIds.isEmpty ? nil : rollout.jobIds.joined(separator: ", ")),
                ("Requests", requests.isEmpty ? nil : requests.joined(separator: ", ")),
                ("Started", TimeText.of(rollout.startedAt)),
                ("Took", rollout.endedAt.map { TimeText.between(rollout.startedAt, $0) }),
            ], colors: colors)
    }

    private static func steps(_ rollout: Rollout, _ colors: Bool) -> String {
        var table = Table(header: [], indent: "  ")
        table.rows = rollout.marks.map { mark in
            [.init(TimeText.of(mark.at)), .init(mark.phase), .init(mark.duration.map { TimeText.of($0) } ?? "")]
        }
        return table.text(colors: colors)
    }

    private static func turns(_ turns: [TurnResult], _ colors: Bool) -> String {
        var table = Table(header: [], indent: "  ")
        table.rows = turns.map { turn in
            let paint: Paint =
                switch turn.verdict {
                case .passed: .green
                case .failed: .red
                case .inconclusive: .yellow
                }
            return [
                .init("“\(turn.testMessage)”"), .init("\(turn.attempt)"), .init(turn.verdict.rawValue, paint),
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

/// An audit record in one line.
enum RecordText {
    static func table(_ records: [JSONValue], colors: Bool) -> String {
        var table = Table(header: ["INDEX", "TIME", "WHAT", "BOT", "WHO", "MESSAGE"])
        table.rows = records.map { record in
            let cells = cells(record)
            let bot = record["bot"]?["name"]?.text ?? "-"
            let who = record["decidedBy"]?.text ?? record["commit"]?["author"]?.text ?? "-"
            return [cells[0], cells[1], cells[2], .init(bot), .init(who), cells[3]]
        }
        return records.isEmpty ? "" : table.text(colors: colors)
    }

    static func cells(_ record: JSONValue) -> [Table.Cell] {
        let index = record["chain"]?["index"]?.int.map { "\($0)" } ?? "?"
        let time = (record["auditTimestamp"]?.text).flatMap { Timestamp(iso8601: $0) }
        var what = record["type"]?.text ?? record["eventType"]?.text ?? "?"
        if let one = record["guard"]?.text ?? record["guard"]?["guard"]?.text { what += " \(one)" }
        let detail = record["message"]?.text ?? record["detail"]?.text ?? record["reason"]?.text ?? ""
        return [.init(index), .init(time.map { TimeText.of($0) } ?? "?"), .init(what), .init(detail)]
    }
}
