/// People's decisions: each has an event and an audit record, and takes effect in the same transaction.
extension Engine {
    /// - Returns: what was done, as a sentence for the person, and the step to store and perform.
    package mutating func decide(
        _ decision: Decision, at now: Now
    ) -> Result<(said: String, output: EngineOutput), DecisionError> {
        begin(at: now)
        do throws(DecisionError) {
            let said = try carryOut(decision)
            return .success((said, finish()))
        } catch {
            return .failure(error)
        }
    }

    private mutating func carryOut(_ decision: Decision) throws(DecisionError) -> String {
        switch decision.kind {
        case .approve(let commit): try approve(commit, decision)
        case .approveDrift(let platform): try approveDrift(platform, decision)
        case .release(let name): try release(name, decision)
        case .waive(let name, let one): try waive(name, one, decision)
        case .suspend(let target, let span): try suspend(target, span, decision)
        case .resume(let target): try resume(target, decision)
        case .rollbackWithoutGit(let name, let version): try rollBack(name, to: version, decision)
        case .enableSink(let name): try enableSink(name, decision)
        case .redeliver(let deliveries, let rest): try redeliver(deliveries, rest, decision)
        }
    }

    private func find(_ name: String) throws(DecisionError) -> BotRecord {
        let found = bots.values.filter { $0.name == name || $0.key.description == name }
        if let bot = found.first(where: { $0.latest != nil }) ?? found.first { return bot }
        throw DecisionError(.unknown, "no bot is called \(name); `ballast status` lists those that are known")
    }

    mutating func tell(
        _ verb: String, about subject: EventSubject, _ decision: Decision, _ message: String, on commit: CommitID?,
        overridden: [String] = []
    ) {
        emit(
            "decision.\(verb)", about: subject, .info, .success, message, auditedOn: commit ?? source.accepted,
            isRecorded: true
        ) { event in
            event.decidedBy = decision.by
            event.reason = decision.reason.isEmpty ? nil : decision.reason
        }
        guard !overridden.isEmpty, let last = out.transaction.records.indices.last else { return }
        out.transaction.records[last].fields["overridden"] = .array(overridden.map(JSONValue.string))
    }

    private mutating func release(_ name: String, _ decision: Decision) throws(DecisionError) -> String {
        if let platform = platforms[name], settings.platform(name) != nil { return try release(platform, decision) }
        let bot = try find(name)
        var ended: [String] = []
        if !bot.quarantine.isEmpty {
            ended.append("quarantine of \(bot.quarantine.map(\.version).joined(separator: ", "))")
        }
        if bot.contested != nil { ended.append("contested") }
        if let standing = bot.standing { ended.append(standing.outcome.rawValue) }
        // Our own job is waited for whatever a person says: beside it nothing of ours may be sent.
        let foreign = bot.openJobs.filter { job in
            !isOwn(job, of: bot) && !bot.releasedJobs.contains(job.jobId)
                && job.createdAt.advanced(by: settings.reconcile.rolloutTimeout) < now.wall
        }
        if !foreign.isEmpty { ended.append("the wait for job \(foreign.map(\.jobId).joined(separator: ", "))") }
        guard !ended.isEmpty else {
            throw DecisionError(.nothingToDo, "nothing holds \(bot.name) that `release` could end")
        }
        update(bot.key) { record in
            record.quarantine = []
            record.endContest()
            // What a failover left it with was for the failure's sake alone.
            if record.meant?.rolloutId != nil { record.meant = nil }
            record.standing = nil
            record.releasedJobs = Array((record.releasedJobs + foreign.map(\.jobId)).suffix(Engine.maxOpenJobs))
        }
        let list = ended.joined(separator: ", ")
        tell(
            "release", about: .bot(bot.key), decision, "\(decision.by) released \(bot.name): \(list)",
            on: commit(of: bot.key))
        if let id = rolloutOf[bot.key] {
            let isOver = bot.meant != nil && isOutdated(id)
            drive(id, isOver ? .newerCommit(by: "\(decision.by), with a release") : .worldChanged)
        }
        refresh(bot.key)
        wantPass()
        return "released \(bot.name): \(list)"
    }

    private func isOwn(_ job: JobInfo, of bot: BotRecord) -> Bool {
        if let key = job.idempotencyKey { return key.hasPrefix("ballast-\(stateId)") }
        return bot.standing?.jobId == job.jobId || bot.lastDeployment?.jobIds.contains(job.jobId) == true
    }

    private mutating func release(_ platform: PlatformRecord, _ decision: Decision) throws(DecisionError) -> String {
        guard platform.halted != nil else {
            throw DecisionError(.nothingToDo, "platform \(platform.name) is not halted")
        }
        updatePlatform(platform.name) {
            $0.halted = nil
            $0.failures = []
        }
        tell(
            "release", about: .platform(platform.name), decision, "\(decision.by) released platform \(platform.name)",
            on: nil)
        emit(
            "platform.released", about: .platform(platform.name), .info, .success,
            "platform \(platform.name) is no longer halted")
        worldChangedForAll()
        for key in bots.keys.sorted() where key.platform == platform.name { refresh(key) }
        wantPass()
        return "released platform \(platform.name)"
    }

    private mutating func waive(_ name: String, _ one: Guard, _ decision: Decision) throws(DecisionError) -> String {
        guard Guard.waivable.contains(one) else {
            let list = Guard.waivable.sorted().map(\.rawValue).joined(separator: ", ")
            throw DecisionError(.notAllowed, "`\(one.rawValue)` can't be waived; only \(list)")
        }
        let bot = try find(name)
        let waiver = Waiver(
            guard: one, by: decision.by, reason: decision.reason, until: now.tick + .hours(1),
            rolloutId: rolloutOf[bot.key])
        update(bot.key) { record in
            record.waivers.removeAll { $0.guard == one }
            record.waivers.append(waiver)
            // What it ended over is waived for the next one.
            if record.standing?.outcome == .blocked, record.standing?.guard == one { record.standing = nil }
        }
        timers.add(.bot(bot.key), at: waiver.until)
        tell(
            "waive", about: .bot(bot.key), decision, "\(decision.by) waived \(one.rawValue) for \(bot.name)",
            on: commit(of: bot.key))
        if let id = rolloutOf[bot.key] { drive(id, .worldChanged) }
        // The next rollout is made by the pass, for what the newest commit wants: the waiver holds for one alone.
        refreshCondition(bot.key)
        wantPass()
        return "waived \(one.rawValue) for one rollout of \(bot.name), at most an hour"
    }

    private mutating func rollBack(
        _ name: String, to version: String?, _ decision: Decision
    ) throws(DecisionError) -> String {
        let bot = try find(name)
        guard let declared = bot.declared else { throw DecisionError(.notAllowed, "\(name) has no manifest in force") }
        let serving = bot.observed?.version
        let known = bot.verified.reversed().first { $0 != serving && !bot.rejected.contains($0) }
        guard let target = version ?? known else {
            throw DecisionError(.unknown, "no other version of \(bot.name) was verified here; give one with --to")
        }
        guard bot.verified.contains(target) else {
            let list = bot.verified.isEmpty ? "none was" : bot.verified.joined(separator: ", ")
            throw DecisionError(
                .notAllowed, "\(target) was not verified here, and only such a version can go without git (\(list))")
        }
        update(bot.key) { record in
            if let serving, serving != target { record.rejected.append(serving) }
            record.rejected.removeAll { $0 == target }
            record.quarantine.removeAll { $0.version == target }
            record.endContest()
            if record.standing?.mayBeInFlight != true { record.standing = nil }
            record.meant =
                target == declared.manifest.spec.version
                ? nil
                : MeantVersion(
                    version: target, reason: "since \(decision.by) said so: \(decision.reason)", rolloutId: nil)
        }
        tell(
            "rollback", about: .bot(bot.key), decision, "\(decision.by) rolled \(bot.name) to \(target) without git",
            on: commit(of: bot.key))
        if let id = rolloutOf[bot.key] { drive(id, .newerCommit(by: "\(decision.by), without git")) }
        refresh(bot.key)
        wantPass()
        return "\(bot.name) is meant to serve \(target) until a commit changes it"
    }

    private mutating func enableSink(_ name: String, _ decision: Decision) throws(DecisionError) -> String {
        guard let sink = sinks[name] else { throw DecisionError(.unknown, "no sink is called \(name)") }
        guard sink.disabled != nil else { throw DecisionError(.nothingToDo, "sink \(name) is not disabled") }
        tell("enable", about: .sink(name), decision, "\(decision.by) enabled sink \(name)", on: nil)
        enable(name)
        return "sink \(name) is sent to again"
    }

    /// Those to a sink that is not configured any more stay as they are.
    private mutating func redeliver(
        _ deliveries: [DeliveryState], _ rest: Timestamp?, _ decision: Decision
    ) throws(DecisionError) -> String {
        let known = deliveries.filter { delivery in settings.sinks.contains { $0.name == delivery.sink } }
        guard !known.isEmpty else { throw DecisionError(.unknown, "no sink that is configured was sent such an event") }
        for delivery in known {
            var again = delivery
            again.status = .pending
            again.schedule = DeliverySchedule()
            again.notBefore = now.tick
            again.changedAt = now.wall
            if book.add(again: again) { out.transaction.deliveries.append(again) }
        }
        out.transaction.deliveries += book.takeSuperseded(at: now.wall)
        for sink in Set(known.map(\.sink)).sorted() {
            let ids = known.filter { $0.sink == sink }.map(\.eventId)
            let what = ids.count == 1 ? "event \(ids[0])" : "\(ids.count) events"
            tell(
                "redeliver", about: .sink(sink), decision, "\(decision.by) sent \(what) to sink \(sink) again", on: nil)
        }
        let said = known.count == 1 ? "1 delivery is due again" : "\(known.count) deliveries are due again"
        return rest.map { "\(said), the oldest; for the rest ask again with `--since \($0.iso8601)`" } ?? said
    }
}
