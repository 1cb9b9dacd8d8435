import Audit
import Domain
import Foundation
import Live
import Reconciler
import Source
import Store

/// The state as the engine needs it: owned for acting, only read for planning.
struct OpenState: Journal {
    /// nil for a plan.
    let store: SQLiteStore?
    private let log: AuditLog?
    /// What the start found at the log's end, for the engine.
    private(set) var findings: [TrailFinding]

    /// - Returns: beside the state what it holds now, for the engine, which goes on with it: nobody keeps it a second time.
    static func open(
        _ configuration: Configuration, purpose: EngineSettings.Purpose, verb: String, signer: AuditSigner?
    ) async throws -> (OpenState, StoredState) {
        guard purpose == .act else {
            let readOnly = OpenState(store: nil, log: nil, findings: [])
            // Without a state the guards that live in one are unknown, and everything counts as new.
            guard FileManager.default.fileExists(atPath: configuration.state) else {
                return (readOnly, StoredState(id: SystemRandom.id()))
            }
            let reader = try await StateReader.open(path: configuration.state)
            return (readOnly, try await reader.load())
        }
        let store = try await OwnedState.open(configuration, verb: verb, signer: signer)
        do {
            let log = AuditLog(
                path: configuration.audit.file, journal: store, rotation: configuration.audit.rotate)
            let findings = try await store.start(log)
            return (OpenState(store: store, log: log, findings: findings), try await store.load())
        } catch {
            try await store.close()
            throw error
        }
    }

    /// - Returns: what the state holds now, where records were taken back from the notes; nil: nothing changed.
    mutating func takeBack(
        from notes: GitNotes, _ configuration: Configuration, keys: AuditKeys?, saved: Now?
    ) async throws -> StoredState? {
        guard let store else { return nil }
        let restored = RestoredNotes(configuration: configuration, notes: notes, store: store, keys: keys)
        let found = try await restored.takeBack(saved: saved)
        findings += found
        return found.isEmpty ? nil : try await store.load()
    }

    func commit(_ transactions: [Transaction]) async throws { try await store?.commit(transactions) }

    func event(id: String) async throws -> Event? { try await store?.event(id: id) }

    func notesDue() async throws -> [NoteDue] { try await store?.reader.notesDueLines() ?? [] }

    func appendLog() async -> String? {
        do {
            try await log?.catchUp()
            return nil
        } catch {
            return (error as? AuditError)?.message ?? "\(error)"
        }
    }

    /// Why the log's file could not be closed, though that is due.
    func rotationFailure() async -> String? { await log?.rotationFailure?.message }

    /// Writes the log anew; the next append puts it in the place of the old one, which stays as `aside`. nil: only read.
    func replaceLog(_ path: String, aside: String) async throws -> LogReplacement? {
        guard let store, let log else { return nil }
        let replacement = try await offPool { try LogReplacement(of: path, aside: aside, from: store) }
        await log.replace(with: replacement)
        return replacement
    }

    /// Takes delivered events away whose time is over.
    func prune(now: Timestamp) async throws {
        guard let store else { return }
        while try await store.pruneEvents(now: now) == SQLiteStore.maxPrunedEvents {}
    }

    func close() async throws { try await store?.close() }
}
