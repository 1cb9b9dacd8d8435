/// The state of the audit log as the engine sees it, and the return of records that a restored state lacked.
extension Engine {
    mutating func trailFound(_ finding: TrailFinding) {
        switch finding {
        case .mended(let bytes, let sha256, let after):
            let message = "the end of the audit log was torn and was mended after record \(after)"
            emit("audit.mended", about: .audit, .info, .success, message, isRecorded: true)
            addToRecord(["tornBytes": .integer(bytes), "tornDigest": .string(sha256), "after": .integer(after)])
        case .trouble(let reason): logAppended(failure: reason)
        case .doubtful(let reason): trailVerified(reason)
        case .takenBack(let taken): takeBack(taken)
        case .rebuilt(let rebuilt): tellRebuilt(rebuilt)
        }
    }

    /// Ends what `audit.broken` began. It stands in the notes like every decision of a person, so that a clone alone knows
    /// which lines are disowned.
    private mutating func tellRebuilt(_ rebuilt: TrailRebuilt) {
        updateFleet {
            $0.trailFinding = nil
            $0.trailTroubleToldAt = nil
        }
        let message = "\(rebuilt.by) had the audit trail written again from the state"
        emit("audit.mended", about: .audit, .info, .success, message, isRecorded: true) { $0.decidedBy = rebuilt.by }
        guard var record = out.transaction.records.popLast() else { return }
        record.fields["notesAdded"] = .integer(Int64(rebuilt.notesAdded))
        record.fields["setAside"] = rebuilt.setAside.map { file in
            .object(["file": .string(file.file), "bytes": .integer(file.bytes), "sha256": .string(file.sha256)])
        }
        if let accepted = source.accepted {
            record.notedOn = accepted
            record.fields["commit"] = .object(["sha": .string(accepted.hex)])
            notes.expect(accepted, at: now.tick)
        }
        let size = TrailRebuilt.maxDisownedPerRecord
        for start in stride(from: 0, to: max(1, rebuilt.disowned.count), by: size) {
            let part = rebuilt.disowned.dropFirst(start).prefix(size)
            record.fields["disowned"] = .array(part.map(JSONValue.string))
            out.transaction.records.append(record)
        }
    }

    /// Nothing that was observed before counts: the platforms went on while the state stood still.
    private mutating func takeBack(_ taken: TakenBack) {
        updateFleet { $0.restored = taken }
        for key in bots.keys.sorted() {
            update(key) { bot in
                bot.observed = nil
                bot.openJobs = []
            }
        }
        for (id, outcome) in taken.ended.sorted(by: { $0.key < $1.key }) { adoptEnd(of: id, outcome) }
        let known = Set(machines.keys)
        updateFleet { $0.restored?.open.removeAll { known.contains($0.id) } }
        let place = taken.notes == nil ? "audit log" : "audit notes"
        let found =
            if let unplaced = taken.notes?.unplaced {
                "the audit notes have records up to \(unplaced.upperBound) that neither state nor log has any more"
            } else {
                "records \(taken.first) to \(taken.last) were taken back from the \(place)"
            }
        let message =
            "the state was restored from a backup; \(found), and no rollout starts until every bot was observed"
        emit("audit.mended", about: .audit, .critical, .pending, message, isRecorded: true)
        guard let unplaced = taken.notes?.unplaced else { return }
        trailVerified(
            "notes: records \(unplaced.lowerBound) to \(unplaced.upperBound) continue records that are nowhere any more; "
                + "`ballast audit rebuild` disowns them")
    }

    /// The trail tells how it ended, so it ends without a second record.
    private mutating func adoptEnd(of id: String, _ outcome: Outcome) {
        guard var rollout = machines[id]?.rollout else { return }
        changed.rollouts[id] = .some(rollout)
        rollout.outcome = outcome
        rollout.message = "it ended after the backup of this state was made"
        rollout.endedAt = now.wall
        rollout.wakeAt = nil
        rollout.phase = .ended
        machines[id] = nil
        rolloutOf[rollout.key] = nil
        queue.forget(id)
        keepEnded(rollout)
    }

    /// Every bot that git declares was observed since; called when a pass has ended.
    mutating func endRestoration() {
        guard let restored = fleet.restored else { return }
        let isObserved = bots.values.allSatisfy { bot in
            bot.latest == nil || bot.observed != nil || settings.platform(bot.key.platform) == nil
        }
        guard isObserved else { return }
        for open in restored.open { recordLost(open) }
        updateFleet { $0.restored = nil }
        resumeAfterLook()
        worldChangedForAll()
        for key in bots.keys.sorted() { refresh(key) }
    }

    /// It is judged by what the platform serves now; whether it was verified nobody can tell any more.
    private mutating func recordLost(_ open: TakenBack.OpenRollout) {
        let serves = bots[open.key]?.observed?.version ?? "nothing"
        let message =
            "only the audit trail knows this rollout, because the state was restored from a backup; the bot serves \(serves)"
        out.transaction.records.append(
            AuditDraft(
                fields: AuditFields.ofLost(open, serves: serves, message: message, at: now.wall), at: now.wall,
                bot: open.key, rolloutId: open.id, notedOn: open.commit, closesSteps: true))
        notes.expect(open.commit, at: now.tick)
    }

    /// Until a log that could not be written is tried again.
    static let logPause = Span.seconds(15)

    /// The log could be written up to the journal's end, or could not.
    mutating func logAppended(failure: String?) {
        let before = logFailure
        logFailure = failure
        if fleet.logTrouble != failure { updateFleet { $0.logTrouble = failure } }
        // Where no rollout may start without the log, no further record would bring about the next try.
        if failure != nil, !isLogDue {
            isLogDue = true
            timers.add(.log, at: now.tick + Engine.logPause)
        }
        tellTrouble(failure ?? fleet.trailFinding)
        guard settings.audit.required, (before == nil) != (failure == nil) else { return }
        worldChangedForAll()
        for key in bots.keys.sorted() where failure == nil { refresh(key) }
    }

    /// A trail that does not verify stays broken until a proof finds it whole; it stops no rollout.
    mutating func trailVerified(_ finding: String?) {
        if fleet.trailFinding != finding { updateFleet { $0.trailFinding = finding } }
        tellTrouble(logFailure ?? finding)
    }

    /// Once, and again while it lasts; over restarts too.
    private mutating func tellTrouble(_ failure: String?) {
        guard let failure else {
            guard fleet.trailTroubleToldAt != nil else { return }
            updateFleet { $0.trailTroubleToldAt = nil }
            emit("audit.mended", about: .audit, .info, .success, "the audit trail is whole again")
            return
        }
        if let told = fleet.trailTroubleToldAt, now.tick < told + settings.reconcile.repeatInterval { return }
        let tick = now.tick
        updateFleet { $0.trailTroubleToldAt = tick }
        emit("audit.broken", about: .audit, .critical, .failed, failure)
    }

    private mutating func addToRecord(_ fields: [String: JSONValue]) {
        guard let last = out.transaction.records.indices.last else { return }
        out.transaction.records[last].fields.merge(fields) { _, own in own }
    }
}
