package import Domain
package import Logging

/// The shell around the engine: takes what happened, stores what the engine decided, then performs it. It decides nothing.
package actor Reconciler {
    package private(set) var engine: Engine
    private let ports: ReconcilerPorts
    private let mailbox = Mailbox()
    private let logger: Logger?
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
    }

    /// Runs the phases one after the other. What is under way at the end of one goes on in the next, and is given up after
    /// the last; a later process adopts it.
    /// - Parameter told: what a person wants to see while it lasts.
    /// - Returns: the engine as it was when each phase ended; when the task is cancelled, they all end.
    func run(
        _ phases: [Phase], told: @escaping @Sendable (RunProgress) -> Void = { _ in }
    ) async throws -> [Engine] {
        try await takeFindings()
        if !isStarted {
            isStarted = true
            mailbox.put(.start)
        }
        var ends: [Engine] = []
        try await withThrowingDiscardingTaskGroup { group in
            defer {
                timer?.cancel()
                (timer, timerAt, deadline) = (nil, nil, nil)
                group.cancelAll()
            }
            let performer = Performer(ports: ports)
            let mailbox = mailbox
            for effect in left { group.addTask { mailbox.put(await performer.perform(effect)) } }
            left = []
            for phase in phases {
                if let first = phase.first { mailbox.put(first) }
                try await run(phase, in: &group, told)
                ends.append(engine)
            }
        }
        return ends
    }

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
        _ phase: Phase, in group: inout ThrowingDiscardingTaskGroup<any Error>,
        _ told: @Sendable (RunProgress) -> Void
    ) async throws {
        let performer = Performer(ports: ports)
        let mailbox = mailbox
        deadline = phase.limit.map { ports.clock.now().tick + $0 }
        setTimer(ports.clock.now())
        while !Task.isCancelled {
            let inputs = mailbox.takeAll()
            if inputs.isEmpty {
                let now = ports.clock.now()
                if phase.isDone(engine, now) || deadline.map({ now.tick >= $0 }) == true { return }
                await withTaskCancellationHandler {
                    await mailbox.waitUntilFilled()
                } onCancel: {
                    mailbox.ring()
                }
                continue
            }
            for effect in try await step(inputs, told) {
                group.addTask { mailbox.put(await performer.perform(effect)) }
            }
        }
    }

    /// One batch: the engine decides, one commit, and only then the effects.
    private func step(
        _ inputs: [EngineInput], _ told: @Sendable (RunProgress) -> Void
    ) async throws -> [EngineEffect] {
        var transactions: [Transaction] = []
        var effects: [EngineEffect] = []
        let now = ports.clock.now()
        for input in inputs {
            let output = engine.handle(input, at: now)
            transactions.append(output.transaction)
            effects += output.effects
            wake = output.nextWake
        }
        try await store(transactions)
        tell(transactions, effects, told)
        setTimer(now)
        return coalesced(effects)
    }

    private func store(_ transactions: [Transaction]) async throws {
        guard engine.settings.purpose == .act else { return }
        let whole = transactions.filter { !$0.isEmpty }
        if !whole.isEmpty { try await ports.journal.commit(whole) }
    }

    /// One look at the journal serves every record that was added before it.
    private func coalesced(_ effects: [EngineEffect]) -> [EngineEffect] {
        var hasAppend = false
        return effects.filter { effect in
            guard case .appendLog = effect else { return true }
            defer { hasAppend = true }
            return !hasAppend
        }
    }

    private func setTimer(_ now: Now) {
        let due = [wake, deadline].compactMap { $0 }.min()
        guard due != timerAt else { return }
        timer?.cancel()
        timerAt = due
        guard let due else { return }
        let span = max(0, (due - now.tick).milliseconds)
        let mailbox = mailbox
        timer = Task { [weak self] in
            do { try await Task.sleep(for: .milliseconds(span)) } catch { return }
            await self?.timerFired()
            mailbox.put(.wake)
        }
    }

    private func timerFired() { timerAt = nil }

    private func tell(
        _ transactions: [Transaction], _ effects: [EngineEffect], _ told: @Sendable (RunProgress) -> Void
    ) {
        for effect in effects {
            switch effect {
            case .look: told(.looking)
            case .read: told(.reading)
            case .exchange, .deliver, .writeNotes, .pushNotes, .appendLog: break
            }
        }
        for entry in transactions.flatMap(\.events) {
            log(entry.event)
            told(.event(entry.event))
        }
    }

    private func log(_ event: Event) {
        guard let logger else { return }
        let level: Logger.Level =
            switch event.severity {
            case .info: .info
            case .warning: .warning
            case .error, .critical: .error
            }
        var metadata: Logger.Metadata = ["type": "\(event.type)", "detail": "\(event.message)"]
        if let bot = event.bot { metadata["bot"] = "\(bot.name)" }
        if let rollout = event.rollout { metadata["rollout"] = "\(rollout.id)" }
        if let commit = event.commit { metadata["commit"] = "\(commit.sha.hex)" }
        logger.log(level: level, "event", metadata: metadata)
    }

    /// Takes a person's decision and stores it; what follows from it is done by the next run.
    package func decide(_ decision: Decision) async throws -> String {
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

/// What a person sees while a run lasts.
package enum RunProgress: Sendable {
    case looking
    case reading
    case event(Event)
}
