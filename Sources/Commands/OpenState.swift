import Audit
import Domain
import Foundation
import Live
import Reconciler
import Store

/// The state as the engine needs it: owned for acting, only read for planning.
struct OpenState: Journal {
    let stored: StoredState
    /// nil for a plan.
    let store: SQLiteStore?
    private let log: AuditLog?

    static func open(
        _ configuration: Configuration, purpose: EngineSettings.Purpose, verb: String
    ) async throws -> OpenState {
        guard purpose == .act else {
            // Without a state the guards that live in one are unknown, and everything counts as new.
            guard FileManager.default.fileExists(atPath: configuration.state) else {
                return OpenState(stored: StoredState(id: SystemRandom.id()), store: nil, log: nil)
            }
            let reader = try await StateReader.open(path: configuration.state)
            return OpenState(stored: try await reader.load(), store: nil, log: nil)
        }
        let store = try await SQLiteStore.open(path: configuration.state, verb: verb, newID: SystemRandom.id)
        do {
            let log = AuditLog(path: configuration.audit.file, journal: store)
            try await log.start()
            return OpenState(stored: try await store.load(), store: store, log: log)
        } catch {
            try await store.close()
            throw error
        }
    }

    func commit(_ transactions: [Transaction]) async throws { try await store?.commit(transactions) }

    func event(id: String) async throws -> Event? { try await store?.event(id: id) }

    func notesDue() async throws -> [NoteDue] { try await store?.reader.notesDueLines() ?? [] }

    func appendLog() async -> String? {
        do {
            try await log?.catchUp()
            return nil
        } catch {
            return "\(error)"
        }
    }

    func close() async throws { try await store?.close() }
}
