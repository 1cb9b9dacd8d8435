/// What lasts is told again every `reconcile.repeatInterval`, as the same condition: a pager that was silenced, or a sink that
/// was added since, hears of it, too. Drift repeats itself (`Engine+Drift`).
extension Engine {
    /// Events that open a condition which is the bot's own.
    private static let lastingOfBots: Set<String> = [
        "rollout.held", "rollout.waiting", "rollout.blocked", "rollout.degraded", "rollout.indeterminate",
        "rollout.timed-out", "rollout.failed", "bot.contested", "manifest.invalid",
    ]
    private static let lastingOfOthers: Set<String> = [
        "source.unreachable", "source.rewritten", "source.untrusted", "platform.unreachable", "platform.halted",
        "platform.held", "commit.held", "manifest.invalid", "sink.disabled",
    ]

    /// Called for every event: from its opening on, a condition's time runs.
    mutating func noteTold(_ type: String, _ subject: EventSubject) {
        let tick = now.tick
        if case .bot(let key) = subject {
            if Engine.lastingOfBots.contains(type) { update(key) { $0.toldAt = tick } }
        } else if Engine.lastingOfOthers.contains(type) {
            updateFleet { $0.told = ($0.told ?? [:]).merging([Engine.name(type, subject): tick]) { _, new in new } }
        }
    }

    private static func name(_ type: String, _ subject: EventSubject) -> String { "\(type)|\(subject.identity)" }

    // MARK: Bots

    /// Once for each pass that observed the bot.
    mutating func repeatLasting(_ key: BotKey) {
        guard let bot = bots[key], let told = bot.toldAt, isDue(told), let lasting = lasting(bot) else { return }
        emit(lasting.type, about: .bot(key), lasting.severity, .failed, lasting.message) { event in
            event.guardName = lasting.guardName
        }
    }

    private struct Lasting {
        var type: String
        var severity = Severity.warning
        var message: String
        var guardName: String?
    }

    /// Reasons that many bots share are repeated by the source, commit or platform.
    private func lasting(_ bot: BotRecord) -> Lasting? {
        let condition = bot.condition
        let name = condition.guard?.rawValue
        switch (condition.state, condition.guard) {
        case (.held, .trust), (.held, .halt), (.held, .blastRadius): return nil
        case (.held, .contested):
            return Lasting(type: "bot.contested", severity: .critical, message: condition.message)
        case (.held, _): return Lasting(type: "rollout.held", message: condition.message, guardName: name)
        case (.waiting, _): return Lasting(type: "rollout.waiting", message: condition.message, guardName: name)
        case (.blocked, _): return Lasting(type: "rollout.blocked", message: condition.message, guardName: name)
        case (.degraded, _):
            return Lasting(type: "rollout.degraded", severity: .critical, message: condition.message)
        case (.indeterminate, _):
            let isTimedOut = bot.standing?.outcome == .timedOut
            return Lasting(
                type: isTimedOut ? "rollout.timed-out" : "rollout.indeterminate",
                severity: isTimedOut ? .error : .critical, message: condition.message)
        case (.invalid, .manifest) where bot.frozen != nil:
            return Lasting(
                type: "manifest.invalid", severity: .error, message: Engine.frozenMessage(condition.message))
        default: return nil
        }
    }

    static func frozenMessage(_ place: String) -> String { "the manifest is invalid and the bot is frozen: \(place)" }

    private func isDue(_ told: Tick) -> Bool { now.tick >= told + settings.reconcile.repeatInterval }

    // MARK: What many share

    /// At the end of a pass.
    mutating func repeatShared() {
        guard settings.purpose == .act, let told = fleet.told, !told.isEmpty else { return }
        var open: Set<String> = []
        for lasting in sharedConditions() {
            let name = Engine.name(lasting.type, lasting.subject)
            open.insert(name)
            guard let at = told[name], isDue(at) else { continue }
            let names = named(lasting.bots)
            emit(lasting.type, about: lasting.subject, lasting.severity, .failed, lasting.message) { event in
                guard !names.isEmpty else { return }
                event.botCount = lasting.bots.count
                event.bots = names
            }
        }
        guard let present = fleet.told, !present.keys.allSatisfy(open.contains) else { return }
        updateFleet { $0.told = present.filter { open.contains($0.key) } }
    }

    private struct Shared {
        var type: String
        var subject: EventSubject
        var severity: Severity
        var message: String
        var bots: [BotKey] = []
    }

    private func sharedConditions() -> [Shared] {
        var found: [Shared] = []
        if let message = source.unreachable {
            found.append(Shared(type: "source.unreachable", subject: .source, severity: .warning, message: message))
        }
        if let held = source.held {
            let type = held.rewritten ? "source.rewritten" : "source.untrusted"
            let message = "\(held.message); held until approved"
            found.append(Shared(type: type, subject: .source, severity: .critical, message: message))
        }
        for platform in platforms.values.sorted(by: { $0.name < $1.name }) { found += conditions(of: platform) }
        for move in openMoves where move.status == .held {
            let subject = EventSubject.commit(move.head)
            found.append(
                Shared(
                    type: "commit.held", subject: subject, severity: .warning, message: heldMessage(move),
                    bots: move.bots))
        }
        for sink in sinks.values.sorted(by: { $0.name < $1.name }) where sink.disabled != nil {
            let subject = EventSubject.sink(sink.name)
            found.append(
                Shared(
                    type: "sink.disabled", subject: subject, severity: .error,
                    message: Engine.disabledMessage(sink.name)))
        }
        for file in files.values.sorted(by: { $0.path < $1.path }) {
            guard let first = (file.problems + file.documents.flatMap(\.problems)).first else { continue }
            found.append(
                Shared(
                    type: "manifest.invalid", subject: .file(file.path), severity: .error,
                    message: Engine.place(first)))
        }
        return found
    }

    private func conditions(of platform: PlatformRecord) -> [Shared] {
        let subject = EventSubject.platform(platform.name)
        var found: [Shared] = []
        func add(_ type: String, _ message: String, _ bots: [BotKey] = []) {
            found.append(Shared(type: type, subject: subject, severity: .critical, message: message, bots: bots))
        }
        if let message = platform.unreachable {
            add("platform.unreachable", "platform \(platform.name): \(message)")
        }
        if let reason = platform.halted { add("platform.halted", reason) }
        if !platform.driftHeld.isEmpty { add("platform.held", wideDriftMessage(platform.name), platform.driftHeld) }
        return found
    }
}
