package import Domain
import Synchronization

/// Everything beyond this process, and how it misbehaves. What stands here goes on while no process runs.
package struct OutsideState: Sendable {
    package var plan: FaultPlan
    package var branch = BranchModel()
    package var notes = NotesModel()
    package var platforms: [String: PlatformModel]
    /// Until when a place cannot be reached, in true time.
    package var away: [Happening.Place: Int64] = [:]
    /// True time in milliseconds, and what the running process' clocks show.
    package var elapsed: Int64 = 0
    package var now = Now(tick: Tick(milliseconds: 0), wall: Timestamp(milliseconds: Simulation.firstWall))
    /// How long the exchange that was just performed takes until its answer is here.
    package var latency: Int64 = 0
    /// The append to the audit log that was just performed was torn by a crash.
    package var crashesInAppend = false
    /// What sinks saw since it was last asked for.
    package var sinkSights: [Sight] = []
    let sourceTimeout: Span

    package init(_ world: World, faults: FaultPlan.List?) {
        plan = FaultPlan(seed: world.seed, rates: world.rates, list: faults)
        platforms = Dictionary(
            uniqueKeysWithValues: world.configuration.platforms.map { ($0.name, PlatformModel($0.name, world)) })
        sourceTimeout = world.configuration.source.timeout
    }

    package func isAway(_ place: Happening.Place) -> Bool { away[place].map { $0 > elapsed } ?? false }

    package var wall: Timestamp { Timestamp(milliseconds: Simulation.firstWall + elapsed) }
}

/// The ports of the real shell onto the state above. They answer at once; how long that took is said beside the answer.
package final class Outside: Sendable {
    private let state: Mutex<OutsideState>

    package init(_ state: OutsideState) { self.state = Mutex(state) }

    package func change<Value: Sendable>(_ body: (inout OutsideState) -> Value) -> Value {
        state.withLock { body(&$0) }
    }
}

struct SimulatedSource: DesiredState {
    let outside: Outside

    func look() async -> Answered<RemoteHead> {
        outside.change { state in
            if let failure = state.sourceTrouble() { return .failed(failure) }
            guard let head = state.branch.head else {
                return .failed(SourceFailure(.emptyRepository, "the repository is empty"))
            }
            return .value(RemoteHead(branch: "main", commit: head))
        }
    }

    func read(head: CommitID, since accepted: CommitID?, everything: Bool) async -> Answered<Reading> {
        outside.change { state in
            if let failure = state.sourceTrouble() { return .failed(failure) }
            return state.branch.read(head, since: accepted, everything: everything)
        }
    }

    func resolve(_ revision: String) async -> Answered<CommitID> { .value(CommitID(revision)) }
}

extension OutsideState {
    /// nil: the remote answers.
    mutating func sourceTrouble() -> SourceFailure? {
        latency = 5
        if isAway(.remote) { return SourceFailure(.unreachable, "the remote is away") }
        guard let fault = plan.next(.source) else { return nil }
        switch fault.kind {
        case .remoteSlow:
            latency = Int64(fault.share * Double(sourceTimeout.milliseconds))
            return nil
        case .remoteHangs:
            latency = sourceTimeout.milliseconds
            return SourceFailure(.timedOut, "the remote did not answer in time")
        default: return SourceFailure(.unreachable, "the remote is away")
        }
    }
}

struct SimulatedNotes: NotesLedger {
    let outside: Outside

    func append(_ additions: [NoteAddition]) async -> Answered<Void> {
        outside.change { state in
            state.latency = 5
            if state.plan.next(.notes, where: { $0 == .notesUnwritable }) != nil {
                return .failed(SourceFailure(.local, "the disk is full"))
            }
            state.notes.append(additions)
            return .value(())
        }
    }

    func push() async -> Answered<PushOutcome> {
        outside.change { state in
            state.latency = 20
            if state.isAway(.remote) { return .failed(SourceFailure(.unreachable, "the remote is away")) }
            switch state.plan.next(.notes, where: { $0 != .notesUnwritable })?.kind {
            case .notesAway: return .failed(SourceFailure(.unreachable, "the remote is away"))
            case .notesRefused: return .value(.refused("pre-receive hook declined"))
            case .notesRace: if let head = state.branch.head { state.notes.strangerWrites(on: head) }
            default: break
            }
            return .value(state.notes.push())
        }
    }

    func fetch() async -> Answered<Void> { .value(()) }

    func read(_ commit: CommitID) async -> Answered<[String]> {
        outside.change { .value($0.notes.local[commit]?.allLines ?? []) }
    }

    func all() async -> Answered<[CommitNote]> {
        outside.change { state in
            .value(
                state.notes.local.sorted { $0.key < $1.key }.map {
                    CommitNote(commit: $0.key, lines: $0.value.allLines)
                })
        }
    }
}

struct SimulatedSink: Sink {
    let outside: Outside
    let name: String

    func deliver(_ event: Event, attemptedAt: Timestamp) async -> DeliveryAnswer {
        outside.change { state in
            state.latency = 10
            let (answer, isTaken) = answer(&state)
            state.sinkSights.append(.attempted(sink: name, event, answer, isTaken: isTaken))
            return answer
        }
    }

    private func answer(_ state: inout OutsideState) -> (DeliveryAnswer, isTaken: Bool) {
        if state.isAway(.sink(name)) {
            // The second one is there and wants none of it, so that dead letters come to pass.
            let isThere = name == "sink1"
            return (
                isThere ? .refused(status: 400, answer: "400") : .failed(answer: "connection refused", retryAfter: nil),
                false
            )
        }
        guard let fault = state.plan.next(.sink) else { return (.delivered(status: 204), true) }
        switch fault.kind {
        case .sinkDown: return (.failed(answer: "503", retryAfter: nil), false)
        case .sinkSlow:
            state.latency = Int64(fault.share * 14_000)
            return (.delivered(status: 200), true)
        case .sinkGone: return (.gone(answer: "410 Gone"), false)
        case .sinkRefuses: return (.refused(status: 400, answer: "400"), false)
        case .sinkLost:
            state.latency = 15_000
            return (.failed(answer: "no answer within 15s", retryAfter: nil), true)
        case .sinkLater: return (.failed(answer: "429", retryAfter: .seconds(Int64(1 + fault.share * 600))), false)
        default: return (.delivered(status: 204), true)
        }
    }
}

struct SimulatedClock: Clock {
    let outside: Outside
    func now() -> Now { outside.change { $0.now } }
}
