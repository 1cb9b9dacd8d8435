import Domain
import Wire

/// The line with which a clone gets the notes; plain `git fetch` leaves them out.
enum NotesFetch {
    static func line(ref: String) -> String { "git fetch origin '+\(ref):\(ref)'" }

    static func shape(_ audit: AuditSettings) -> TraceShape.Notes {
        TraceShape.Notes(ref: audit.notesRef, fetch: line(ref: audit.notesRef))
    }
}

/// From the commit to the deployed version, for people.
enum TraceText {
    static func text(_ trace: TraceShape, colors: Bool) -> String {
        var text = Table.fields(fields(trace), colors: colors)
        if !trace.events.isEmpty {
            var table = Table(header: [], indent: "  ")
            table.rows = trace.events.flatMap(rows)
            text += "\n" + Paint.bold.on("Events", colors) + "\n" + table.text(colors: colors)
        }
        if let declared = trace.commit?.sha {
            let show = "git log --notes=\(shortName(trace.notes.ref)) -1 \(declared.shortCommit)"
            text += "\nThe notes beside the commit, in a clone:\n  \(trace.notes.fetch)\n  \(show)\n"
        }
        return text
    }

    private static func shortName(_ ref: String) -> String {
        ref.hasPrefix("refs/notes/") ? String(ref.dropFirst("refs/notes/".count)) : ref
    }

    private static func fields(_ trace: TraceShape) -> [(String, String?)] {
        let bot = trace.bot
        var fields: [(String, String?)] = [
            ("Bot", "\(bot.name) (\(bot.platform)/\(bot.botId)/\(bot.environment))")
        ]
        if let commit = trace.commit {
            fields += [
                ("Commit", commit.sha + (commit.title.map { " “\($0)”" } ?? "")),
                ("Author", "\(commit.author), \(TimeText.of(iso: commit.committedAt))"),
                ("Reverts", commit.reverts),
                ("Manifest", bot.manifest?.path),
                ("Desired", bot.desired),
            ]
        }
        if let rollout = trace.rollout {
            let outcome = rollout.outcome ?? "open (\(rollout.phase))"
            fields += [
                ("Rollout", "\(rollout.id), \(rollout.from ?? "nothing") → \(rollout.to), \(outcome)"),
                ("", rollout.message.isEmpty ? nil : rollout.message),
                ("Jobs", rollout.jobIds.isEmpty ? nil : rollout.jobIds.joined(separator: ", ")),
            ]
        }
        let by = trace.observed?.by.map { ", by \($0)" } ?? ""
        let when = trace.observed?.at.map { " since \(TimeText.of(iso: $0))" } ?? ""
        fields += [
            ("Deployed", trace.observed.map { ($0.version ?? "nothing") + when + by } ?? "not observed yet"),
            ("State", bot.state),
            ("", bot.message.isEmpty ? nil : bot.message),
        ]
        return fields
    }

    private static func rows(_ event: TraceShape.TracedEvent) -> [[Table.Cell]] {
        let first: [Table.Cell] = [.init(TimeText.of(iso: event.time)), .init(event.type), .init(event.message)]
        return [first]
            + event.deliveries.map { delivery in
                let answer = delivery.answer.isEmpty ? "" : ": \(delivery.answer)"
                return ["", "", .init("→ \(delivery.sink) \(delivery.status)\(answer)", .dim)]
            }
    }
}
