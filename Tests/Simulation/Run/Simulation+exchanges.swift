import Domain
import Reconciler

/// A request on its way to a platform.
struct Flight {
    var sent: Sent
    var process: Int
    /// nil: it never does.
    var arrivesAt: Int64?
    /// Milliseconds from the arrival until the answer is here.
    var returns: Int64
    var fault: Fault?
    /// The process has its answer, whatever becomes of the request.
    var isGivenUp = false
    /// The process is gone.
    var isOrphan = false
    var hasArrived = false
    /// It was refused. A copy of it is refused as well: no client could know of one that is not.
    var isRefused = false
}

/// Effects become exchanges with the world.
extension Simulation {
    /// - Returns: the request to a platform that left.
    func dispatch(_ effect: EngineEffect, by process: RunningProcess) -> Sent? {
        guard case .exchange(let id, let platform, var request, _) = effect else {
            if case .deliver = effect, isSabotaged(.dropsDeliveries, every: 4) { return nil }
            agenda.add(.effect(process: process.number, effect), at: elapsed + 1)
            return nil
        }
        flightCount += 1
        if sabotage == .deploysElsewhere, case .deploy(var deployment) = request {
            deployment.environment = deployment.environment == "STAGING" ? "PRODUCTION" : "STAGING"
            request = .deploy(deployment)
        }
        let sent = Sent(
            number: flightCount, exchange: id, platform: platform, request: request, sentAt: elapsed,
            tick: scene.now.tick)
        if request.isMutation { report.deployments += 1 }
        trace.add(elapsed)
        trace.add(request.operation)
        if let deployment = sent.deployment {
            trace.add(deployment.idempotencyKey)
            trace.add(deployment.targetVersion)
        }
        trace.tell(elapsed, "→ \(platform) \(Words.of(request))")
        send(sent, process.number)
        return sent
    }

    private func send(_ sent: Sent, _ process: Int) {
        let timeout = scene.settings(of: sent.platform)?.timeout.milliseconds ?? 30_000
        let isAway = outside.change { $0.isAway(.platform(sent.platform)) }
        let drawn = outside.change { state in
            state.plan.next(sent.request.isMutation ? .post : .request) { $0.isPossible(in: sent.request) }
        }
        let fault = cellFault(sent, process) ?? (isAway ? Fault(.notSent) : drawn)
        let base = 5 + Int64(sent.number % 7) * 6
        var flight = Flight(sent: sent, process: process, arrivesAt: elapsed + base, returns: base, fault: fault)
        func answer(_ kind: PlatformFailure.Kind, _ message: String, after span: Int64, retryAfter: Span? = nil) {
            let failure = PlatformFailure(kind, HostileText.heard(message), retryAfter: retryAfter)
            let exchange = PlatformExchange(result: .failure(failure), latencyMilliseconds: Double(span))
            agenda.add(
                .input(process: process, .exchanged(id: sent.exchange, exchange), sent), at: elapsed + span)
            flight.isGivenUp = true
        }
        if let fault { trace.tell(elapsed, "  fault: \(fault.kind.rawValue)") }
        let share = fault?.share ?? 0
        let isQuick = (fault?.amount ?? 0) & 1 == 0
        switch fault?.kind {
        case .notSent:
            flight.arrivesAt = nil
            answer(.notSent, "connection refused", after: base)
        case .lostBefore, .hang:
            flight.arrivesAt = nil
            answer(.lost, "the connection broke", after: fault?.kind == .hang || !isQuick ? timeout : base)
        case .lostAfter: answer(.lost, "the connection broke", after: isQuick ? 2 * base : timeout)
        case .late:
            flight.arrivesAt = elapsed + timeout + Int64(share * Double(timeout - 2))
            answer(.lost, "no answer within \(timeout) ms", after: timeout)
        case .slow:
            flight.arrivesAt = elapsed + Int64(share * Double(timeout) * 0.9)
        case .serverError:
            flight.arrivesAt = nil
            answer(.unclear, "status 503", after: 2 * base, retryAfter: isQuick ? .seconds(2) : nil)
        case .html:
            flight.arrivesAt = nil
            answer(.unclear, "status 200, but not JSON (text/html)", after: 2 * base)
        case .doneButServerError: answer(.unclear, "status 502", after: 2 * base)
        case .rateLimited:
            flight.arrivesAt = nil
            answer(
                .rateLimited, "status 429", after: 2 * base,
                retryAfter: isQuick ? .milliseconds(Int64(share * share * 1_200_000)) : nil)
        case .unauthorized, .forbidden, .notFound, .invalid, .conflictDependencies, .conflictSessions,
            .conflictInFlight, .conflictUnclear:
            flight.arrivesAt = nil
            let kind = Words.kind(fault?.kind ?? .notSent)
            answer(kind, "refused: \(kind)", after: 2 * base)
        default: break
        }
        flights[sent.number] = flight
        if let arrivesAt = flight.arrivesAt { agenda.add(.arrival(flight: sent.number), at: arrivesAt) }
        if fault?.kind == .arrivesTwice {
            agenda.add(.arrival(flight: sent.number), at: elapsed + base + 1 + Int64(share * Double(timeout) * 0.9))
        }
    }

    /// In the platform matrix one request is answered badly.
    private func cellFault(_ sent: Sent, _ process: Int) -> Fault? {
        guard matrix != nil else { return nil }
        let rollout = scene.journal.open.sorted().compactMap { scene.journal.rollouts[$0] }.first {
            $0.key.platform == sent.platform && Self.isQuestion(of: $0, sent.request)
        }
        switch matrix?.next(rollout) {
        case .fault(let fault): return fault
        case .die:
            agenda.add(.death, at: elapsed + 1)
            return Fault(.lostAfter, amount: 1)
        case .nothing, nil: return nil
        }
    }

    /// What it asks for now is of that kind, not a look of a pass.
    private static func isQuestion(of rollout: Rollout, _ request: PlatformRequest) -> Bool {
        switch (rollout.leg.asking, request) {
        case (.versions, .versions), (.sessions, .sessions), (.post, .deploy), (.status, .status), (.turn, .test): true
        case (.jobs, .jobs(.some, _, _)), (.lookUp, .jobs(.some, _, _)), (.readBack, .jobs(.some, _, _)): true
        default: false
        }
    }

    func arrive(_ number: Int) throws {
        guard var flight = flights[number] else { return }
        let isSecond = flight.hasArrived
        if isSecond, flight.fault?.kind != .arrivesTwice || flight.isRefused { return }
        if flight.isOrphan, !flight.sent.request.isMutation { return }
        flight.hasArrived = true
        flight.sent.arrivedAt = elapsed
        flights[number] = flight
        let name = flight.sent.platform
        let now = elapsed
        let (result, isNew) = outside.change { state in
            let before = state.platforms[name]?.jobs.count ?? 0
            let result =
                state.platforms[name]?.answer(flight.sent.request, at: now, lie: flight.fault)
                ?? .failure(PlatformFailure(.notFound, "no such platform"))
            return (result, (state.platforms[name]?.jobs.count ?? 0) > before)
        }
        if case .failure = result { flights[number]?.isRefused = true }
        if flight.sent.request.isMutation {
            trace.add(elapsed)
            trace.tell(elapsed, "  at \(name): \(Words.of(flight.sent.request)): \(isNew ? "a new job" : "no new job")")
            try see(.arrived(flight.sent, isNew: isNew))
        }
        guard !flight.isGivenUp, !flight.isOrphan, !isSecond else { return }
        let latency = Double(elapsed - flight.sent.sentAt + flight.returns)
        let exchange = PlatformExchange(result: result, latencyMilliseconds: latency, status: 200)
        let input = EngineInput.exchanged(id: flight.sent.exchange, exchange)
        trace.tell(elapsed + flight.returns, "← \(name) \(Words.of(result))")
        agenda.add(.input(process: flight.process, input, flight.sent), at: elapsed + flight.returns)
        if flight.fault?.kind == .answeredTwice {
            agenda.add(
                .input(process: flight.process, input, nil),
                at: elapsed + flight.returns + 1 + Int64((flight.fault?.share ?? 0) * 20_000))
        }
    }

    /// What is not a request to a platform goes through the shell's own performer.
    func perform(_ effect: EngineEffect, by process: RunningProcess) async throws {
        outside.change { $0.latency = 1 }
        var input = await process.performer.perform(effect)
        if sabotage == .inventsNotes, case .writeNotes = effect { input = try await inventedNotes(process) ?? input }
        let (latency, sights, crashes) = outside.change { state in
            defer {
                state.sinkSights = []
                state.crashesInAppend = false
            }
            return (state.latency, state.sinkSights, state.crashesInAppend)
        }
        trace.add(elapsed)
        trace.add(latency)
        for sight in sights {
            if case .attempted(let sink, let event, let answer, _) = sight {
                trace.tell(elapsed, "→ \(sink) \(event.type) \(event.stream) #\(event.sequence): \(answer)")
            }
            try see(sight)
        }
        if crashes { return try die("in the middle of an append to the audit log", restartsAfter: .milliseconds(50)) }
        agenda.add(.input(process: process.number, input, nil), at: elapsed + latency)
    }
}
