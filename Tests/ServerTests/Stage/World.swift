import Domain
import Reconciler
import Store
import Support
import Synchronization

/// A branch, a platform and a sink in memory behind the real ports.
final class World: Sendable {
    struct State: Sendable {
        var branch = FakeBranch()
        var platform = FakePlatform()
        var looks = 0
        var delivered: [String] = []
        var sinkAnswer = DeliveryAnswer.delivered(status: 204)
        /// Held looks wait here.
        var holdsLooks = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    let state = Mutex(State())

    /// Times that the remote was looked at.
    var looks: Int { state.withLock { $0.looks } }

    func holdLooks() { state.withLock { $0.holdsLooks = true } }

    func letLooksGo() {
        let waiting = state.withLock { state in
            state.holdsLooks = false
            defer { state.waiting = [] }
            return state.waiting
        }
        for one in waiting { one.resume() }
    }

    @discardableResult
    func commit(
        _ names: [String], version: String, labels: [String: String] = [:], signature: SignatureVerdict = .unsigned
    ) -> CommitID {
        state.withLock { state in
            var files: [String: [FakeBranch.Content]?] = [:]
            for name in names {
                guard
                    case .manifest(var manifest) = EngineStage.manifest(name, bot: "id-\(name)", version: version)
                else { continue }
                manifest.labels = labels
                files["\(name).yaml"] = [.manifest(manifest)]
            }
            return state.branch.commit(files, signature: signature)
        }
    }

    fileprivate func looked() async -> Answered<RemoteHead> {
        await withCheckedContinuation { continuation in
            let goesOn = state.withLock { state in
                state.looks += 1
                if !state.holdsLooks { return true }
                state.waiting.append(continuation)
                return false
            }
            if goesOn { continuation.resume() }
        }
        return state.withLock { $0.branch.look() }
    }
}

struct WorldSource: DesiredState {
    let world: World

    func look() async -> Answered<RemoteHead> { await world.looked() }

    func read(head: CommitID, since accepted: CommitID?, everything: Bool) async -> Answered<Reading> {
        world.state.withLock { $0.branch.read(head, since: accepted, everything: everything) }
    }

    func resolve(_ revision: String) async -> Answered<CommitID> { .value(CommitID(revision)) }
}

struct WorldPlatform: Platform {
    let world: World
    let clock: any Clock

    var capabilities: PlatformCapabilities { PlatformCapabilities() }

    func perform(_ request: PlatformRequest, renewCredentials: Bool) async -> PlatformExchange {
        world.state.withLock { $0.platform.answer(request, at: clock.now()).0 }
    }
}

struct WorldSink: Sink {
    let world: World

    func deliver(_ event: Event, attemptedAt: Timestamp) async -> DeliveryAnswer {
        world.state.withLock { state in
            state.delivered.append(event.id)
            return state.sinkAnswer
        }
    }
}

/// Notes that are always written and pushed.
struct NoNotes: NotesLedger {
    func append(_ additions: [NoteAddition]) async -> Answered<Void> { .value(()) }
    func push() async -> Answered<PushOutcome> { .value(.upToDate) }
    func fetch() async -> Answered<Void> { .value(()) }
    func read(_ commit: CommitID) async -> Answered<[String]> { .value([]) }
    func all() async -> Answered<[CommitNote]> { .value([]) }
}

struct StageJournal: Journal {
    let store: SQLiteStore

    func commit(_ transactions: [Transaction]) async throws { try await store.commit(transactions) }
    func event(id: String) async throws -> Event? { try await store.event(id: id) }
    func notesDue() async throws -> [NoteDue] { [] }
    func appendLog() async -> String? { nil }
}

struct NoZones: TimeZones {
    func exists(_ name: String) -> Bool { name == "UTC" }
    func offsetSeconds(of zone: String, at: Timestamp) -> Int { 0 }
}

/// Secrets by the name of an environment variable; one that is not there cannot be read.
final class StageSecrets: Secrets {
    private let values: Mutex<[String: String]>

    init(_ values: [String: String]) { self.values = Mutex(values) }

    func set(_ name: String, _ value: String?) { values.withLock { $0[name] = value } }

    func read(_ reference: SecretReference) throws(SecretProblem) -> Secret {
        guard case .environment(let name) = reference, let value = values.withLock({ $0[name] }) else {
            throw SecretProblem(.absent, "the secret /very/secret/path does not exist")
        }
        return Secret(value)
    }
}
