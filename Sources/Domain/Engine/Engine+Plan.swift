/// `plan`: every guard of the drifted bots is judged, and nothing is started.
struct GuardProbe: Sendable {
    var verdicts: [GuardVerdict]
    var direction: Direction?
    var versions: [VersionInfo] = []
    var sessions = 0
}

extension Engine {
    mutating func beginProbes(_ members: [BotKey]) {
        guard settings.purpose == .plan else { return }
        for key in members {
            guard let bot = bots[key], let target = bot.pending?.declaration.manifest.spec.version ?? bot.target,
                let observed = bot.observed, observed.version != target, settings.selector?.matches(bot) ?? true
            else { continue }
            var verdicts = Guard.admission.map { verdict(of: $0, bot, target: target) }
            if let declared = bot.latest {
                let guards = settings.policy.tightened(declared.manifest.spec).guards
                let (window, cooldown, _) = timeVerdicts(bot, guards: guards, isReturn: bot.verified.contains(target))
                verdicts += [window, cooldown]
            }
            let running = bot.openJobs.map(\.jobId).filter { !bot.releasedJobs.contains($0) }.joined(separator: ", ")
            probes[key] = GuardProbe(
                verdicts: verdicts + [
                    GuardVerdict(
                        .inFlight, running.isEmpty ? .pass : .wait,
                        running.isEmpty ? "no deployment is running" : "job \(running) is running")
                ])
            ask(.versions(botId: key.botId, page: 1), of: key.platform, for: .probe(key), isFirstClass: true)
            ask(
                .sessions(botId: key.botId, environment: key.environment, page: 1), of: key.platform, for: .probe(key),
                isFirstClass: true)
        }
    }

    mutating func probed(_ key: BotKey, _ exchange: PlatformExchange) {
        guard let bot = bots[key], let declared = bot.latest, var probe = probes[key] else { return }
        let guards = declared.manifest.spec.guards
        switch exchange.result {
        case .failure(let failure):
            let isSessions = probe.verdicts.contains { $0.guard == .version }
            probe.verdicts.append(GuardVerdict(isSessions ? .sessions : .version, .unknown, failure.message))
        case .success(.versions(let versions, let page)):
            probe.versions += versions
            if let next = page.next, next <= Engine.maxFeedPages {
                ask(.versions(botId: key.botId, page: next), of: key.platform, for: .probe(key), isFirstClass: true)
                break
            }
            let target = bot.pending?.declaration.manifest.spec.version ?? bot.target ?? ""
            probe.verdicts.append(
                VersionJudge.verdict(target, among: probe.versions, guards: guards, environment: key.environment))
            probe.direction = VersionJudge.direction(from: bot.observed?.version, to: target, among: probe.versions)
        case .success(.sessions(let count, let page)):
            probe.sessions += count
            if probe.sessions <= guards.maxActiveSessions, let next = page.next, next <= Engine.maxFeedPages {
                ask(
                    .sessions(botId: key.botId, environment: key.environment, page: next), of: key.platform,
                    for: .probe(key), isFirstClass: true)
                break
            }
            let passes = probe.sessions <= guards.maxActiveSessions
            probe.verdicts.append(
                GuardVerdict(
                    .sessions, passes ? .pass : .wait,
                    "\(probe.sessions) active, at most \(guards.maxActiveSessions)",
                    waived: !passes && waived(bot).contains(.sessions)))
        case .success: break
        }
        probe.verdicts.sort { $0.guard < $1.guard }
        probes[key] = probe
    }

    /// One line of `plan`, `status` and `reconcile`.
    package func report(on bot: BotRecord) -> BotReport {
        let assessment = assess(bot)
        let id = rolloutOf[bot.key]
        let rollout = id.flatMap { machines[$0]?.rollout }
        let desired = bot.latest?.manifest.spec.version
        let target = bot.pending?.declaration.manifest.spec.version ?? assessment.target ?? bot.target
        let isManaged = assessment.state != .unmanaged
        let differs = isManaged && bot.observed.map { $0.version != desired } ?? false
        let isOff = isManaged && bot.observed.map { $0.version != target } ?? false
        var action = BotReport.Action.none
        if assessment.wish == .alert, assessment.state != .suspended {
            action = .alert
        } else if isOff, ![.unknown, .invalid, .suspended].contains(assessment.state) {
            let direction =
                rollout?.direction ?? probes[bot.key]?.direction
                ?? (bot.observed?.version == nil ? .deployment : .rollback)
            action = direction == .rollback ? .rollback : .deployment
        }
        let isKnown = assessment.state != .unknown
        return BotReport(
            key: bot.key, name: bot.name, desired: desired, deployed: isKnown ? bot.observed?.version : nil,
            isDeployedKnown: isKnown && bot.observed != nil, state: assessment.state, guard: assessment.guard,
            message: assessment.message, cause: differs || isOff ? assessment.cause : nil, action: action,
            declaration: bot.latest, guards: probes[bot.key]?.verdicts ?? rollout?.guards ?? [], differs: differs,
            isOff: isOff,
            isLeftAlone: isLeftAlone(bot, assessment), isSelected: settings.selector?.matches(bot) ?? true,
            since: bot.condition.since)
    }

    /// By a decision: suspended, `mode: alert`, `selfHeal: false`, unmanaged.
    private func isLeftAlone(_ bot: BotRecord, _ assessment: Assessment) -> Bool {
        assessment.state == .unmanaged || assessment.state == .suspended || assessment.wish == .alert
    }

    /// Every bot that was ever managed, by name.
    package func reports() -> [BotReport] {
        bots.values.map(report).sorted { ($0.name, $0.key) < ($1.name, $1.key) }
    }

    package func problems() -> [Problem] {
        files.values.flatMap { $0.problems + $0.documents.flatMap(\.problems) }
            .sorted { ($0.path, $0.line, $0.column) < ($1.path, $1.line, $1.column) }
    }
}

/// What is known of one bot at one moment, for people and pipelines.
package struct BotReport: Sendable {
    package enum Action: String, Sendable { case none, rollback, deployment, alert }

    package var key: BotKey
    package var name: String
    package var desired: String?
    package var deployed: String?
    package var isDeployedKnown: Bool
    package var state: BotCondition.State
    package var `guard`: Guard?
    package var message: String
    package var cause: DriftCause?
    package var action: Action
    package var declaration: Declaration?
    package var guards: [GuardVerdict]
    /// Desired and deployed are known to differ.
    package var differs: Bool
    /// What serves is known not to be what the bot is meant to serve, which after a failover is the fallback.
    package var isOff: Bool
    package var isLeftAlone: Bool
    package var isSelected: Bool
    package var since: Timestamp
}
