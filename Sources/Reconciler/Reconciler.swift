package import Domain
package import Logging

/// The shell around the engine: takes what happened, stores what the engine decided, then performs it. It decides nothing.
package actor Reconciler {
    package private(set) var engine: Engine
    private let ports: ReconcilerPorts
    let mailbox = Mailbox()
    let logger: Logger?
    private var timer: Task<Void, Never>?
    private var timerAt: Tick?
    private var deadline: Tick?
    /// When the engine wants to be asked again; a new phase has another deadline and the same wake.
    private var wake: Tick?
    private var isStarted = false
    /// What the start found, until the engine was told.
    private var findings: [TrailFinding]
    /// What a decision set off and the next run performs.
    private var left: [EngineEffect] = []
    private var isRunning = false
    package private(set) var requests = RequestLog()
    private var stopwatch = PassStopwatch()
    /// When the loop last went round; it does at least every `heartbeat`, whatever it waits for.
    package private(set) var lastTurnAt: Tick
    package static let heartbeat = Span.seconds(20)

    /// A stretch of a run: it ends when its condition holds, or at its deadline, whatever is under way then.
    struct Phase: Sendable {
        /// Handed to the engine at the beginning.
        var first: EngineInput?
        var limit: Span?
        var isDone: @Sendable (Engine, Now) -> Bool
    }

    /// - Parameters:
    ///   - findings: what the start found at the end of the audit log; the engine hears of it before anything else.
    ///   - logger: every event is logged there; nil: by whoever watches the run.
    package init(engine: Engine, ports: ReconcilerPorts, findings: [TrailFinding] = [], logger: Logger?) {
        self.findings = findings
        self.engine = engine
        self.ports = ports
        self.logger = logger
        lastTurnAt = ports.clock.now().tick
    }

    /// Runs the phases one after the other. What is under way at the end of one goes on in the next, and is given up after
    /// the last; a later process adopts it.
    /// - Parameters:
    ///   - starts: false where a decision is only reported: nothing is looked at, and no rollout moves.
    ///   - told: what a person wants to see while it lasts.
    /// - Returns: the engine as it was when each phase ended; when the task is cancelled, they all end.
    func run(
        _ phases: [Phase], starts: Bool = true, told: @escaping @Sendable (RunProgress) -> Void = { _ in }
    ) async throws -> [Engine] {
        try await takeFindings()
        if starts, !isStarted {
            isStarted = true
            mailbox.put(.start)
        }
        isRunning = true
        defer {
            isRunning = false
            refuseDecisions()
        }
        var ends: [Engine] = []
        try await withThrowingDiscardingTaskGroup { group in
            defer {
                timer?.cancel()
                (timer, timerAt, deadline) = (nil, nil, nil)
                group.cancelAll()
            }
            let performer = Performer(ports: ports, logger: logger) { told(.measured($0)) }
            let mailbox = mailbox
            for effect in left { group.addTask { mailbox.put(await performer.perform(effect)) } }
            left = []
            for phase in phases {
                if let first = phase.first { mailbox.put(first) }
                try await run(phase, in: &group, performer, told)
                ends.append(engine)
            }
        }
        return ends
    }

    /// The next run tells the engine, before anything else.
    package func found(_ finding: TrailFinding) { findings.append(finding) }

    private func takeFindings() async throws {
        let found = findings
        findings = []
        for finding in found {
            let output = engine.handle(.trailFound(finding), at: ports.clock.now())
            try await store([output.transaction])
            tell([output.transaction], [], { _ in })
            left += output.effects
        }
    }

    private func run(
        _ phase: Phase, in group: inout ThrowingDiscardingTaskGroup<any Error>, _ performer: Performer,
        _ told: @Sendable (RunProgress) -> Void
    ) async throws {
        let mailbox = mailbox
        deadline = phase.limit.map { ports.clock.now().tick + $0 }
        setTimer(ports.clock.now())
        while !Task.isCancelled {
            let items = mailbox.takeAll()
            lastTurnAt = ports.clock.now().tick
            if items.isEmpty {
                let now = ports.clock.now()
                if phase.isDone(engine, now) || deadline.map({ now.tick >= $0 }) == true { return }
                await withTaskCancellationHandler {
                    await mailbox.waitUntilFilled()
                } onCancel: {
                    mailbox.ring()
                }
                continue
            }
            for effect in try await step(items, told) {
                group.addTask { mailbox.put(await performer.perform(effect)) }
            }
        }
    }

    /// What nobody will decide any more is answered, too.
    private func refuseDecisions() {
        for case .decision(_, let person) in mailbox.takeAll() {
            person.resume(throwing: DecisionError(.closing, "the server is shutting down; nothing was decided"))
        }
    }

    /// - Parameter pass: the one that led to it.
    func note(event id: String, of pass: Int?) { requests.add(event: id, of: pass) }

    /// Asks for a look on behalf of a request whose consequences somebody may want to follow. Never waits.
    package nonisolated func requestLook(_ id: String, kind: LookRhythm.Kind = .look) {
        mailbox.request(id, kind, at: ports.clock.now().tick)
    }

    /// What is known at this moment.
    package func look<Value: Sendable>(_ body: @Sendable (Engine) -> Value) -> Value { body(engine) }

    /// One batch: the engine decides, one commit, and only then the effects.
    private func step(
        _ items: [Mailbox.Item], _ told: @Sendable (RunProgress) -> Void
    ) async throws -> [EngineEffect] {
        var turn = Turn()
        var answers: [(CheckedContinuation<String, any Error>, Result<String, any Error>)] = []
        let now = ports.clock.now()
        let (passes, endedAt) = (engine.passCount, engine.lastPassEndedAt)
        for item in items {
            let output: EngineOutput
            switch item {
            case .input(let input): output = engine.handle(input, at: now)
            case .requests(let ids, let kind, let askedAt):
                for id in ids { requests.add(id) }
                stopwatch.asked(at: askedAt)
                output = engine.handle(kind == .look ? .lookWanted : .passWanted, at: now)
            case .decision(let decision, let person):
                switch engine.decide(decision, at: now) {
                case .failure(let error):
                    answers.append((person, .failure(error)))
                    continue
                case .success(let (said, decided)):
                    answers.append((person, .success(said)))
                    output = decided
                }
            }
            turn.add(output)
            wake = output.nextWake
        }
        let effects: [EngineEffect]
        do { effects = try await turn.effects(afterStoring: store).map(\.effect) } catch {
            for (person, _) in answers { person.resume(throwing: error) }
            throw error
        }
        for (person, answer) in answers { person.resume(with: answer) }
        if engine.passCount != passes {
            requests.began(pass: engine.passCount)
            stopwatch.began(pass: engine.passCount, at: now.tick)
        }
        if engine.lastPassEndedAt != endedAt, let span = stopwatch.passed(at: now.tick) {
            told(.measured(.passed(seconds: span)))
        }
        for effect in effects {
            guard case .exchange(let id, _, .deploy, _) = effect, let pass = engine.pass(ofExchange: id) else {
                continue
            }
            if let span = stopwatch.triggered(by: pass, at: now.tick) { told(.measured(.triggered(seconds: span))) }
        }
        tell(turn.transactions, effects, told)
        setTimer(now)
        return effects
    }

    private func store(_ transactions: [Transaction]) async throws {
        guard engine.settings.purpose == .act else { return }
        let whole = transactions.filter { !$0.isEmpty }
        if !whole.isEmpty { try await ports.journal.commit(whole) }
    }

    /// There is always one, so that whoever looks from outside sees that the loop goes round. One that fires too early costs
    /// a turn of the loop; one that is cancelled is kept by the system until its time, thousands of them in a busy minute.
    private func setTimer(_ now: Now) {
        let due = min([wake, deadline].compactMap { $0 }.min() ?? now.tick + Self.heartbeat, now.tick + Self.heartbeat)
        if let timerAt, timerAt <= due { return }
        timer?.cancel()
        timerAt = due
        let span = max(0, (due - now.tick).milliseconds)
        let mailbox = mailbox
        timer = Task { [weak self] in
            do { try await Task.sleep(for: .milliseconds(span)) } catch { return }
            await self?.timerFired()
            mailbox.put(.wake)
        }
    }

    private func timerFired() { timerAt = nil }

    /// Takes a person's decision and stores it; what follows from it is done by the next run.
    package func decide(_ decision: Decision) async throws -> String {
        if isRunning {
            let mailbox = mailbox
            return try await withCheckedThrowingContinuation { mailbox.put(.decision(decision, $0)) }
        }
        try await takeFindings()
        switch engine.decide(decision, at: ports.clock.now()) {
        case .failure(let error): throw error
        case .success(let (said, output)):
            try await store([output.transaction])
            _ = await ports.journal.appendLog()
            left += output.effects
            return said
        }
    }
}
