package import Domain

/// What people decided, kept by somebody who stood beside them.
package struct People: Sendable {
    package struct Waiver: Sendable {
        package var `guard`: Guard
        package var until: Tick
    }

    package var waivers: [BotKey: [Waiver]] = [:]
    /// nil: for good.
    package var suspendedBots: [BotKey: Tick?] = [:]
    package var suspendedPlatforms: [String: Tick?] = [:]
    package var suspendedAll: Tick??
    /// Commits that somebody approved, and with what right.
    package var approved: [CommitID: Bool] = [:]
    /// By platform, the bots whose drift somebody approved to be undone.
    package var approvedDrift: [String: Set<BotKey>] = [:]
    /// Versions to which a person rolled a bot.
    package var rolledTo: [BotKey: Set<String>] = [:]

    package mutating func take(
        _ kind: Decision.Kind, key: (String) -> BotKey?, mayOverrideTrust: Bool, at now: Now, commit: CommitID?,
        driftHeld: [BotKey]
    ) {
        switch kind {
        case .approve: if let commit { approved[commit] = mayOverrideTrust || approved[commit] == true }
        case .approveDrift(let platform): approvedDrift[platform, default: []].formUnion(driftHeld)
        case .waive(let name, let one):
            guard let key = key(name) else { return }
            waivers[key, default: []].append(Waiver(guard: one, until: now.tick + .hours(1)))
        case .suspend(let target, let span): suspend(target, until: span.map { now.tick + $0 }, key)
        case .resume(.all): suspendedAll = nil
        case .resume(.named(let name)):
            if let key = key(name) { suspendedBots[key] = nil } else { suspendedPlatforms[name] = nil }
        case .rollbackWithoutGit(let name, let version):
            guard let key = key(name) else { return }
            rolledTo[key, default: []].formUnion(version.map { [$0] } ?? [])
        case .release, .enableSink, .redeliver: break
        }
    }

    private mutating func suspend(_ target: Decision.SuspensionTarget, until: Tick?, _ key: (String) -> BotKey?) {
        switch target {
        case .all: suspendedAll = .some(until)
        case .named(let name):
            if let key = key(name) {
                suspendedBots[key] = .some(until)
            } else {
                suspendedPlatforms[name] = .some(until)
            }
        }
    }

    package func isSuspended(_ key: BotKey, at tick: Tick) -> Bool {
        [suspendedBots[key], suspendedPlatforms[key.platform], suspendedAll].contains { entry in
            guard let until = entry else { return false }
            return until.map { $0 > tick } ?? true
        }
    }

    package func hasTemporary(at tick: Tick) -> Bool {
        let ends = Array(suspendedBots.values) + Array(suspendedPlatforms.values) + [suspendedAll ?? nil]
        let isSuspended = ends.contains { until in until.map { $0 > tick } ?? false }
        return isSuspended || waivers.values.contains { list in list.contains { $0.until > tick } }
    }

    package func isWaived(_ one: Guard, _ key: BotKey, at tick: Tick) -> Bool {
        waivers[key]?.contains { $0.guard == one && $0.until > tick } ?? false
    }
}
