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

    /// nil: nobody knows yet, because the bot was never observed.
    private func rolls(_ declaration: Declaration, _ bot: BotRecord?) -> Bool? {
        let spec = declaration.manifest.spec
        if spec.mode == .alert || settings.reconcile.mode == .alert || spec.suspend { return false }
        if let declared = bot?.declared, declared.manifest.spec.version == spec.version { return false }
        guard let observed = bot?.observed else { return nil }
        return observed.version != spec.version
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

    private mutating func tellHeld(_ number: Int) {
        guard let move = moves[number] else { return }
        let names = named(move.bots)
        emit(
            "commit.held", about: .commit(move.head), .warning, .pending,
            "commit \(move.head.short) would roll more than \(settings.reconcile.maxBotsPerCommit) bots; "
                + "held until `ballast approve \(move.head.short)`", auditedOn: move.head
        ) { event in
            event.botCount = move.bots.count
            event.bots = names
        }
    }

    func named(_ keys: [BotKey]) -> [String] {
        keys.prefix(Engine.maxNamedBots).map { bots[$0]?.name ?? $0.description }
    }

    /// Bots that one event names at most.
    static let maxNamedBots = 50

    /// After an observation: what could not be counted before is counted now.
    mutating func countMoves() {
        for number in moves.keys.sorted() where moves[number]?.status == .uncounted {
            guard let move = moves[number] else { continue }
            var open: [BotKey] = []
            var drifted = move.counted
            var isCertain = true
            for key in move.bots {
                guard let bot = bots[key], let pending = bot.pending, pending.move == number else { continue }
                switch rolls(pending.declaration, bot) {
                case .some(false): declareNow(pending.declaration)
                case .some(true):
                    if bot.declared == nil { drifted += 1 }
                    open.append(key)
                case .none:
                    isCertain = false
                    open.append(key)
                }
            }
            settle(move, open: open, drifted: drifted, isCertain: isCertain)
        }
    }

    private mutating func settle(_ move: MoveRecord, open: [BotKey], drifted: Int, isCertain: Bool) {
        var record = move
        record.bots = open
        if open.count <= settings.reconcile.maxBotsPerCommit {
            record.status = .approved
            put(record)
            for key in open { if let pending = bots[key]?.pending { declareNow(pending.declaration) } }
        } else if isCertain || drifted > settings.reconcile.maxBotsPerCommit {
            record.status = .held
            put(record)
            tellHeld(move.number)
        } else {
            put(record)
        }
    }

    /// Approves every held move up to the one of `head`. Gives the bots that it sets free.
    mutating func approveMoves(upTo head: CommitID) -> [BotKey] {
        guard let last = moves.values.filter({ $0.head == head }).map(\.number).max() else { return [] }
        var freed: [BotKey] = []
        for number in moves.keys.sorted() where number <= last && moves[number]?.status != .approved {
            guard var move = moves[number] else { continue }
            move.status = .approved
            put(move)
            for key in move.bots {
                guard let pending = bots[key]?.pending, pending.move == number else { continue }
                declareNow(pending.declaration)
                freed.append(key)
            }
        }
        return freed
    }

    private mutating func detach(_ key: BotKey, from number: Int) {
        guard var move = moves[number] else { return }
        move.bots.removeAll { $0 == key }
        if move.bots.isEmpty { move.status = .approved }
        put(move)
    }

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
        update(key) { bot in
            bot.declared = declaration
            bot.pending = nil
            bot.name = declaration.manifest.name
            if isNewSpec { bot.takeNewSpec(declaration, before: before) }
        }
        if before == nil {
            emit("bot.managed", about: .bot(key), .info, .success, "the bot is declared in git")
        }
        guard let id = rolloutOf[key], let machine = machines[id] else { return }
        if let reason = exclusion(declaration) {
            drive(id, .removed(reason: reason))
        } else if before?.manifest.spec.version != declaration.manifest.spec.version {
            drive(id, .newerCommit(by: declaration.provenance.commit.short))
        } else if before?.digest != declaration.digest {
            let settings = effectiveSettings(declaration, platform: machine.rollout.key.platform)
            drive(id, .settingsChanged(settings, declaration.provenance, labels: declaration.manifest.labels))
        }
    }

    /// Why a rollout that is under way is not wanted any more, as if its manifest were gone.
    func exclusion(_ declaration: Declaration) -> String? {
        if settings.reconcile.mode == .alert { return "the configuration says `mode: alert`" }
        if declaration.manifest.spec.mode == .alert { return "its manifest says `mode: alert`" }
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
            rejected.removeAll { $0 == old }
            rejected.append(old)
            if rejected.count > BotRecord.maxVerifiedVersions { rejected.removeFirst() }
        }
        rejected.removeAll { $0 == version }
    }

    mutating func endContest() {
        if contested != nil { settled = observed }
        contested = nil
        putBackAt = nil
    }
}
