/// From the remote's head to an accepted commit: looking, reading, trust and rewrites.
extension Engine {
    mutating func wantPass() { rhythm.wish(.pass) }

    mutating func beginPass(_ kind: LookRhythm.Kind) {
        passKind = kind
        passCount += 1
        pass = .looking
        out.effects.append(.look)
    }

    mutating func looked(_ answer: Answered<RemoteHead>) {
        guard pass == .looking else { return }
        switch answer {
        case .failed(let failure):
            sourceFailed(failure)
            nothingNew()
        case .value(let head):
            sourceRecovered()
            readIfMoved(to: head.commit)
        }
    }

    /// Nothing is read where the head is the accepted one, or is held and still lacks its approval.
    private mutating func readIfMoved(to head: CommitID) {
        let everything = source.readingDigest != settings.readingDigest
        if !everything, source.accepted == head, source.held == nil { return nothingNew() }
        if !everything, let held = source.held, held.head == head, !isTrusted(head), approvedAncestor == nil {
            return nothingNew()
        }
        let target = approvedAncestor ?? head
        branchHead = head
        pass = .reading(head: target)
        out.effects.append(.read(head: target, since: source.accepted, everything: everything))
    }

    /// A mere look ends here; a pass observes all the same.
    private mutating func nothingNew() {
        guard passKind == .look else { return beginObserving() }
        pass = observing.isEmpty ? .idle : .observing
        resumeAfterLook()
    }

    /// A person may approve a commit below a held head: it is read first, and the rest of the branch after it.
    private var approvedAncestor: CommitID? {
        guard source.held != nil else { return nil }
        return source.approvals.last { $0.commit != source.accepted && $0.isUnused && $0.coversTrust != false }?.commit
    }

    /// However many bots it rolls.
    func isApproved(_ head: CommitID) -> Bool { source.approvals.contains { $0.commit == head } }

    /// Whatever the trust policy says of it.
    func isTrusted(_ head: CommitID) -> Bool {
        source.approvals.contains { $0.commit == head && $0.coversTrust != false }
    }

    mutating func read(_ answer: Answered<Reading>) {
        guard case .reading(let head) = pass else { return }
        markApprovalUsed(head)
        switch answer {
        case .failed(let failure): sourceFailed(failure)
        case .value(let reading): take(reading)
        }
        beginObserving()
    }

    private mutating func markApprovalUsed(_ head: CommitID) {
        guard source.approvals.contains(where: { $0.commit == head && $0.isUnused }) else { return }
        updateSource { record in
            for position in record.approvals.indices where record.approvals[position].commit == head {
                record.approvals[position].isUnused = false
            }
        }
        wantPass()
    }

    private mutating func take(_ reading: Reading) {
        if isAside(reading) { return }
        if reading.relation == .rewritten, settings.source.trust.rewrites == .refuse, !isTrusted(reading.head) {
            return hold(
                reading, rewritten: true,
                "history was rewritten: \(reading.head.short) is no descendant of \(source.accepted?.short ?? "?")")
        }
        if let reason = untrusted(reading) { return hold(reading, rewritten: false, reason) }
        let held = source.held
        let digest = settings.readingDigest
        updateSource { record in
            record.accepted = reading.head
            record.held = nil
            record.readingDigest = digest
        }
        apply(reading)
        guard let held else { return }
        emit(
            "source.recovered", about: .source, .info, .success, "commit \(reading.head.short) was accepted",
            ending: held.rewritten ? "source.rewritten" : "source.untrusted")
        worldChangedForAll()
    }

    /// An approved commit that is not the branch's head, and no descendant of the accepted one, is one that was passed long ago,
    /// or on no way to the head: approving it does not take the fleet back. A rewritten head that was held and approved
    /// as such is meant, even where the branch went on since.
    private func isAside(_ reading: Reading) -> Bool {
        guard reading.relation == .rewritten, let branchHead, reading.head != branchHead else { return false }
        return !source.approvals.contains { $0.commit == reading.head && $0.wasHeld == true }
    }

    /// The first new commit that the signature policy does not accept; what a person approved, and all before it, counts
    /// as accepted.
    private func untrusted(_ reading: Reading) -> String? {
        guard settings.source.trust.signatures == .require else { return nil }
        for commit in reading.commits {
            if isTrusted(commit.id) { return nil }
            if !commit.signature.isGood {
                return "commit \(commit.id.short) by \(commit.author): \(commit.signature)"
            }
        }
        return reading.commitsLeftOut ? "more new commits than can be verified in one reading" : nil
    }

    private mutating func hold(_ reading: Reading, rewritten: Bool, _ reason: String) {
        let bots = affectedBots(reading)
        guard source.held?.head != reading.head || source.held?.message != reason else { return }
        updateSource {
            $0.held = SourceRecord.Held(head: reading.head, rewritten: rewritten, message: reason, bots: bots)
        }
        let type = rewritten ? "source.rewritten" : "source.untrusted"
        emit(type, about: .source, .critical, .failed, "\(reason); held until approved", auditedOn: reading.head) {
            $0.commit = reading.commits.first.map(Event.CommitReference.init)
        }
        worldChangedForAll()
    }

    private func affectedBots(_ reading: Reading) -> [BotKey] {
        var keys: Set<BotKey> = []
        for change in reading.changes {
            for document in files[change.path]?.documents ?? [] {
                if let key = document.key { keys.insert(key) }
            }
            guard case .file(let documents) = change.content else { continue }
            for document in documents {
                guard case .manifest(let manifest, let digest, _) = document.outcome else { continue }
                if bots[manifest.key]?.latest?.digest == digest {
                    keys.remove(manifest.key)
                } else {
                    keys.insert(manifest.key)
                }
            }
        }
        return keys.sorted()
    }

    private mutating func sourceFailed(_ failure: SourceFailure) {
        sourceFailure = failure
        guard source.unreachable == nil else { return }
        updateSource { $0.unreachable = failure.message }
        emit("source.unreachable", about: .source, .warning, .failed, failure.message)
    }

    private mutating func sourceRecovered() {
        sourceFailure = nil
        guard source.unreachable != nil else { return }
        updateSource { $0.unreachable = nil }
        emit("source.recovered", about: .source, .info, .success, "the repository can be read again")
    }

    /// Every rollout that has not sent its POST judges its guards anew.
    mutating func worldChangedForAll() {
        for id in machines.keys.sorted() { drive(id, .worldChanged) }
    }
}

extension BotRecord {
    /// What the branch says of it, held or in force.
    package var latest: Declaration? { pending?.declaration ?? declared }
}
