import Domain

/// The parts of a story that stand before what happened.
enum Story {
    static func of(_ bot: WorldBot) -> String {
        let versions = bot.versions.map { version in
            var words: [String] = []
            if !version.isPublished { words.append("not published") }
            if version.fails { words.append("its job fails") }
            if version.isBad { words.append("fails verification") }
            if version.isFlaky { words.append("sometimes fails verification") }
            if version.hangs { words.append("its job hangs") }
            return words.isEmpty ? version.id : "\(version.id) (\(words.joined(separator: ", ")))"
        }
        return "\(bot.name) is \(bot.key), serves \(bot.servesFirst ?? "nothing"), a job takes \(bot.jobTime.text), "
            + "\(bot.sessions) sessions; versions \(versions.joined(separator: ", "))"
    }

    static func of(_ configuration: Configuration) -> [String] {
        let reconcile = configuration.reconcile
        var lines = [
            "  at most \(reconcile.maxConcurrentRollouts) rollouts, \(reconcile.maxBotsPerCommit) bots a commit, "
                + "rolloutTimeout \(reconcile.rolloutTimeout.text), verifyTimeout \(reconcile.verifyTimeout.text), halt after "
                + "\(reconcile.haltFailures), contest \(reconcile.contest.text), driftThreshold \(reconcile.driftThreshold)",
            "  signatures \(configuration.source.trust.signatures), rewrites \(configuration.source.trust.rewrites)",
        ]
        for platform in configuration.platforms {
            lines.append(
                "  platform \(platform.name): timeout \(platform.timeout.text), \(platform.rateLimit.requests) requests per "
                    + "\(platform.rateLimit.per.text), \(platform.maxConcurrentRequests) at once")
        }
        return lines
    }

    static func of(_ site: FaultPlan.Site, _ fault: Fault) -> String {
        "\(fault.kind.rawValue) at \(site.place.rawValue) \(site.number)"
    }

    /// Those that it names.
    static func bots(of what: Happening) -> [Int] {
        switch what {
        case .commit(let changes, _), .rewrite(let changes): changes.keys.sorted()
        case .deployed(let bot, _, _, _), .sessions(let bot, _), .published(let bot, _, _): [bot]
        default: []
        }
    }
}
