/// What an event is about; decides its stream, and with it the order in which a sink receives it.
enum EventSubject: Hashable, Sendable {
    case bot(BotKey)
    case source
    case commit(CommitID)
    case file(String)
    case platform(String)
    case sink(String)
    case audit

    var stream: String {
        switch self {
        case .bot(let key): key.description
        case .source, .commit, .file: "source"
        case .platform(let name): "platform/\(name)"
        case .sink(let name): "sink/\(name)"
        case .audit: "audit"
        }
    }

    /// What an incident is about, without cause, versions, times or ids.
    var identity: String {
        switch self {
        case .commit(let id): "commit/\(id)"
        case .file(let path): "file/\(path)"
        case .bot, .source, .platform, .sink, .audit: stream
        }
    }
}

extension Engine {
    /// Makes an event and, where `auditedOn` is given or `isRecorded`, its audit record, in this step's transaction.
    /// - Parameter ending: the type of the condition that is over, where its end is told with the type of another.
    mutating func emit(
        _ type: String, about subject: EventSubject, _ severity: Severity, _ status: Event.Status, _ message: String,
        auditedOn commit: CommitID? = nil, isRecorded: Bool = false, ending: String? = nil,
        configure: (inout Event) -> Void = { _ in }
    ) {
        guard settings.purpose == .act else { return }
        var event = Event(
            id: random.uuid7(at: now.wall), type: type, time: now.wall, severity: severity,
            sequence: nextSequence(subject), stream: subject.stream,
            fingerprint: tools.sha256("\(Event.condition(of: ending ?? type))|\(subject.identity)"), message: message,
            status: status)
        if case .bot(let key) = subject, let bot = bots[key] {
            let labels = bot.latest?.manifest.labels ?? [:]
            event.bot = Event.BotReference(key: key, name: bot.name, labels: labels)
            event.commit = bot.latest.map { Event.CommitReference($0.provenance) }
            event.from = bot.observed?.version
            event.to = bot.target
        }
        if type == "manifest.invalid" { event.about = source.accepted }
        if case .commit(let id) = subject { event.about = id }
        configure(&event)
        measureCommit(&event)
        send(event, causingPass(subject, event))
        noteTold(type, subject)
        if commit != nil || isRecorded { audit(event, commit) }
    }

    /// Whoever asked for a pass is told what it led to, to the end of its rollouts.
    private func causingPass(_ subject: EventSubject, _ event: Event) -> Int? {
        if case .bot(let key) = subject, let id = event.rollout?.id ?? rolloutOf[key], let pass = passOf[id] {
            return pass
        }
        return pass == .idle ? nil : passCount
    }

    private mutating func nextSequence(_ subject: EventSubject) -> Int64 {
        if case .bot(let key) = subject, let bot = bots[key] {
            update(key) { $0.sequence += 1 }
            return bot.sequence + 1
        }
        let next = (fleet.sequences[subject.stream] ?? 0) + 1
        updateFleet { $0.sequences[subject.stream] = next }
        return next
    }

    /// Drift and people's decisions stand in the notes; the rest is in journal and log alone.
    private mutating func audit(_ event: Event, _ commit: CommitID?) {
        let isNoted = event.type.hasPrefix("drift.") || event.type.hasPrefix("decision.")
        let notedOn = isNoted ? commit : nil
        var fields = AuditFields.of(event)
        // A record tells by itself on which commit its note stands.
        if let notedOn, event.commit?.sha != notedOn { fields["commit"] = .object(["sha": .string(notedOn.hex)]) }
        out.transaction.records.append(
            AuditDraft(fields: fields, at: now.wall, bot: event.bot?.key, rolloutId: nil, notedOn: notedOn))
        if let notedOn { notes.expect(notedOn, at: now.tick) }
    }

    /// One step of a rollout; its end stands in the note of the commit that asked for it.
    mutating func record(_ rollout: Rollout, step: String, _ fields: [String: JSONValue]) {
        guard settings.purpose == .act else { return }
        let isEnd = step == "end"
        var members = AuditFields.of(rollout, step: step, at: now.wall)
        members.merge(fields) { _, own in own }
        if isEnd, let restoredAt = bots[rollout.key]?.restoredAt {
            members["restoredAt"] = .string(restoredAt.iso8601)
            update(rollout.key) { $0.restoredAt = nil }
        }
        out.transaction.records.append(
            AuditDraft(
                fields: members, at: now.wall, bot: rollout.key, rolloutId: rollout.id,
                notedOn: isEnd ? rollout.provenance.commit : nil, closesSteps: isEnd))
        if isEnd { notes.expect(rollout.provenance.commit, at: now.tick) }
    }
}

extension Event {
    /// The condition that events of a family share: an incident opened by one is closed by the other.
    static func condition(of type: String) -> String {
        switch type {
        case "source.unreachable", "source.recovered": "source.unreachable"
        case "platform.unreachable", "platform.recovered": "platform.unreachable"
        case "platform.halted", "platform.held", "platform.released": "platform.halted"
        case "commit.held", "commit.approved": "commit.held"
        case "audit.broken", "audit.mended": "audit.broken"
        case "sink.disabled", "sink.enabled": "sink.disabled"
        case "bot.managed", "bot.unmanaged": "bot.unmanaged"
        case "manifest.invalid", "manifest.fixed": "manifest.invalid"
        default: type.split(separator: ".").first == "source" ? type : String(type.split(separator: ".").first ?? "")
        }
    }

    /// The members that tell of a rollout.
    mutating func describe(_ rollout: Rollout) {
        from = rollout.from
        to = rollout.to
        jobId = rollout.jobIds.last
        commit = CommitReference(rollout.provenance)
        verification = rollout.turns
        self.rollout = RolloutReference(
            id: rollout.id, outcome: rollout.outcome, direction: rollout.direction, startedAt: rollout.startedAt,
            endedAt: rollout.endedAt, phases: rollout.marks,
            fallback: rollout.outcome == .failedOver ? rollout.fallback : nil)
    }
}

extension Event.CommitReference {
    init(_ commit: CommitInfo) {
        self.init(
            sha: commit.id, author: commit.author, committer: commit.committer, message: commit.message,
            committedAt: commit.committedAt, reverts: nil, signature: commit.signature.description)
    }

    package init(_ provenance: Provenance) {
        self.init(
            sha: provenance.commit, author: provenance.author, committer: provenance.committer,
            message: provenance.message, committedAt: provenance.committedAt, reverts: provenance.reverts,
            signature: provenance.signature.description)
    }
}
