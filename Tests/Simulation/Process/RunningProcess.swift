package import Domain
import Live
import Reconciler
import Store

/// One process: the real engine over the real state, and the shell around it. Everything but the disk goes with it.
package final class RunningProcess {
    package var engine: Engine
    let journal: SimulatedJournal
    let performer: Performer
    /// Counts processes; what an earlier one waited for is no answer for this one.
    package let number: Int
    /// When it started: its elapsed clock goes on from `origin` by true time.
    let startedAt: Int64
    let origin: Tick
    /// Handed to the engine in the next turn, as one batch.
    package var inbox: [Item] = []
    package var hasTurn = false
    package var isStopping = false
    package var restartsAfter: Span = .zero
    package var wakeAt: Tick?

    package enum Item {
        case input(EngineInput, Sent?)
        case choice(Happening.Choice)
    }

    /// Opens the state, as every start does.
    /// - Throws: `StoreError`, where another process has it.
    static func start(
        _ world: World, in folder: String, outside: Outside, number: Int, seed: UInt64, forgets: Bool = false
    ) async throws -> (RunningProcess, StoredState, [TrailFinding]) {
        var configuration = world.configuration
        configuration.state = folder + "/ballast.db"
        configuration.audit.file = folder + "/audit.jsonl"
        let id = String(seed | 1 << 63, radix: 16)
        let (journal, stored, findings) = try await SimulatedJournal.open(
            configuration, id: "\(id)\(id)", outside: outside)
        let (elapsed, wall) = outside.change { ($0.elapsed, $0.now.wall) }
        // As `SystemClock`: the advance of the wall clock counts while no process ran, never less than zero.
        let away = stored.saved.map { max(0, wall.milliseconds - $0.wall.milliseconds) } ?? 0
        let origin = (stored.saved?.tick ?? Tick(milliseconds: 0)) + .milliseconds(away)
        var settings = EngineSettings(configuration, readingDigest: "1")
        settings.intervals = world.intervals
        settings.capabilities = world.capabilities
        let digests = SHA256Digests()
        let tools = EngineTools(sha256: { digests.sha256(Array($0.utf8)) }, zones: UTC())
        var known = stored
        if forgets { known.rollouts = [] }
        let engine = Engine(
            known, settings: settings, tools: tools, seed: seed &+ UInt64(number) &* 0x9E37_79B9,
            now: Now(tick: origin, wall: wall))
        let ports = ReconcilerPorts(
            source: SimulatedSource(outside: outside), notes: SimulatedNotes(outside: outside), platforms: [:],
            sinks: Dictionary(
                uniqueKeysWithValues: configuration.notifications.map {
                    ($0.name, SimulatedSink(outside: outside, name: $0.name))
                }), journal: journal, clock: SimulatedClock(outside: outside))
        let process = RunningProcess(
            engine: engine, journal: journal, performer: Performer(ports: ports, logger: nil, measured: { _ in }),
            number: number, startedAt: elapsed, origin: origin)
        return (process, stored, findings)
    }

    private init(
        engine: Engine, journal: SimulatedJournal, performer: Performer, number: Int, startedAt: Int64, origin: Tick
    ) {
        self.engine = engine
        self.journal = journal
        self.performer = performer
        self.number = number
        self.startedAt = startedAt
        self.origin = origin
    }

    func tick(at elapsed: Int64) -> Tick { origin + .milliseconds(elapsed - startedAt) }
    func elapsed(at tick: Tick) -> Int64 { startedAt + (tick - origin).milliseconds }
}

struct UTC: TimeZones {
    func exists(_ name: String) -> Bool { name == "UTC" }
    func offsetSeconds(of zone: String, at: Timestamp) -> Int { 0 }
}
