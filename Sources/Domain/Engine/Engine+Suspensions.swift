/// Suspending and resuming a bot, a platform or all: nothing is started, what is sent runs to its end.
extension Engine {
    mutating func suspend(
        _ target: Decision.SuspensionTarget, _ span: Span?, _ decision: Decision
    ) throws(DecisionError) -> String {
        let suspension = Suspension(by: decision.by, reason: decision.reason, until: span.map { now.tick + $0 })
        let until = span.map { " for \($0.text)" } ?? ""
        switch try scope(of: target) {
        case .bot(let key):
            update(key) { $0.suspension = suspension }
            if let until = suspension.until { timers.add(.bot(key), at: until) }
        case .platform(let name): updatePlatform(name) { $0.suspension = suspension }
        case .all: updateFleet { $0.suspension = suspension }
        }
        if let until = suspension.until { timers.add(.general, at: until) }
        return try finishSuspension("suspend", "suspended", target, decision, until)
    }

    mutating func resume(_ target: Decision.SuspensionTarget, _ decision: Decision) throws(DecisionError) -> String {
        switch try scope(of: target) {
        case .bot(let key):
            guard bots[key]?.suspension != nil else { throw notSuspended(target) }
            update(key) { $0.suspension = nil }
        case .platform(let name):
            guard platforms[name]?.suspension != nil else { throw notSuspended(target) }
            updatePlatform(name) { $0.suspension = nil }
        case .all:
            guard fleet.suspension != nil else { throw notSuspended(target) }
            updateFleet { $0.suspension = nil }
        }
        return try finishSuspension("resume", "resumed", target, decision, "")
    }

    /// A suspension or a waiver that ends by itself ends in a later process, too.
    mutating func rememberDecisionsEnds() {
        for bot in bots.values.sorted(by: { $0.key < $1.key }) {
            for until in bot.waivers.map(\.until) + [bot.suspension?.until].compactMap({ $0 }) {
                timers.add(.bot(bot.key), at: until)
            }
        }
        let shared = platforms.values.map(\.suspension) + [fleet.suspension]
        for until in shared.compactMap({ $0?.until }).sorted() { timers.add(.general, at: until) }
    }

    private enum Scope {
        case bot(BotKey)
        case platform(String)
        case all
    }

    private func scope(of target: Decision.SuspensionTarget) throws(DecisionError) -> Scope {
        guard case .named(let name) = target else { return .all }
        if settings.platform(name) != nil { return .platform(name) }
        let found = bots.values.filter { $0.name == name || $0.key.description == name }
        if let bot = found.first(where: { $0.latest != nil }) ?? found.first { return .bot(bot.key) }
        throw DecisionError(.unknown, "neither a bot nor a platform is called \(name)")
    }

    private func notSuspended(_ target: Decision.SuspensionTarget) -> DecisionError {
        DecisionError(.nothingToDo, "\(Engine.words(target)) is not suspended by a person")
    }

    private static func words(_ target: Decision.SuspensionTarget) -> String {
        switch target {
        case .named(let name): name
        case .all: "the whole fleet"
        }
    }

    private mutating func finishSuspension(
        _ verb: String, _ participle: String, _ target: Decision.SuspensionTarget, _ decision: Decision, _ until: String
    ) throws(DecisionError) -> String {
        let words = Engine.words(target)
        let subject: EventSubject
        var affected: [BotKey] = []
        switch try scope(of: target) {
        case .bot(let key): (subject, affected) = (.bot(key), [key])
        case .platform(let name):
            (subject, affected) = (.platform(name), bots.keys.filter { $0.platform == name }.sorted())
        case .all: (subject, affected) = (.source, bots.keys.sorted())
        }
        let commit = affected.count == 1 ? affected.first.flatMap(commit(of:)) : source.accepted
        emit(
            "decision.\(verb)", about: subject, .info, .success, "\(decision.by) \(participle) \(words)\(until)",
            auditedOn: commit, isRecorded: true
        ) { event in
            event.decidedBy = decision.by
            event.reason = decision.reason.isEmpty ? nil : decision.reason
        }
        for key in affected {
            if let id = rolloutOf[key] {
                drive(id, verb == "suspend" ? .suspended(reason: "suspended by \(decision.by)") : .worldChanged)
            }
            refresh(key)
        }
        if verb == "resume" { wantPass() }
        return "\(participle) \(words)\(until)"
    }
}
