import Audit
import Domain
import Foundation
import Reconciler
import Store

/// The life of a process: start, turns, and every way in which it ends.
extension Simulation {
    func start() async throws {
        guard process == nil else { return }
        processes += 1
        let (process, stored, findings) = try await openedWithPatience(processes)
        self.process = process
        scene.ledger = process.journal.store
        moveClocks(to: elapsed)
        try traceTrail()
        if let difference = scene.journal.difference(from: stored) {
            throw Violation(3, "what was committed is not what a restart finds: \(difference)", at: elapsed)
        }
        scene.keyPrefix = "ballast-\(stored.id)"
        trace.add(elapsed)
        trace.tell(elapsed, "process \(processes) starts")
        try see(.started(stored))
        var effects: [EngineEffect] = []
        for finding in findings {
            if case .trouble(let reason) = finding {
                throw Violation(18, "a restart finds the audit log broken: \(reason)", at: elapsed)
            }
            let output = process.engine.handle(.trailFound(finding), at: scene.now)
            try await process.journal.commit([output.transaction])
            try show(output.transaction)
            effects += output.effects
        }
        for effect in effects { _ = dispatch(effect, by: process) }
        put(.input(.start, nil))
    }

    /// The last process' threads may hold the state for a moment longer.
    private func openedWithPatience(_ number: Int) async throws -> (RunningProcess, StoredState, [TrailFinding]) {
        for _ in 0..<5_000 {
            do {
                return try await RunningProcess.start(
                    world, in: folder, outside: outside, number: number, seed: world.seed,
                    forgets: sabotage == .forgetsRollouts)
            } catch let error as StoreError {
                guard case .inUse = error.code else { throw error }
                usleep(200)
            }
        }
        throw Violation(0, "the state of a process that has ended stays locked", at: elapsed)
    }

    /// What one item of a batch came to.
    private struct Done {
        var item: RunningProcess.Item
        var output: EngineOutput
        var decision: (Decision, CommitID?)?
    }

    /// One batch: the engine decides, one commit, and only then the effects.
    func turn(_ process: RunningProcess) async throws {
        process.hasTurn = false
        let items = process.inbox
        process.inbox = []
        let done = items.compactMap { handle($0, process) }
        var turn = Turn()
        for one in done { turn.add(one.output) }
        let fault = turn.isIdle ? nil : outside.change { $0.plan.next(.turn) }
        if !turn.transactions.isEmpty, let kind = fault?.kind, kind == .diskFull || kind == .crashBeforeCommit {
            return try die("\(kind.rawValue)", restartsAfter: pause(fault))
        }
        if sabotage == .performsBeforeCommitting {
            for (_, effect) in await turn.effects(afterStoring: { _ in }) {
                if let sent = dispatch(effect, by: process) { try see(.sent(sent)) }
            }
        }
        let effects = try await turn.effects(afterStoring: process.journal.commit)
        let last =
            switch fault?.kind {
            case .crashAfterCommit: 0
            case .crashBetweenEffects: Int((fault?.share ?? 0) * Double(effects.count))
            default: Int.max
            }
        var count = 0
        for (position, one) in done.enumerated() {
            try show(one)
            for effect in effects
            where effect.output == position && count < last && sabotage != .performsBeforeCommitting {
                count += 1
                if let sent = dispatch(effect.effect, by: process) { try see(.sent(sent)) }
                if sabotage == .sendsTwice, let again = sendAgain(effect.effect, process) { try see(.sent(again)) }
            }
        }
        if sabotage == .writesWithoutCause, isSettled { try writeWithoutCause() }
        if last != .max { return try die("\(fault?.kind.rawValue ?? "")", restartsAfter: pause(fault)) }
        if let wakeAt = process.wakeAt, !isSabotaged(.losesWakes, every: 3) {
            agenda.add(.wake(process: process.number), at: max(elapsed, process.elapsed(at: wakeAt)))
        }
        if process.isStopping, !process.engine.hasMutationInFlight { try await end(process) }
    }

    private func handle(_ item: RunningProcess.Item, _ process: RunningProcess) -> Done? {
        report.steps += 1
        switch item {
        case .input(let input, _):
            let output = process.engine.handle(input, at: scene.now)
            process.wakeAt = output.nextWake
            return Done(item: item, output: output)
        case .choice(let choice):
            guard let (output, decision, commit) = decide(choice, process) else { return nil }
            process.wakeAt = output.nextWake
            return Done(item: item, output: output, decision: (decision, commit))
        }
    }

    /// Checkers see one item of a batch after the other, as if each had been a turn by itself.
    private func show(_ one: Done) throws {
        if case .input(let input, let sent) = one.item {
            if let sent, case .exchanged(_, let exchange) = input { scene.told.take(exchange, of: sent, at: elapsed) }
            try see(.told(input, sent))
        }
        if let (decision, commit) = one.decision {
            trace.tell(elapsed, "a person decides: \(decision.kind)")
            var driftHeld: [BotKey] = []
            if case .approveDrift(let name) = decision.kind {
                driftHeld = scene.journal.platforms[name]?.driftHeld ?? []
            }
            scene.people.take(
                decision.kind, key: keyOf, mayOverrideTrust: decision.mayOverrideTrust, at: scene.now,
                commit: commit, driftHeld: driftHeld)
            try see(.decided(decision.kind))
        }
        try show(one.output.transaction)
    }

    private func show(_ transaction: Transaction) throws {
        if transaction.isEmpty { return }
        scene.journal.take(transaction)
        trace.add(transaction)
        for entry in transaction.events {
            trace.tell(elapsed, "event \(entry.event.type) of \(entry.event.stream): \(entry.event.message)")
        }
        try see(.committed([transaction]))
    }

    /// The last record's hash stands for every record before it.
    private func traceTrail() throws {
        guard let ledger = scene.ledger, let last = try ledger.line(at: try ledger.lastIndex()) else { return }
        trace.add(last.line)
    }

    /// 0 to 60 s, mostly short.
    private func pause(_ fault: Fault?) -> Span {
        let share = fault?.share ?? 0
        return .milliseconds(1 + Int64(share * share * 60_000))
    }

    func keyOf(_ name: String) -> BotKey? { world.bots.first { $0.name == name }?.key }

    /// Killed: nothing is left but the disk and what is on its way.
    func die(_ how: String, restartsAfter: Span) throws {
        guard let process else { return }
        trace.add(elapsed)
        trace.tell(elapsed, "process \(process.number) dies: \(how)")
        report.crashes += 1
        self.process = nil
        for (number, flight) in flights.filter({ $0.value.process == process.number }).inOrder {
            flights[number]?.isOrphan = true
            guard flight.sent.request.isMutation, !flight.hasArrived else { continue }
            // What a dead process had sent is broken off: it arrives soon or never.
            let timeout = scene.settings(of: flight.sent.platform)?.timeout ?? .seconds(30)
            let latest = elapsed + timeout.milliseconds - 1
            if let arrives = flight.arrivesAt, arrives > latest { agenda.add(.arrival(flight: number), at: latest) }
        }
        scene.told.forget()
        scene.ledger = nil
        try see(.died)
        agenda.add(.start, at: elapsed + max(1, restartsAfter.milliseconds))
    }

    /// SIGTERM: what is in hand is parked, then the state is closed.
    func end(_ process: RunningProcess) async throws {
        let journal = process.journal
        let after = process.restartsAfter
        try die("stopped", restartsAfter: after)
        report.crashes -= 1
        try await journal.store.close()
    }

    func close() async throws {
        try traceTrail()
        scene.ledger = nil
        guard let process else { return }
        self.process = nil
        try await process.journal.store.close()
    }
}
