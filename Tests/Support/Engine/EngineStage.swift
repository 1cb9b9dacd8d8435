package import Domain

/// The real engine over a branch, a platform and a sink in memory, with a clock that only this stage moves. Wall time and
/// elapsed time start together. A crash loses everything but what was committed.
package struct EngineStage: Sendable {
    package var branch = FakeBranch()
    package var platform = FakePlatform()
    /// Further platforms, by the name that the configuration gives them.
    package var others: [String: FakePlatform] = [:]
    /// How long the remote takes to say where its head is.
    package var lookTime = Span.milliseconds(5)
    package private(set) var engine: Engine
    package var settings: EngineSettings
    package private(set) var now = Now(tick: Tick(milliseconds: 0), wall: Timestamp(milliseconds: 0))
    /// Everything that was committed, in order.
    package private(set) var transactions: [Transaction] = []
    package var sinkAnswer: @Sendable (Event) -> DeliveryAnswer = { _ in .delivered(status: 204) }
    /// What appending to the audit log answers.
    package var logFailure: String?
    /// What writing the notes answers, and what pushing them does.
    package var writeFailure: String?
    package var pushFailure: String?
    package private(set) var deliveries: [String] = []
    /// Ids of events by the sink that took them.
    package private(set) var delivered: [String: [String]] = [:]
    /// Platforms and sinks that take every request and never answer; each exchange ends at its time-out.
    package var hangingPlatforms: [String: Span] = [:]
    package var hangingSinks: [String: Span] = [:]
    package private(set) var looks = 0
    private var stored: StoredState
    private var pending: [(at: Tick, order: Int, input: EngineInput)] = []
    private var order = 0
    private var wake: Tick?
    /// Wall time ahead of elapsed time, in milliseconds.
    private var wallAhead: Int64 = 0
    package let seed: UInt64

    package init(seed: UInt64 = 1, configure: (inout Configuration) -> Void = { _ in }) {
        var configuration = Configuration(
            source: SourceSettings(url: "/bots.git"),
            platforms: [PlatformSettings(name: "default", url: "https://p.example", credential: .apiKey([]))],
            audit: AuditSettings(file: "/audit.jsonl"), state: "/ballast.db")
        configure(&configuration)
        settings = EngineSettings(configuration, readingDigest: "1")
        stored = StoredState(id: "state")
        self.seed = seed
        engine = EngineStage.engine(stored, settings, seed, now)
    }

    private static func engine(_ stored: StoredState, _ settings: EngineSettings, _ seed: UInt64, _ now: Now) -> Engine
    {
        let tools = EngineTools(sha256: { String($0.hashValueStable, radix: 16) }, zones: NoZones())
        return Engine(stored, settings: settings, tools: tools, seed: seed, now: now)
    }

    package static func manifest(
        _ name: String, bot: String, version: String, configure: (inout Manifest.Spec) -> Void = { _ in }
    ) -> FakeBranch.Content {
        var spec = Manifest.Spec(platform: "default", botId: bot, environment: "PRODUCTION", version: version)
        spec.verify = [VerifyCase(message: "order", intent: "order_support", minConfidence: 0.8)]
        configure(&spec)
        return .manifest(Manifest(name: name, labels: [:], spec: spec))
    }

    // MARK: What a test does

    package mutating func pass() {
        step(.passWanted)
        run { $0.engine.isQuiet && $0.engine.passCount > 0 }
    }

    /// Runs until the condition holds or nothing is left to happen within `limit`.
    package mutating func run(limit: Span = .minutes(30), until isDone: (EngineStage) -> Bool) {
        let end = now.tick + limit
        while !isDone(self) {
            let next = pending.map(\.at).min()
            guard let at = [next, wake].compactMap({ $0 }).min(), at <= end else { return }
            advance(to: max(at, now.tick))
            if let index = pending.indices.filter({ pending[$0].at <= now.tick }).min(by: {
                pending[$0].order < pending[$1].order
            }) {
                step(pending.remove(at: index).input)
            } else {
                step(.wake)
            }
        }
    }

    package mutating func start() {
        step(.start)
        run { $0.engine.isQuiet && $0.engine.passCount > 0 }
    }

    package mutating func wait(_ span: Span) {
        let end = now.tick + span
        run(limit: span) { $0.now.tick >= end }
        if now.tick < end { advance(to: end) }
    }

    /// Somebody sets the wall clock.
    package mutating func jump(milliseconds: Int64) {
        wallAhead += milliseconds
        advance(to: now.tick)
    }

    package mutating func decide(
        _ kind: Decision.Kind, reason: String = "because", mayOverrideTrust: Bool = true
    ) -> Result<String, DecisionError> {
        let decision = Decision(kind, by: "Ada", reason: reason, mayOverrideTrust: mayOverrideTrust)
        switch engine.decide(decision, at: now) {
        case .failure(let error): return .failure(error)
        case .success(let (said, output)):
            perform(output)
            return .success(said)
        }
    }

    /// Everything that is not committed is lost, and what was asked gets no answer.
    package mutating func crash() {
        pending = []
        wake = nil
        stored.saved = now
        engine = EngineStage.engine(stored, settings, seed &+ UInt64(transactions.count), now)
    }

    package mutating func restart() {
        crash()
        start()
    }

    // MARK: What a test looks at

    package func bot(_ name: String) -> BotRecord? { engine.bots.values.first { $0.name == name } }
    package func serving(_ bot: String) -> String? { platform.serving(bot, at: now.tick) }
    package var events: [Event] { transactions.flatMap(\.events).map(\.event) }
    package var eventTypes: [String] { events.map(\.type) }
    package var records: [AuditDraft] { transactions.flatMap(\.records) }
    package func outcomes(of name: String) -> [Outcome] {
        var found: [String: Rollout] = [:]
        var order: [String] = []
        for case .rollout(let rollout) in transactions.flatMap(\.changes) where rollout.name == name {
            if found.updateValue(rollout, forKey: rollout.id) == nil { order.append(rollout.id) }
        }
        return order.compactMap { found[$0]?.outcome }
    }

    // MARK: The shell

    package mutating func step(_ input: EngineInput) { perform(engine.handle(input, at: now)) }

    private mutating func advance(to tick: Tick) {
        now = Now(tick: tick, wall: Timestamp(milliseconds: tick.milliseconds + wallAhead))
    }

    private mutating func perform(_ output: EngineOutput) {
        wake = output.nextWake.map { max($0, now.tick) }
        commit(output.transaction)
        for effect in output.effects { perform(effect) }
    }

    private mutating func perform(_ effect: EngineEffect) {
        switch effect {
        case .look:
            looks += 1
            later(lookTime, .looked(branch.look()))
        case .read(let head, let accepted, let everything):
            later(.milliseconds(5), .read(branch.read(head, since: accepted, everything: everything)))
        case .exchange(let id, let name, let request, _):
            if let span = hangingPlatforms[name] {
                let lost = PlatformFailure(.lost, "no answer within \(span)")
                later(span, .exchanged(id: id, PlatformExchange(result: .failure(lost))))
                return
            }
            let (exchange, span) = others[name]?.answer(request, at: now) ?? platform.answer(request, at: now)
            later(span, .exchanged(id: id, exchange))
        case .deliver(let id, let sink):
            guard let event = events.first(where: { $0.id == id }) else { return }
            let answer = hangingSinks[sink] == nil ? sinkAnswer(event) : .failed(answer: "no answer", retryAfter: nil)
            if case .delivered = answer {
                deliveries.append(id)
                delivered[sink, default: []].append(id)
            }
            later(hangingSinks[sink] ?? .milliseconds(5), .delivered(eventId: id, sink: sink, answer))
        case .writeNotes: later(.milliseconds(5), .notesWritten([], failure: writeFailure))
        case .pushNotes: later(.milliseconds(5), .notesPushed([], failure: pushFailure))
        case .appendLog: later(.milliseconds(1), .logAppended(failure: logFailure))
        }
    }

    private mutating func later(_ span: Span, _ input: EngineInput) {
        order += 1
        pending.append((now.tick + span, order, input))
    }

    private mutating func commit(_ transaction: Transaction) {
        guard !transaction.isEmpty else { return }
        transactions.append(transaction)
        for change in transaction.changes { stored.take(change) }
        for entry in transaction.events {
            for sink in entry.sinks {
                stored.deliveries.append(
                    DeliveryState(
                        eventId: entry.event.id, sink: sink, stream: entry.lane(of: sink),
                        sequence: entry.event.sequence, status: .pending, notBefore: now.tick, answer: "",
                        changedAt: now.wall))
            }
        }
        for delivery in transaction.deliveries {
            stored.deliveries.removeAll { $0.eventId == delivery.eventId && $0.sink == delivery.sink }
            if delivery.status == .pending { stored.deliveries.append(delivery) }
        }
    }
}

extension StoredState {
    mutating func take(_ change: StateChange) {
        switch change {
        case .bot(let bot):
            bots.removeAll { $0.key == bot.key }
            bots.append(bot)
        case .removeBot(let key): bots.removeAll { $0.key == key }
        case .file(let file):
            files.removeAll { $0.path == file.path }
            files.append(file)
        case .removeFile(let path): files.removeAll { $0.path == path }
        case .rollout(let rollout):
            rollouts.removeAll { $0.id == rollout.id }
            if !rollout.hasEnded { rollouts.append(rollout) }
        case .platform(let one):
            platforms.removeAll { $0.name == one.name }
            platforms.append(one)
        case .feed(let one):
            feeds.removeAll { $0.platform == one.platform && $0.environment == one.environment }
            feeds.append(one)
        case .source(let record): source = record
        case .move(let move):
            moves.removeAll { $0.number == move.number }
            moves.append(move)
        case .sink(let sink):
            sinks.removeAll { $0.name == sink.name }
            sinks.append(sink)
        case .fleet(let record): fleet = record
        }
    }
}

struct NoZones: TimeZones {
    func exists(_ name: String) -> Bool { name == "UTC" }
    func offsetSeconds(of zone: String, at: Timestamp) -> Int { 0 }
}

extension String {
    /// FNV-1a: the same in every process, unlike `hashValue`.
    var hashValueStable: UInt64 {
        utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
}
