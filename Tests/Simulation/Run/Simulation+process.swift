import Commands
import Domain
import Foundation
import Store

/// The life of a process: start, turns, and every way in which it ends.
extension Simulation {
    func start() async throws {
        guard process == nil else { return }
        processes += 1
        let (process, stored, findings) = try await openedWithPatience(processes)
        self.process = process
        moveClocks(to: elapsed)
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
            try await commit([output.transaction], of: process)
            effects += output.effects
        }
        for effect in effects { dispatch(effect, by: process) }
        put(.input(.start, nil))
    }

    /// The last process' threads may hold the state for a moment longer.
    private func openedWithPatience(_ number: Int) async throws -> (RunningProcess, StoredState, [TrailFinding]) {
        for _ in 0..<5_000 {
            do {
                return try await RunningProcess.start(
                    world, in: folder, outside: outside, number: number, seed: world.seed)
            } catch let error as StoreError {
                guard case .inUse = error.code else { throw error }
                usleep(200)
            }
        }
        throw Violation(0, "the state of a process that has ended stays locked", at: elapsed)
    }

    /// One batch: the engine decides, one commit, and only then the effects; as `Reconciler.step`.
    func turn(_ process: RunningProcess) async throws {
        process.hasTurn = false
        let items = process.inbox
        process.inbox = []
        var transactions: [Transaction] = []
        var effects: [EngineEffect] = []
        var decisions: [(Decision, CommitID?)] = []
        for item in items {
            report.steps += 1
            let output: EngineOutput
            switch item {
            case .input(let input, let sent):
                if let sent, case .exchanged(_, let exchange) = input { scene.told.take(exchange, of: sent, at: elapsed) }
                try see(.told(input, sent))
                output = process.engine.handle(input, at: scene.now)
            case .choice(let choice):
                guard let (decided, decision, commit) = decide(choice, process) else { continue }
                output = decided
                decisions.append((decision, commit))
            }
            transactions.append(output.transaction)
            effects += output.effects
            process.wakeAt = output.nextWake
        }
        let whole = transactions.filter { !$0.isEmpty }
        let fault = whole.isEmpty && effects.isEmpty ? nil : outside.change { $0.plan.next(.turn) }
        if !whole.isEmpty, let kind = fault?.kind, kind == .diskFull || kind == .crashBeforeCommit {
            return try die("\(kind.rawValue)", restartsAfter: pause(fault))
        }
        try await commit(whole, of: process, decisions)
        if fault?.kind == .crashAfterCommit { return try die("crash after a commit", restartsAfter: pause(fault)) }
        var hasAppend = false
        let last = fault?.kind == .crashBetweenEffects ? Int((fault?.share ?? 0) * Double(effects.count)) : nil
        for (position, effect) in effects.enumerated() {
            if position == last { return try die("crash between effects", restartsAfter: pause(fault)) }
            if case .appendLog = effect {
                if hasAppend { continue }
                hasAppend = true
            }
            dispatch(effect, by: process)
        }
        for sent in leaving { try see(.sent(sent)) }
        leaving = []
        if let wakeAt = process.wakeAt {
            agenda.add(.wake(process: process.number), at: max(elapsed, process.elapsed(at: wakeAt)))
        }
        if process.isStopping, !process.engine.hasMutationInFlight { try await end(process) }
    }

    /// 0 to 60 s, mostly short.
    private func pause(_ fault: Fault?) -> Span {
        let share = fault?.share ?? 0
        return .milliseconds(1 + Int64(share * share * 60_000))
    }

    func commit(
        _ transactions: [Transaction], of process: RunningProcess, _ decisions: [(Decision, CommitID?)] = []
    ) async throws {
        let whole = transactions.filter { !$0.isEmpty }
        if !whole.isEmpty { try await process.journal.commit(whole) }
        for transaction in whole {
            scene.journal.take(transaction)
            for entry in transaction.events {
                trace.add(entry.event.id)
                trace.tell(elapsed, "event \(entry.event.type) of \(entry.event.stream): \(entry.event.message)")
            }
            trace.add(Int64(transaction.changes.count * 1000 + transaction.records.count))
        }
        for (decision, commit) in decisions {
            trace.tell(elapsed, "a person decides: \(decision.kind)")
            scene.people.take(
                decision.kind, key: keyOf, mayOverrideTrust: decision.mayOverrideTrust, at: scene.now, elapsed,
                commit: commit)
            try see(.decided(decision.kind))
        }
        if !whole.isEmpty { try see(.committed(whole)) }
    }

    func keyOf(_ name: String) -> BotKey? { world.bots.first { $0.name == name }?.key }

    /// Killed: nothing is left but the disk and what is on its way.
    func die(_ how: String, restartsAfter: Span) throws {
        guard let process else { return }
        trace.add(elapsed)
        trace.tell(elapsed, "process \(process.number) dies: \(how)")
        report.crashes += 1
        leaving = []
        self.process = nil
        for (number, flight) in flights where flight.process == process.number {
            flights[number]?.isOrphan = true
            guard flight.sent.request.isMutation, !flight.hasArrived else { continue }
            // What a dead process had sent is broken off: it arrives soon or never.
            let timeout = scene.settings(of: flight.sent.platform)?.timeout ?? .seconds(30)
            let latest = elapsed + timeout.milliseconds - 1
            if let arrives = flight.arrivesAt, arrives > latest { agenda.add(.arrival(flight: number), at: latest) }
        }
        scene.told.forget()
        try see(.died)
        agenda.add(.start, at: elapsed + max(1, restartsAfter.milliseconds))
    }

    /// SIGTERM: what is in hand is parked, then the state is closed.
    func end(_ process: RunningProcess) async throws {
        let journal = process.journal
        let after = process.restartsAfter
        try die("stopped", restartsAfter: after)
        report.crashes -= 1
        try await journal.state.close()
    }

    func close() async throws {
        guard let process else { return }
        self.process = nil
        try await process.journal.state.close()
    }
}
