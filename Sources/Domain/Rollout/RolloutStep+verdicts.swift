extension RolloutStep {
    /// Keeps a verdict, and records it where it or what was seen changed.
    mutating func note(_ verdict: GuardVerdict) {
        var verdict = verdict
        if verdict.verdict != .pass, world.waived.contains(verdict.guard), Guard.waivable.contains(verdict.guard) {
            verdict.waived = true
        }
        if let index = rollout.guards.firstIndex(where: { $0.guard == verdict.guard }) {
            guard rollout.guards[index] != verdict else { return }
            rollout.guards[index] = verdict
        } else {
            let index = rollout.guards.firstIndex { verdict.guard < $0.guard } ?? rollout.guards.endIndex
            rollout.guards.insert(verdict, at: index)
        }
        record("guard", Self.fields(of: verdict))
    }

    func passes(_ verdict: GuardVerdict) -> Bool {
        verdict.passes || (world.waived.contains(verdict.guard) && Guard.waivable.contains(verdict.guard))
    }

    /// Says once that this is what it waits for now. What is unknown is said after `driftThreshold` looks.
    mutating func announce(_ verdict: GuardVerdict) {
        if verdict.verdict == .unknown, leg.looksFailed < world.driftThreshold, leg.looksFailed > 0 { return }
        if let last = rollout.announced, last.guard == verdict.guard, last.verdict == verdict.verdict { return }
        rollout.announced = verdict
        effects.append(.waiting(verdict))
    }

    /// The guards that need no request. Judged at every step before the POST, so also in the transaction that journals the
    /// intent. Where one fails the rollout stands in guarding without a slot.
    mutating func judgeFree() -> Bool {
        let failing = failingFreeGuard()
        passAgain(before: failing?.guard)
        if let failing {
            stand(at: failing)
            return false
        }
        for verdict in world.admitted + [world.window, world.cooldown] { note(verdict) }
        if rollout.phase == .guarding, leg.asking == nil, leg.next == .judge {
            askVersions()
        }
        return true
    }

    /// What stopped it and stands before what stops it now does so no longer.
    private mutating func passAgain(before stopping: Guard?) {
        for old in rollout.guards where old.guard <= .contested && !old.passes {
            if let stopping, old.guard >= stopping { continue }
            let admitted = world.admitted.first { $0.guard == old.guard }
            note(admitted ?? GuardVerdict(old.guard, .pass, "passes again"))
        }
        if stopping == .cooldown { note(world.window) }
    }

    private func failingFreeGuard() -> GuardVerdict? {
        if let admission = world.admission, !passes(admission) { return admission }
        if !passes(world.window) { return world.window }
        if !passes(world.cooldown) { return world.cooldown }
        return nil
    }

    private mutating func stand(at verdict: GuardVerdict) {
        note(verdict)
        giveSlot()
        stopDrainClock()
        leg.asking = nil
        leg.next = .judge
        move(to: .guarding)
        // Without a time the world's change wakes it.
        rollout.wakeAt = world.retryAt.map { max($0, now.tick + RolloutLimit.worldLeast) }
        announce(verdict)
    }

    /// Somebody else may have brought the target, or a third version, while this rollout stood in the guards.
    mutating func worldIsAsBefore() -> Bool {
        guard let deployed = world.deployed else { return true }
        return deployedIsAsBefore(deployed)
    }

    mutating func deployedIsAsBefore(_ deployed: Observation) -> Bool {
        guard !rollout.isFailover else { return true }
        if deployed.version == rollout.to {
            let by = deployed.by.map { ", deployed by \($0)" } ?? ", deployed by somebody else"
            end(.superseded, "already serves \(rollout.to)\(by)")
            return false
        }
        guard deployed.version != rollout.from else { return true }
        record("moved", ["from": .text(rollout.from), "now": .text(deployed.version), "by": .text(deployed.by)])
        rollout.from = deployed.version
        rollout.serving = deployed.version
        leg.asking = nil
        giveSlot()
        stopDrainClock()
        move(to: .guarding)
        leg.next = .judge
        rollout.wakeAt = nil
        _ = judgeFree()
        return false
    }

    /// A look that failed shows nothing: unknown, and looked at again.
    mutating func lookFailed(_ guard: Guard, _ message: String, next: Rollout.Next, failure: PlatformFailure? = nil) {
        let verdict = GuardVerdict(`guard`, .unknown, message)
        note(verdict)
        leg.looksFailed += 1
        let delay = backoff(
            leg.looksFailed - 1, first: RolloutLimit.lookFirst, most: RolloutLimit.lookMost, after: failure)
        rest(next, delay, forSessions: `guard` == .sessions)
        // Refused credentials are the platform's event, not the bot's.
        if !rollout.hasEnded, failure?.kind != .unauthorized, failure?.kind != .forbidden { announce(verdict) }
    }

    static func describe(_ exchange: PlatformExchange) -> String {
        switch exchange.result {
        case .success: "the platform's answer does not fit the question"
        case .failure(let failure): failure.message
        }
    }

    static func failure(of exchange: PlatformExchange) -> PlatformFailure? {
        if case .failure(let failure) = exchange.result { failure } else { nil }
    }
}

extension JSONValue {
    /// Cut, and null where there is none.
    static func text(_ text: String?) -> JSONValue {
        guard let text else { return .null }
        return .string(String(text.prefix(RolloutLimit.maxRecordedTextCharacters)))
    }
}
