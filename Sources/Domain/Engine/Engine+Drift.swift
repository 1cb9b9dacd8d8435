/// Drift alerts: transitions only, after enough observations in a row; what lasts is repeated, and its end is always told.
extension Engine {
    /// Once for each pass that observed the bot.
    mutating func noteDrift(_ key: BotKey) {
        guard settings.purpose == .act, let bot = bots[key], rolloutOf[key] == nil else { return }
        // Most bots of most passes: what serves is what is meant to, and was.
        if bot.drift == nil, let observed = bot.observed, observed.version == bot.target { return }
        let assessment = assess(bot)
        guard let observed = bot.observed, let target = assessment.target, assessment.state != .unknown else { return }
        guard observed.version != target, let cause = assessment.cause, isAnnounced(bot, assessment, cause) else {
            return resolveDrift(key)
        }
        var drift =
            bot.drift
            ?? DriftRecord(
                cause: cause, desired: target, deployed: observed.version, firstSeen: now.wall, seen: 0, occurrence: 0,
                announcedAt: nil)
        let isChanged = drift.cause != cause || drift.desired != target || drift.deployed != observed.version
        (drift.cause, drift.desired, drift.deployed) = (cause, target, observed.version)
        if drift.seen < settings.reconcile.driftThreshold { drift.seen += 1 }
        var type: String?
        if let announced = drift.announcedAt {
            if isChanged {
                type = "drift.changed"
            } else if now.tick >= announced + settings.reconcile.repeatInterval {
                type = "drift.detected"
            }
        } else if drift.seen >= settings.reconcile.driftThreshold {
            type = "drift.detected"
        }
        let isRepetition = type == "drift.detected" && drift.announcedAt != nil
        if type != nil {
            drift.occurrence += 1
            drift.announcedAt = now.tick
        }
        update(key) { $0.drift = drift }
        if let type { tellDrift(type, key, drift, isNoted: !isRepetition) }
    }

    /// What is going to converge by itself because a commit asked for it is no drift to alert people about; nor is what
    /// all bots of a suspended platform share.
    private func isAnnounced(_ bot: BotRecord, _ assessment: Assessment, _ cause: DriftCause) -> Bool {
        if assessment.guard == .suspend, bot.suspension == nil, bot.declared?.manifest.spec.suspend != true {
            return false
        }
        if assessment.wish == .alert { return true }
        return cause != .manifest
    }

    mutating func resolveDrift(_ key: BotKey) {
        guard let drift = bots[key]?.drift else { return }
        update(key) { $0.drift = nil }
        if drift.announcedAt != nil { tellDrift("drift.resolved", key, drift, isNoted: true) }
    }

    private mutating func tellDrift(_ type: String, _ key: BotKey, _ drift: DriftRecord, isNoted: Bool) {
        let isOver = type == "drift.resolved"
        let observed = bots[key]?.observed
        // A commit may have ended it by going back to what serves: then that is what is wanted now, and the record says so.
        let desired = isOver ? bots[key]?.target ?? drift.desired : drift.desired
        let message =
            isOver
            ? "the drift is over"
            : "drift (\(drift.cause.rawValue)): wants \(drift.desired), serves \(drift.deployed ?? "nothing")"
        emit(
            type, about: .bot(key), isOver ? .info : .warning, isOver ? .success : .failed, message,
            auditedOn: isNoted ? commit(of: key) : nil
        ) { event in
            event.from = drift.deployed
            event.to = desired
            event.drift = Event.DriftReference(
                cause: drift.cause, desired: desired, deployed: observed?.version ?? drift.deployed,
                changedBy: observed?.by, changedAt: observed?.at, firstSeen: drift.firstSeen,
                occurrence: drift.occurrence)
        }
    }
}
