/// The whole of Ballast's judgement as one value: what happened goes in, what to store and what to do comes out.
///
/// It has no clock, no randomness of its own (a seed is given), no I/O and no tasks, so a run replays exactly from its inputs.
/// The shell stores `transaction` first and performs `effects` after; a crash between the two is harmless, because a
/// restart derives from what is stored what is still to be done.
package struct Engine: Sendable {
    package let settings: EngineSettings
    package let stateId: String
    let tools: EngineTools

    // Remembered: stored in the same transaction in which it changes.
    package internal(set) var bots: [BotKey: BotRecord] = [:]
    private var order: [BotKey] = []
    package internal(set) var files: [String: FileRecord] = [:]
    package internal(set) var platforms: [String: PlatformRecord] = [:]
    package internal(set) var feeds: [FeedKey: FeedRecord] = [:]
    package internal(set) var source: SourceRecord
    package internal(set) var moves: [Int: MoveRecord] = [:]
    package internal(set) var sinks: [String: SinkRecord] = [:]
    package internal(set) var fleet: FleetRecord
    package internal(set) var machines: [String: RolloutMachine] = [:]

    // Of this process: derived anew at each start.
    var rolloutOf: [BotKey: String] = [:]
    /// Bots that the next pass examines: all, until it finds them at rest.
    var restless: Set<BotKey> = []
    var queue: RolloutQueue
    var budgets: [String: RequestBudget] = [:]
    var exchanges: [Int: PendingExchange] = [:]
    var lastExchange = 0
    var timers = TimerHeap()
    var observing: [String: PlatformObservation] = [:]
    var observingSince: Tick?
    /// Platforms that an earlier pass still observes while a later one wants to.
    var observeAgain: Set<String> = []
    /// What earlier pages of one bot's own list of jobs showed.
    var botPages: [BotKey: [JobInfo]] = [:]
    /// Sessions on the earlier pages, where those of a blocked bot are counted again.
    var recheckedSessions: [BotKey: Int] = [:]
    /// Until the first look after the start, nothing goes on towards a POST: a newer commit may have come meanwhile.
    var awaitsLook = false
    /// Rollouts of an earlier process that stood before their POST, until they go on.
    var resting: Set<String> = []
    var feedPolls: [FeedKey: FeedPoll] = [:]
    var staleFeeds: Set<FeedKey> = []
    /// Platforms that were observed whole in this process.
    var observed: Set<String> = []
    package internal(set) var lastPassEndedAt: Tick?
    var pass = PassStage.idle
    /// As the last look found it.
    var branchHead: CommitID?
    package internal(set) var passCount = 0
    var rhythm: LookRhythm
    var passKind = LookRhythm.Kind.pass
    /// Until then decisions are taken and reports sent, but nothing is looked at or moved.
    private var isStarted = false
    /// The process is about to end: nothing new begins.
    package internal(set) var isStopping = false
    /// By rollout: the pass that made it, so that its events can be told to whoever asked for that pass.
    var passOf: [String: Int] = [:]
    var book: DeliveryBook
    /// nil: no sink shows states of commits.
    var tally: CommitTally?
    var notes = NotesSchedule()
    var logFailure: String?
    /// A timer stands for the next try.
    var isLogDue = false
    package internal(set) var notesFailure: String?
    var probes: [BotKey: GuardProbe] = [:]
    var claims = ClaimIndex()
    /// Problems of the last reading that belong to no bot in force, for `plan` and `validate`.
    package internal(set) var sourceFailure: SourceFailure?
    /// Rollouts that ended in this process, for what a verb prints at its end.
    package internal(set) var ended: [Rollout] = []
    var random: SeededRandom

    // Of the present step.
    var out: EngineOutput
    var changed = ChangeSet()
    var now: Now

    /// - Parameter seed: from the system's random source; a replay gives the same one.
    package init(_ stored: StoredState, settings: EngineSettings, tools: EngineTools, seed: UInt64, now: Now) {
        self.settings = settings
        self.tools = tools
        self.now = now
        stateId = stored.id
        random = SeededRandom(seed: seed)
        out = EngineOutput(transaction: Transaction(now: now))
        queue = RolloutQueue(slots: settings.reconcile.maxConcurrentRollouts)
        book = DeliveryBook(settings.sinks)
        rhythm = LookRhythm(settings.intervals)
        source = stored.source
        fleet = stored.fleet
        for bot in stored.bots { bots[bot.key] = bot }
        restless = Set(bots.keys)
        for file in stored.files { files[file.path] = file }
        for platform in stored.platforms { platforms[platform.name] = platform }
        for feed in stored.feeds { feeds[FeedKey(platform: feed.platform, environment: feed.environment)] = feed }
        for move in stored.moves { moves[move.number] = move }
        for sink in stored.sinks { sinks[sink.name] = sink }
        for rollout in stored.rollouts where !rollout.hasEnded {
            machines[rollout.id] = RolloutMachine(rollout)
            rolloutOf[rollout.key] = rollout.id
            if rollout.hasSlot { queue.adopt(rollout.id) }
            // A wait goes on where the last process left it.
            if let wakeAt = rollout.wakeAt { timers.add(.rollout(rollout.id), at: wakeAt) }
        }
        for platform in settings.platforms {
            budgets[platform.name] = RequestBudget(
                requests: platform.rateLimit.requests, per: platform.rateLimit.per,
                maxConcurrent: platform.maxConcurrentRequests)
            if platforms[platform.name] == nil { platforms[platform.name] = PlatformRecord(name: platform.name) }
        }
        claims = ClaimIndex(files: files.values)
        rememberDecisionsEnds()
        if settings.sinks.contains(where: \.kind.showsStates) { tally = CommitTally(bots, rolling: rolloutOf.keys) }
        for delivery in stored.deliveries { book.restore(delivery) }
        notes.restore(stored.notesDue)
    }

    /// One step: takes in what happened and gives what to store and what to do.
    package mutating func handle(_ input: EngineInput, at now: Now) -> EngineOutput {
        begin(at: now)
        switch input {
        case .start: start()
        case .passWanted: wantPass()
        case .lookWanted: rhythm.wish(.look)
        case .stop: isStopping = true
        case .looked(let answer): looked(answer)
        case .read(let answer): read(answer)
        case .exchanged(let id, let exchange): exchanged(id, exchange)
        case .delivered(let event, let sink, let answer): delivered(event, to: sink, answer)
        case .notesWritten(let indexes, let failure): notesWritten(indexes, failure: failure)
        case .notesPushed(let indexes, let failure): notesPushed(indexes, failure: failure)
        case .logAppended(let failure): logAppended(failure: failure)
        case .trailFound(let finding): trailFound(finding)
        case .trailVerified(let finding): trailVerified(finding)
        case .hurry: notes.hurry()
        case .wake: break
        }
        return finish()
    }

    /// The keys of all bots, sorted. A bot is remembered for good, so a new one is all that can change them.
    mutating func keysInOrder() -> [BotKey] {
        if order.count != bots.count { order = bots.keys.sorted() }
        return order
    }

    mutating func begin(at now: Now) {
        self.now = now
        out = EngineOutput(transaction: Transaction(now: now))
        changed = ChangeSet()
    }

    /// Lets everything happen that is due, then hands the step over.
    mutating func finish() -> EngineOutput {
        settle()
        collectChanges()
        if !out.transaction.records.isEmpty { out.effects.append(.appendLog) }
        out.nextWake = nextWake()
        return out
    }

    /// Whether nothing is under way that time or an answer would bring further; guards, windows and sessions may still be
    /// waited for (`waitsUntil`).
    package var isQuiet: Bool {
        pass == .idle && !rhythm.isWished && exchanges.isEmpty && (machines.isEmpty || settings.purpose == .plan)
    }
    package var isPassing: Bool { pass != .idle || rhythm.isWished }
    /// Requests that may change something and have no answer yet.
    package var hasMutationInFlight: Bool { exchanges.values.contains { $0.request.isMutation && $0.sentAt != nil } }

    private mutating func start() {
        isStarted = true
        resumeAtStart()
        enableChangedSinks()
        if settings.purpose == .act { out.transaction.deliveries += book.takeSuperseded(at: now.wall) }
        // What an earlier process could not write may be possible now, and nobody need wait for the next record to know.
        if settings.purpose == .act, fleet.logTrouble != nil { out.effects.append(.appendLog) }
        if pass == .idle { wantPass() }
    }

    /// Runs timers, the queue, slots, request budgets and deliveries until nothing more is due now.
    private mutating func settle() {
        if isStarted { work() }
        releaseDeliveries()
        releaseNotes()
        guard isStarted, let earliest = nextPassAt, earliest <= now.tick else { return }
        if let kind = rhythm.begin(at: now.tick, fraction: jitter()) {
            beginPass(kind)
            releaseRequests()
        }
    }

    private mutating func work() {
        while let timer = timers.popDue(at: now.tick) { fire(timer) }
        startRollouts()
        pollFeeds()
        releaseRequests()
    }

    private mutating func fire(_ timer: TimerHeap.Key) {
        switch timer {
        case .rollout(let id):
            guard let wakeAt = machines[id]?.rollout.wakeAt, wakeAt <= now.tick, !resting.contains(id) else { return }
            drive(id, .timer)
        case .retry(let exchange): retryNow(exchange)
        case .bot(let key):
            if let id = rolloutOf[key] { drive(id, .worldChanged) } else { refresh(key) }
        case .general: wantPass()
        case .start: resumeAfterLook()
        case .log:
            isLogDue = false
            if logFailure != nil { out.effects.append(.appendLog) }
        }
    }

    /// The next pass begins after the present one; where a platform is slow to be observed, it is not waited for.
    private var nextPassAt: Tick? {
        if isStopping { return nil }
        switch pass {
        case .idle: return Tick(milliseconds: 0)
        case .observing: return (observingSince ?? now.tick) + Engine.observingPatience
        case .looking, .reading: return nil
        }
    }

    /// A platform that takes longer than this to be observed holds up no later commit.
    static let observingPatience = Span.seconds(15)

    private func nextWake() -> Tick? {
        var next = isStarted ? timers.next : nil
        func consider(_ tick: Tick?) {
            if let tick { next = min(next ?? tick, tick) }
        }
        consider(book.nextDue(at: now.tick))
        consider(notes.nextDue)
        guard isStarted else { return next }
        for (name, budget) in budgets {
            consider(budget.nextRelease(at: now.tick))
            if queue.isAskedForSlot(on: name), let until = budget.pausedUntil, until > now.tick { consider(until) }
        }
        for poll in feedPolls.values { consider(poll.nextAt) }
        if let earliest = nextPassAt { consider(rhythm.nextDue.map { max($0, earliest) }) }
        return next
    }
}

/// The stages of a pass; a request that comes meanwhile causes another pass, never two at once.
/// Only platforms that are slow to be observed are left behind: they are observed again when they have answered.
enum PassStage: Hashable, Sendable {
    case idle
    case looking
    case reading(head: CommitID)
    case observing
}
