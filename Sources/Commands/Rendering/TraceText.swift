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
    static func text(
        _ bot: BotRecord, _ rollout: Rollout?, _ events: [(event: Event, deliveries: [DeliveryState])],
        _ notes: TraceShape.Notes, colors: Bool
    ) -> String {
        var text = Table.fields(fields(bot, rollout), colors: colors)
        if !events.isEmpty {
            var table = Table(header: [], indent: "  ")
            table.rows = events.flatMap { rows($0.event, $0.deliveries) }
            text += "\n" + Paint.bold.on("Events", colors) + "\n" + table.text(colors: colors)
        }
        let declared = (bot.pending?.declaration ?? bot.declared)?.provenance.commit
        if let declared {
            let show = "git log --notes=\(shortName(notes.ref)) -1 \(declared.short)"
            text += "\nThe notes beside the commit, in a clone:\n  \(notes.fetch)\n  \(show)\n"
        }
        return text
    }

    private static func shortName(_ ref: String) -> String {
        ref.hasPrefix("refs/notes/") ? String(ref.dropFirst("refs/notes/".count)) : ref
    }

    private static func fields(_ bot: BotRecord, _ rollout: Rollout?) -> [(String, String?)] {
        var fields: [(String, String?)] = [("Bot", "\(bot.name) (\(bot.key))")]
        if let declaration = bot.pending?.declaration ?? bot.declared {
            let commit = declaration.provenance
            let title = commit.message.split(separator: "\n").first.map { " “\($0)”" } ?? ""
            fields += [
                ("Commit", "\(commit.commit)\(title)"),
                ("Author", "\(commit.author), \(TimeText.of(commit.committedAt))"),
                ("Reverts", commit.reverts?.hex),
                ("Manifest", declaration.path),
                ("Desired", declaration.manifest.spec.version),
            ]
        }
        if let rollout {
            let outcome = rollout.outcome?.rawValue ?? "open (\(rollout.phase.rawValue))"
            fields += [
                ("Rollout", "\(rollout.id), \(rollout.from ?? "nothing") → \(rollout.to), \(outcome)"),
                ("", rollout.message.isEmpty ? nil : rollout.message),
                ("Jobs", rollout.jobIds.isEmpty ? nil : rollout.jobIds.joined(separator: ", ")),
            ]
        }
        let by = bot.observed?.by.map { ", by \($0)" } ?? ""
        let when = bot.observed?.at.map { " since \(TimeText.of($0))" } ?? ""
        fields += [
            ("Deployed", bot.observed.map { ($0.version ?? "nothing") + when + by } ?? "not observed yet"),
            ("State", bot.condition.state.rawValue),
            ("", bot.condition.message.isEmpty ? nil : bot.condition.message),
        ]
        return fields
    }

    private static func rows(_ event: Event, _ deliveries: [DeliveryState]) -> [[Table.Cell]] {
        let first: [Table.Cell] = [.init(TimeText.of(event.time)), .init(event.type), .init(event.message)]
        return [first]
            + deliveries.map { delivery in
                let answer = delivery.answer.isEmpty ? "" : ": \(delivery.answer)"
                return ["", "", .init("→ \(delivery.sink) \(delivery.status.rawValue)\(answer)", .dim)]
            }
    }
}
