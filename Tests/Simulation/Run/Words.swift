import Domain

/// How a story names things.
package enum Words {
    static func of(_ request: PlatformRequest) -> String {
        switch request {
        case .versions(let bot, let page): "GET versions of \(bot), page \(page)"
        case .sessions(let bot, let environment, _): "GET sessions of \(bot) in \(environment)"
        case .jobs(let bot, let environment, let page): "GET jobs of \(bot ?? "all") in \(environment), page \(page)"
        case .deployed(let bot, let environment): "GET deployed of \(bot) in \(environment)"
        case .status(let id): "GET status of \(id)"
        case .deploy(let request):
            "POST \(request.targetVersion) to \(request.botId) in \(request.environment) (…\(request.idempotencyKey.suffix(9)))"
        case .test(let bot, let environment, let message): "POST test of \(bot) in \(environment): \(message)"
        }
    }

    static func of(_ result: Result<PlatformAnswer, PlatformFailure>) -> String {
        switch result {
        case .failure(let failure): return "\(failure.kind): \(failure.message)"
        case .success(.versions(let versions, _)):
            return "versions \(versions.map { "\($0.id) \($0.status)" }.joined(separator: ", "))"
        case .success(.sessions(let count, _)): return "\(count) sessions"
        case .success(.jobs(let jobs, _)):
            let shown = jobs.prefix(4).map { "\($0.jobId) \($0.botId) \($0.targetVersion) \($0.state.rawValue)" }
            return "jobs \(shown.joined(separator: ", "))\(jobs.count > 4 ? " …" : "")"
        case .success(.deployed(let version)): return "deployed \(version ?? "nothing")"
        case .success(.status(let state, _)): return "status \(state.rawValue)"
        case .success(.accepted(let job)): return "accepted as \(job ?? "nothing")"
        case .success(.turn(let turn)): return "turn \(turn.intent ?? "no intent") by \(turn.versionId ?? "?")"
        }
    }

    static func kind(_ fault: FaultKind) -> PlatformFailure.Kind {
        switch fault {
        case .unauthorized: .unauthorized
        case .forbidden: .forbidden
        case .notFound: .notFound
        case .invalid: .invalid
        case .conflictDependencies: .conflict(.dependencies)
        case .conflictSessions: .conflict(.sessions)
        case .conflictInFlight: .conflict(.inFlight)
        case .conflictUnclear: .conflict(.unclear)
        default: .unclear
        }
    }
}

extension Words {
    static func of(_ what: Happening, _ world: World) -> String {
        func name(_ bot: Int) -> String { world.bots[bot].name }
        func list(_ changes: [Int: Happening.Change]) -> String {
            changes.sorted { $0.key < $1.key }.map { bot, change in
                switch change {
                case .manifest(let spec): "\(name(bot)): \(of(spec))"
                case .removed: "\(name(bot)) is removed"
                case .bad: "\(name(bot)) turns invalid"
                }
            }.joined(separator: "; ")
        }
        switch what {
        case .commit(let changes, let isSigned): return "\(isSigned ? "signed" : "unsigned") commit: \(list(changes))"
        case .revert: return "the newest commit is reverted"
        case .rewind(let count): return "\(count) commits are taken back by force"
        case .rewrite(let changes): return "a history without a common commit is pushed: \(list(changes))"
        case .deployed(let bot, let version, let by, let takes):
            return "\(by.rawValue) deploys \(version) to \(name(bot)), which takes \(takes.text)"
        case .sessions(let bot, let count): return "\(name(bot)) has \(count) sessions"
        case .published(let bot, let version, let isPublished):
            return "\(version) of \(name(bot)) is \(isPublished ? "" : "no longer ")published"
        case .decision(let choice): return "a person wants: \(choice)"
        case .hook: return "a webhook comes"
        case .pass: return "a person asks for a pass"
        case .clock(let milliseconds): return "the wall clock is set by \(milliseconds) ms"
        case .killed(let span): return "SIGKILL, and a restart after \(span.text)"
        case .stopped(let span): return "SIGTERM, and a restart after \(span.text)"
        case .second: return "a second process is started"
        case .away(let place, let span): return "\(place) is away for \(span.text)"
        case .strangersNote: return "another writer adds a note"
        }
    }

    static func of(_ spec: Manifest.Spec) -> String {
        var words = ["wants \(spec.version)"]
        if let version = spec.fallbackVersion { words.append("falls back to \(version)") }
        if spec.mode == .alert { words.append("alert only") }
        if !spec.selfHeal { words.append("no self-heal") }
        if spec.suspend { words.append("suspended") }
        if spec.onFailure == .hold { words.append("holds on failure") }
        if spec.guards.maxActiveSessions > 0 { words.append("at most \(spec.guards.maxActiveSessions) sessions") }
        if spec.guards.cooldown > .zero { words.append("cooldown \(spec.guards.cooldown.text)") }
        if !spec.guards.validateDependencies { words.append("dependencies not validated") }
        if !spec.guards.requirePublished { words.append("need not be published") }
        for window in spec.guards.windows {
            words.append("\(window.kind.rawValue) window \(window.schedule) for \(window.duration.text)")
        }
        if !spec.verify.isEmpty { words.append("\(spec.verify.count) verify cases") }
        return words.joined(separator: ", ")
    }
}
