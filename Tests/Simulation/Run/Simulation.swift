import Audit
import Domain
import Foundation
import Store

/// Runs one world over the production code, in one line of events on a clock that nothing but the agenda moves.
package final class Simulation {
    /// Wall time at the beginning: 2026-11-22T10:00:00Z.
    package static let firstWall: Int64 = 1_795_341_600_000

    let world: World
    let outside: Outside
    let scene: Scene
    let folder: String
    var agenda = Agenda()
    var process: RunningProcess?
    var processes = 0
    var checkers: [any Checker]
    var report: RunReport
    var trace: Trace
    var flights: [Int: Flight] = [:]
    var flightCount = 0
    /// Wall time ahead of true time.
    var wallAhead: Int64 = 0
    var elapsed: Int64 = 0
    var isFinished = false
    var isSettled = false
    /// When a window was last seen to hold a bot, after the faults.
    var windowHeldAt: Int64?
    var repairs: [(at: Int64, choice: Happening.Choice)] = []
    /// The one cell of the platform matrix that this run plays.
    var matrix: MatrixFaults?

    /// What is broken on purpose, to see that it is noticed.
    let sabotage: Sabotage?
    var saboteurCount = 0

    /// - Parameters:
    ///   - faults: nil: drawn from the seed.
    ///   - folder: empty, for state and log.
    package init(
        _ world: World, faults: FaultPlan.List? = nil, cell: MatrixCell? = nil, sabotage: Sabotage? = nil,
        folder: String, isTold: Bool = false,
        checkers: [any Checker] = Checkers.all()
    ) {
        self.world = world
        self.folder = folder
        self.sabotage = sabotage
        outside = Outside(OutsideState(world, faults: faults))
        scene = Scene(world, outside, folder: folder)
        report = RunReport(seed: world.seed)
        trace = Trace(isTold: isTold)
        self.checkers = checkers
        matrix = cell.map(MatrixFaults.init)
    }

    package func run() async -> RunReport {
        do { try await runToTheEnd() } catch let violation as Violation {
            report.violation = violation
            trace.tell(elapsed, "*** \(violation)")
        } catch {
            report.violation = Violation(0, "the run failed: \(error)", at: elapsed)
        }
        report.elapsed = elapsed
        report.faults = outside.change { $0.plan.used }
        report.rollouts = scene.journal.rollouts.count
        for rollout in scene.journal.rollouts.values {
            if let outcome = rollout.outcome { report.outcomes[outcome, default: 0] += 1 }
        }
        report.hash = trace.hash
        report.playedCell = matrix?.isDone ?? false
        report.story = trace.lines
        process = nil
        return report
    }

    private func runToTheEnd() async throws {
        for (index, timed) in world.happenings.enumerated() { agenda.add(.happening(index), at: timed.at) }
        agenda.add(.start, at: 1)
        agenda.add(.faultsEnd, at: world.faultsEndAt)
        agenda.add(.settle, at: world.faultsEndAt + Bounds.convergence(world).milliseconds)
        while !isFinished, let (at, what) = agenda.next() {
            moveClocks(to: at)
            try await handle(what)
        }
        try await close()
    }

    /// Nothing of what the process says is under way, and every bot is where it should be: waiting longer shows nothing.
    private var isAtRest: Bool {
        guard let engine = process?.engine, process?.inbox.isEmpty == true, engine.isQuiet, engine.areNotesIdle,
            !engine.hasDueDelivery, engine.deliveriesInFlight == 0
        else { return false }
        let isOpen = outside.change { state in
            world.bots.contains { state.platforms[$0.key.platform]?.openJobs(of: $0.key).isEmpty == false }
        }
        return !isOpen && Convergence().wrong(scene) == nil
    }

    private var isHeldByWindow: Bool {
        world.bots.contains { bot in
            guard let record = scene.journal.bots[bot.key], record.condition.guard == .window,
                let spec = scene.declared(bot.key)?.spec
            else { return false }
            return Excuse(bot: bot, spec: spec, record: record, scene: scene).isWindowClosed
        }
    }

    private func settle() throws {
        guard !isSettled else { return }
        isSettled = true
        trace.tell(elapsed, "— all is at rest —")
        try see(.settled)
        agenda.add(.finish, at: elapsed + Bounds.rest(world).milliseconds)
    }

    func moveClocks(to at: Int64) {
        elapsed = at
        let tick = process?.tick(at: at) ?? scene.now.tick
        let now = Now(tick: tick, wall: Timestamp(milliseconds: Self.firstWall + at + wallAhead))
        scene.elapsed = at
        scene.now = now
        outside.change { state in
            state.elapsed = at
            state.now = now
        }
    }

    private func handle(_ what: Agenda.Occurrence) async throws {
        switch what {
        case .happening(let index): try await happen(world.happenings[index].what)
        case .death: try die("killed", restartsAfter: .seconds(1))
        case .repair(let index): if !isSettled { put(.choice(repairs[index].choice)) }
        case .start: try await start()
        case .turn(let number):
            if let process, process.number == number { try await turn(process) }
        case .wake(let number):
            guard let process, process.number == number, let at = process.wakeAt, at <= scene.now.tick else { return }
            process.wakeAt = nil
            put(.input(.wake, nil))
        case .effect(let number, let effect):
            if let process, process.number == number { try await perform(effect, by: process) }
        case .input(let number, let input, let sent):
            if process?.number == number { put(.input(input, sent)) }
        case .arrival(let flight): try arrive(flight)
        case .parked(let number):
            if let process, process.number == number { try await end(process) }
        case .faultsEnd: try endFaults()
        case .check:
            if isAtRest { return try settle() }
            if isHeldByWindow { windowHeldAt = elapsed }
            agenda.add(.check, at: elapsed + Bounds.pause.milliseconds)
        case .settle:
            // Time begins anew for what a window held until now.
            let due = (windowHeldAt ?? 0) + Bounds.convergence(world).milliseconds
            guard due > elapsed, Convergence().wrong(scene) != nil else { return try settle() }
            agenda.add(.settle, at: due)
        case .finish:
            if sabotage == .editsLog { try editLog() }
            try see(.finished)
            isFinished = true
        }
    }

    /// Something for the next turn of the process.
    func put(_ item: RunningProcess.Item) {
        guard let process else { return }
        process.inbox.append(item)
        guard !process.hasTurn else { return }
        process.hasTurn = true
        agenda.add(.turn(process: process.number), at: elapsed)
    }

    func see(_ sight: Sight) throws {
        scene.accounts.see(sight, in: scene)
        for index in checkers.indices {
            if let wrong = checkers[index].see(sight, in: scene) {
                let checker = checkers[index]
                throw Violation(checker.invariant, wrong, at: elapsed, by: "\(type(of: checker))")
            }
        }
    }
}
