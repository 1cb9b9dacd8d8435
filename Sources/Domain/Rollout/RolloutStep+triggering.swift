extension RolloutStep {
    /// Journals the intent and sends the POST in one step: every guard was judged in this very transaction or, where it
    /// needs a request, by the look just before.
    mutating func send() {
        guard rollout.hasSlot else { return takeSlot() }
        if leg.intent == nil || !leg.keepsKey { leg.attempt += 1 }
        let letter = rollout.isFailover ? "f" : "p"
        let request = DeploymentRequest(
            botId: rollout.key.botId, targetVersion: target, environment: rollout.key.environment,
            direction: leg.direction, validateDependencies: settings.guards.validateDependencies,
            idempotencyKey: "\(world.keyPrefix)-\(rollout.id)-\(letter)-\(leg.attempt)")
        leg.intent = Rollout.Intent(request: request, seenJobIds: leg.seenJobIds, journaledAt: now.tick)
        leg.triggeringSince = leg.triggeringSince ?? now.tick
        leg.conflictIsUnclear = false
        leg.lookUps = 0
        stopDrainClock()
        move(to: .triggering)
        record(
            "intent",
            [
                "operation": .string("createDeployment"), "botId": .string(request.botId),
                "targetVersion": .string(request.targetVersion), "environment": .string(request.environment),
                "direction": .string(request.direction.rawValue), "force": .bool(false),
                "validateDependencies": .bool(request.validateDependencies),
                "idempotencyKey": .string(request.idempotencyKey), "failover": .bool(rollout.isFailover),
            ])
        ask(.post, .deploy(request))
    }

    mutating func postAnswered(_ exchange: PlatformExchange) {
        recordAnswer(exchange)
        switch exchange.result {
        case .success(.accepted(let jobId)) where jobId != nil || !world.capabilities.jobs: accepted(jobId)
        case .success: fateIsUnknown()
        case .failure(let failure): postFailed(failure)
        }
    }

    private mutating func postFailed(_ failure: PlatformFailure) {
        switch failure.kind {
        case .notSent: nothingWasDone(failure)
        case .lost, .unclear: fateIsUnknown()
        case .unauthorized, .forbidden:
            refused { step in
                step.move(to: .guarding)
                step.lookFailed(.version, failure.message, next: .versions, failure: failure)
            }
        case .notFound:
            refused { step in
                step.leg.targetNotFound = true
                step.giveSlot()
                if step.rollout.isFailover { step.startDrainClock() }
                step.move(to: .guarding)
                step.askVersions()
            }
        case .invalid: refused { $0.refusalIsFinal(failure.message) }
        case .conflict(let conflict): refused { $0.conflicted(conflict, failure) }
        case .rateLimited:
            refused { step in
                step.move(to: .draining)
                step.leg.resends += 1
                step.rest(.slot, step.resendDelay(failure))
            }
        case .unsupported:
            refused { step in
                let message = "\(step.target) cannot be rolled out: \(failure.message)"
                step.end(step.rollout.isFailover ? .degraded : .failed, message)
            }
        }
    }

    /// A definite refusal: nothing is in flight, and the next POST carries a new key, as a server may keep its answer.
    private mutating func refused(_ then: (inout RolloutStep) -> Void) {
        leg.keepsKey = false
        leg.triggeringSince = nil
        guard !endsWhereNothingIsInFlight() else { return }
        then(&self)
    }

    private mutating func conflicted(_ conflict: PlatformFailure.Conflict, _ failure: PlatformFailure) {
        if conflict == .dependencies { return refusalIsFinal(failure.message) }
        move(to: .draining)
        if rollout.isFailover { startDrainClock() }
        switch conflict {
        case .dependencies: break
        case .sessions:
            waitForSessions(GuardVerdict(.sessions, .wait, "the platform refuses over active sessions"))
        case .inFlight:
            waitForJobs(
                GuardVerdict(.inFlight, .wait, "the platform says that a deployment is in progress"), ids: [])
        case .unclear:
            leg.conflictIsUnclear = true
            lookAtJobs()
        }
    }

    /// Neither jobs nor sessions explain the 409.
    mutating func conflictIsFinal() {
        refusalIsFinal("the platform refuses with a conflict that neither sessions nor jobs explain")
    }

    private mutating func refusalIsFinal(_ why: String) {
        let message = "\(target) was refused: \(why)"
        quarantine(message)
        if rollout.isFailover {
            end(.degraded, "\(failureSentence); the fallback \(message)")
        } else {
            end(.failed, message)
        }
    }

    func resendDelay(_ failure: PlatformFailure? = nil) -> Span {
        backoff(leg.resends - 1, first: RolloutLimit.lookFirst, most: RolloutLimit.waitMost, after: failure)
    }

    /// Nothing was sent, or a look was sure that it did nothing: the same key again, after the guards looked again.
    mutating func nothingWasDone(_ failure: PlatformFailure? = nil) {
        guard !endsWhereNothingIsInFlight() else { return }
        if let since = leg.triggeringSince, now.tick >= since + settings.rolloutTimeout {
            let message = "\(target) could not be sent to the platform within rolloutTimeout"
            return rollout.isFailover
                ? end(.degraded, "\(failureSentence); the fallback \(message)") : end(.failed, message)
        }
        leg.keepsKey = true
        leg.resends += 1
        move(to: .draining)
        rest(.slot, resendDelay(failure))
    }

    /// The request budget held the POST back: it was not sent, and what was seen has aged.
    mutating func budgetHeld() {
        guard rollout.phase == .triggering, leg.asking == .post else { return }
        leg.asking = nil
        record("held", ["reason": .string("the request budget held the request; looked at again")])
        guard !endsWhereNothingIsInFlight() else { return }
        leg.keepsKey = true
        move(to: .draining)
        if rollout.isFailover {
            startDrainClock()
        } else {
            guard worldIsAsBefore(), judgeFree() else { return }
        }
        lookAtJobs()
    }

    /// A newer commit or a removal came while the fate was unknown; now nothing of ours is in flight.
    private mutating func endsWhereNothingIsInFlight() -> Bool {
        if let by = rollout.supersededBy {
            end(.superseded, supersededMessage(by: by))
            return true
        }
        if let reason = rollout.standsStill, !rollout.isFailover {
            end(.superseded, reason)
            return true
        }
        return false
    }
}
