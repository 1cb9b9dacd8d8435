/// Counting what a move of the branch rolls, and setting its bots free.
extension Engine {
    /// Whether the declaration leads to a rollout that the present one would not. nil: nobody knows yet, because the bot was
    /// never observed.
    func rolls(_ declaration: Declaration, _ bot: BotRecord?) -> Bool? {
        let spec = declaration.manifest.spec
        if spec.mode == .alert || settings.reconcile.mode == .alert || spec.suspend { return false }
        if let bot, let declared = bot.declared, declared.manifest.spec.version == spec.version {
            let isSame = declared.specDigest == declaration.specDigest
            if isSame || !setsFree(bot, from: declared.manifest.spec, to: spec) { return false }
        }
        guard let observed = bot?.observed else { return nil }
        return observed.version != spec.version || mayStillChange(bot, from: spec.version)
    }

    /// What serves is what is wanted, but a deployment of ours to another version may be under way: taking that back rolls.
    func mayStillChange(_ bot: BotRecord?, from version: String) -> Bool {
        guard let bot else { return false }
        if let standing = bot.standing, standing.mayBeInFlight, standing.awaited != version { return true }
        guard let id = rolloutOf[bot.key], let rollout = machines[id]?.rollout else { return false }
        return [.triggering, .deploying].contains(rollout.phase) && rollout.leg.target != version
    }

    /// A rollout of ours brings that very version: that it serves means nothing until it is verified.
    func isBeingJudged(_ key: BotKey, _ version: String) -> Bool {
        rolloutOf[key].flatMap { machines[$0]?.rollout.leg.target } == version
    }

    /// The version stays, and what kept the bot from it ends with a changed spec.
    private func setsFree(_ bot: BotRecord, from old: Manifest.Spec, to new: Manifest.Spec) -> Bool {
        old.mode != new.mode || old.suspend != new.suspend || old.selfHeal != new.selfHeal || bot.meant != nil
            || !bot.quarantine.isEmpty || bot.contested != nil || bot.standing != nil
    }

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

    /// Moves that wait, the oldest first.
    var openMoves: [MoveRecord] {
        moves.values.filter { $0.status != .approved }.sorted { $0.number < $1.number }
    }

    /// Approves every open move up to that number. Gives the bots that it sets free.
    mutating func approveMoves(upTo last: Int) -> [BotKey] {
        var freed: [BotKey] = []
        for move in openMoves where move.number <= last {
            close(move, "commit \(move.head.short) was approved")
            for key in move.bots {
                guard let pending = bots[key]?.pending, pending.move == move.number else { continue }
                declareNow(pending.declaration)
                freed.append(key)
            }
        }
        return freed
    }

    /// A bot is no longer part of it; with the last one the move is over.
    mutating func detach(_ key: BotKey, from number: Int) {
        guard var move = moves[number], move.status != .approved else { return }
        move.bots.removeAll { $0 == key }
        put(move)
        if move.bots.isEmpty { close(move, "commit \(move.head.short) holds no bot any more") }
    }

    /// What was announced as held is announced as over.
    private mutating func close(_ move: MoveRecord, _ message: String) {
        let wasTold = move.status == .held
        var closed = move
        closed.status = .approved
        put(closed)
        if wasTold { emit("commit.approved", about: .commit(move.head), .info, .success, message) }
    }
}
