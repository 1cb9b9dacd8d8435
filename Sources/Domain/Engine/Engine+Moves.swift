/// The blast radius: how many bots one move of the branch head rolls, and what is held until a person approves.
struct MoveDraft {
    var head: CommitID
    var declarations: [Declaration] = []
}

extension Engine {
    func nextMove(_ reading: Reading) -> MoveDraft { MoveDraft(head: reading.head) }

    /// Puts new declarations in force, or holds those that would roll too many bots at once.
    mutating func carryOut(_ draft: MoveDraft) {
        var rolling: [Declaration] = []
        var unknown: [Declaration] = []
        var quiet: [Declaration] = []
        for declaration in draft.declarations {
            let bot = bots[declaration.manifest.key]
            if let pending = bot?.pending, stays(pending, declaration, bot) { continue }
            switch rolls(declaration, bot) {
            case .some(true): rolling.append(declaration)
            case .some(false): quiet.append(declaration)
            case .none: unknown.append(declaration)
            }
        }
        for declaration in quiet { declareNow(declaration) }
        let most = settings.reconcile.maxBotsPerCommit
        if rolling.count + unknown.count <= most || isApprovedMove(draft.head, rolling + unknown) {
            for declaration in rolling + unknown { declareNow(declaration) }
            return
        }
        park(rolling + unknown, head: draft.head, counted: rolling.count, isHeld: rolling.count > most)
    }

    /// A bot of a held move: a later head changes what is pending, or withdraws it; the hold stays attached.
    private mutating func stays(
        _ pending: PendingDeclaration, _ declaration: Declaration, _ bot: BotRecord?
    ) -> Bool {
        if declaration.specDigest == bot?.declared?.specDigest {
            detach(declaration.manifest.key, from: pending.move)
            declareNow(declaration)
            return true
        }
        guard moves[pending.move]?.status != .approved else { return false }
        update(declaration.manifest.key) {
            $0.pending = PendingDeclaration(declaration: declaration, move: pending.move)
        }
        return true
    }

    /// Approved by a person, or a recognised revert of commits that were.
    private func isApprovedMove(_ head: CommitID, _ declarations: [Declaration]) -> Bool {
        if isApproved(head) { return true }
        return declarations.allSatisfy { declaration in
            declaration.provenance.reverts.map(isApproved) ?? false
        }
    }

    private mutating func park(_ declarations: [Declaration], head: CommitID, counted: Int, isHeld: Bool) {
        updateFleet { $0.moveCount += 1 }
        let number = fleet.moveCount
        let keys = declarations.map(\.manifest.key).sorted()
        put(MoveRecord(head: head, bots: keys, counted: counted, status: isHeld ? .held : .uncounted, number: number))
        for declaration in declarations {
            let key = declaration.manifest.key
            if bots[key] == nil { put(newBot(declaration)) }
            update(key) { $0.pending = PendingDeclaration(declaration: declaration, move: number) }
            if let id = rolloutOf[key] { drive(id, .worldChanged) }
        }
        if isHeld { tellHeld(number) }
    }

    mutating func tellHeld(_ number: Int) {
        guard let move = moves[number] else { return }
        let names = named(move.bots)
        emit(
            "commit.held", about: .commit(move.head), .warning, .pending,
            heldMessage(move), auditedOn: move.head
        ) { event in
            event.botCount = move.bots.count
            event.bots = names
        }
    }

    func heldMessage(_ move: MoveRecord) -> String {
        "commit \(move.head.short) would roll more than \(settings.reconcile.maxBotsPerCommit) bots; "
            + "held until `ballast approve \(move.head.short)`"
    }

    func named(_ keys: [BotKey]) -> [String] {
        keys.prefix(Engine.maxNamedBots).map { bots[$0]?.name ?? $0.description }
    }

    /// Bots that one event names at most.
    static let maxNamedBots = 50

    func newBot(_ declaration: Declaration) -> BotRecord {
        BotRecord(
            key: declaration.manifest.key, name: declaration.manifest.name,
            condition: BotCondition(.unknown, message: "not observed yet", since: now.wall))
    }

    /// From here on the declaration is in force.
    mutating func declareNow(_ declaration: Declaration) {
        let key = declaration.manifest.key
        if bots[key] == nil { put(newBot(declaration)) }
        let before = bots[key]?.declared
        let isNewSpec = before?.specDigest != declaration.specDigest
        let spec = declaration.manifest.spec
        // From here on a difference is others' doing and no part of this move, though it be seen in this very pass.
        let isSynced =
            bots[key]?.observed?.version == spec.version && !spec.suspend
            && !mayStillChange(bots[key], from: spec.version) && !isBeingJudged(key, spec.version)
        update(key) { bot in
            bot.declared = declaration
            bot.pending = nil
            bot.name = declaration.manifest.name
            if isNewSpec { bot.takeNewSpec(declaration, before: before) }
            if isNewSpec, isSynced { bot.synced = spec.version }
        }
        if before == nil {
            emit("bot.managed", about: .bot(key), .info, .success, "the bot is declared in git")
        }
        tellRollout(of: key, declaration, before)
    }

    private mutating func tellRollout(of key: BotKey, _ declaration: Declaration, _ before: Declaration?) {
        guard let id = rolloutOf[key] else { return }
        let keepsVersion = before?.manifest.spec.version == declaration.manifest.spec.version
        let isOlder = !keepsVersion || isOutdated(id)
        if isOlder, policyViolation(declaration) == nil {
            drive(id, .newerCommit(by: declaration.provenance.commit.short))
        } else if let reason = exclusion(declaration, of: id) {
            drive(id, .removed(reason: reason))
        } else if before?.digest != declaration.digest {
            if declaration.manifest.spec.suspend { drive(id, .suspended(reason: "suspended by its manifest")) }
            let settings = effectiveSettings(declaration, platform: key.platform)
            drive(id, .settingsChanged(settings, declaration.provenance, labels: declaration.manifest.labels))
        } else {
            // A held head or move was taken back: what it stopped goes on.
            drive(id, .worldChanged)
        }
    }

    /// It goes to what the bot was meant to serve until now.
    func isOutdated(_ id: String) -> Bool {
        guard let rollout = machines[id]?.rollout else { return false }
        return rollout.to != bots[rollout.key]?.target
    }

    /// Why a rollout that is under way is not wanted any more, as if its manifest were gone.
    func exclusion(_ declaration: Declaration, of id: String) -> String? {
        if settings.reconcile.mode == .alert { return "the configuration says `mode: alert`" }
        if declaration.manifest.spec.mode == .alert { return "its manifest says `mode: alert`" }
        if !declaration.manifest.spec.selfHeal, machines[id]?.rollout.cause == .platform {
            return "its manifest says `selfHeal: false`"
        }
        return policyViolation(declaration).map { "outside of the policy: \($0)" }
    }

    func effectiveSettings(_ declaration: Declaration, platform: String) -> RolloutSettings {
        let spec = settings.policy.tightened(declaration.manifest.spec)
        return RolloutSettings(
            guards: spec.guards, verify: spec.verify, onFailure: spec.onFailure, fallbackVersion: spec.fallbackVersion,
            rolloutTimeout: settings.reconcile.rolloutTimeout, verifyTimeout: settings.reconcile.verifyTimeout,
            requestTimeout: settings.platform(platform)?.timeout ?? .seconds(30))
    }
}

extension BotRecord {
    /// A newer commit that changed the spec ends what the older one left behind, save a deployment that may be in flight.
    mutating func takeNewSpec(_ declaration: Declaration, before: Declaration?) {
        quarantine = []
        endContest()
        meant = nil
        if standing?.mayBeInFlight != true { standing = nil }
        let version = declaration.manifest.spec.version
        guard let old = before?.manifest.spec.version, old != version else { return }
        if declaration.provenance.reverts != nil || verified.contains(version) {
            reject(old)
        }
        rejected.removeAll { $0 == version }
    }

    mutating func reject(_ version: String) {
        rejected.removeAll { $0 == version }
        rejected.append(version)
        if rejected.count > BotRecord.maxVerifiedVersions { rejected.removeFirst() }
    }

    mutating func endContest() {
        if contested != nil { settled = observed }
        contested = nil
        putBackAt = nil
    }
}
