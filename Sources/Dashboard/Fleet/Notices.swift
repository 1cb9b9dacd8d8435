package import Domain

extension Notice {
    /// What the engine knows that stops or endangers many bots at once, the gravest first.
    package static func all(of engine: Engine) -> [Notice] {
        source(engine) + platforms(engine) + decisions(engine) + reports(engine)
    }

    private static func source(_ engine: Engine) -> [Notice] {
        var found: [Notice] = []
        if let held = engine.source.held {
            let title = held.rewritten ? "The branch was rewritten" : "A head is held"
            found.append(Notice(.fail, title, held.message, remedy: "ballast approve \(held.head.hex)"))
        }
        if let reason = engine.source.unreachable {
            found.append(Notice(.warn, "The repository cannot be read", reason, remedy: "ballast doctor"))
        }
        let held = engine.moves.values.filter { $0.status == .held }.sorted { $0.number < $1.number }
        for move in held {
            let most = engine.settings.reconcile.maxBotsPerCommit
            found.append(
                Notice(
                    .stop, "Commit \(move.head.short) is held",
                    "It changes \(Words.count(move.counted, "bot")); \(most) may move at once.",
                    remedy: "ballast approve \(move.head.hex)"))
        }
        if engine.fleet.restored != nil {
            found.append(
                Notice(
                    .stop, "The state was restored from a backup", "No rollout starts until every bot was observed."))
        }
        return found
    }

    private static func platforms(_ engine: Engine) -> [Notice] {
        engine.platforms.values.sorted { $0.name < $1.name }.flatMap { platform -> [Notice] in
            var found: [Notice] = []
            if let reason = platform.halted {
                found.append(
                    Notice(
                        .fail, "Platform \(platform.name) is halted", reason, remedy: "ballast release \(platform.name)"
                    ))
            }
            if let reason = platform.unreachable {
                found.append(
                    Notice(.fail, "Platform \(platform.name) cannot be used", reason, remedy: "ballast doctor"))
            }
            if !platform.driftHeld.isEmpty {
                found.append(
                    Notice(
                        .stop, "Drift on platform \(platform.name) is held",
                        "\(Words.count(platform.driftHeld.count, "bot")) were changed there behind git's back.",
                        remedy: "ballast approve --drift \(platform.name)"))
            }
            if let suspension = platform.suspension {
                found.append(
                    suspended("Platform \(platform.name) is suspended", suspension, "ballast resume \(platform.name)"))
            }
            return found
        }
    }

    private static func decisions(_ engine: Engine) -> [Notice] {
        engine.fleet.suspension.map { [suspended("All bots are suspended", $0, "ballast resume --all")] } ?? []
    }

    private static func suspended(_ title: String, _ suspension: Suspension, _ remedy: String) -> Notice {
        Notice(.calm, title, "By \(suspension.by): \(suspension.reason)", remedy: remedy)
    }

    private static func reports(_ engine: Engine) -> [Notice] {
        var found: [Notice] = []
        if engine.fleet.trailTroubleToldAt != nil {
            found.append(
                Notice(
                    .fail, "The audit log is in trouble",
                    engine.fleet.logTrouble ?? engine.fleet.trailFinding
                        ?? "It cannot be written, or is not what the journal says.",
                    remedy: "ballast audit verify"))
        }
        if let reason = engine.notesFailure {
            found.append(Notice(.warn, "Git notes could not be pushed", reason))
        }
        for sink in engine.sinks.values.sorted(by: { $0.name < $1.name }) {
            guard let answer = sink.disabled else { continue }
            found.append(
                Notice(
                    .warn, "Sink \(sink.name) is disabled", "It answered 410: \(answer)",
                    remedy: "ballast notifications enable \(sink.name)"))
        }
        return found
    }
}
