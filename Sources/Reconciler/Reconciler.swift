package import Domain
package import Logging

/// The shell around the engine: takes what happened, stores what the engine decided, then performs it. It decides nothing.
package actor Reconciler {
    package private(set) var engine: Engine
    private let ports: ReconcilerPorts
    private let mailbox = Mailbox()
    private let logger: Logger
    private var timer: Task<Void, Never>?
    private var timerAt: Tick?
    private var isStarted = false

    package init(engine: Engine, ports: ReconcilerPorts, logger: Logger) {
        self.engine = engine
        self.ports = ports
        self.logger = logger
    }

    /// Runs until `isDone` holds and nothing that happened is unhandled.
    /// - Parameters:
    ///   - deadline: it ends then whatever is under way; the next process adopts it.
    ///   - first: effects that an earlier step left to be performed.
    ///   - told: what a person wants to see while it lasts.
    package func run(
        until isDone: @Sendable (Engine, Now) -> Bool, deadline: Tick? = nil, first: [EngineEffect] = [],
        told: @escaping @Sendable (RunProgress) -> Void = { _ in }
    ) async throws {
        if !isStarted {
            isStarted = true
            mailbox.put(.start)
        }
        let performer = Performer(ports: ports)
        let mailbox = mailbox
        try await withThrowingDiscardingTaskGroup { group in
            defer {
                timer?.cancel()
                timerAt = nil
                group.cancelAll()
            }
            for effect in first { group.addTask { mailbox.put(await performer.perform(effect)) } }
            if let deadline { setTimer(deadline, ports.clock.now()) }
            while !Task.isCancelled {
                let inputs = mailbox.takeAll()
                if inputs.isEmpty {
                    let now = ports.clock.now()
                    if isDone(engine, now) || deadline.map({ now.tick >= $0 }) == true { return }
                    await withTaskCancellationHandler {
                        await mailbox.waitUntilFilled()
                    } onCancel: {
                        mailbox.ring()
                    }
                    continue
                }
                for effect in try await step(inputs, deadline: deadline, told: told) {
                    group.addTask { mailbox.put(await performer.perform(effect)) }
                }
            }
        }
        try Task.checkCancellation()
    }

    /// One batch: the engine decides, one commit, and only then the effects.
    private func step(
        _ inputs: [EngineInput], deadline: Tick?, told: @Sendable (RunProgress) -> Void
    ) async throws -> [EngineEffect] {
        var transactions: [Transaction] = []
        var effects: [EngineEffect] = []
        var wake: Tick?
        let now = ports.clock.now()
        for input in inputs {
            let output = engine.handle(input, at: now)
            transactions.append(output.transaction)
            effects += output.effects
            wake = output.nextWake
        }
        try await store(transactions)
        tell(transactions, effects, told)
        setTimer([wake, deadline].compactMap { $0 }.min(), now)
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

    private func setTimer(_ wake: Tick?, _ now: Now) {
        guard wake != timerAt else { return }
        timer?.cancel()
        timerAt = wake
        guard let wake else { return }
        let span = max(0, (wake - now.tick).milliseconds)
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

    /// Takes a person's decision, stores it, and performs what follows from it with the next `run`.
    package func decide(_ decision: Decision) async throws -> String {
        switch engine.decide(decision, at: ports.clock.now()) {
        case .failure(let error): throw error
        case .success(let (said, output)):
            try await store([output.transaction])
            let performer = Performer(ports: ports)
            for effect in output.effects {
                if case .appendLog = effect { mailbox.put(await performer.perform(effect)) }
            }
            return said
        }
    }

    /// Makes notes due now, whatever their pause; for the end of a one-shot.
    package func hurry() async throws -> [EngineEffect] {
        let output = engine.hurry(at: ports.clock.now())
        try await store([output.transaction])
        return output.effects
    }

    package func now() -> Now { ports.clock.now() }
}

/// What a person sees while a run lasts.
package enum RunProgress: Sendable {
    case looking
    case reading
    case event(Event)
}
