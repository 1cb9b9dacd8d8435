import Audit
import Domain
import Foundation
import Reconciler
import Store

/// The real state and the real log, opened and started as every process does. Only appends to the log fail here: a commit
/// that fails is the end of the process, which the turn plays (`diskFull`).
struct SimulatedJournal: Journal {
    let store: SQLiteStore
    private let log: AuditLog
    private let outside: Outside
    private let logPath: String

    static func open(
        _ configuration: Configuration, id: String, outside: Outside
    ) async throws -> (SimulatedJournal, StoredState, [TrailFinding]) {
        let store = try await SQLiteStore.open(path: configuration.state, verb: "simulation", newID: { id })
        do {
            let log = AuditLog(path: configuration.audit.file, journal: store)
            let findings = try await store.start(log)
            let journal = SimulatedJournal(store: store, log: log, outside: outside, logPath: configuration.audit.file)
            return (journal, try await store.load(), findings)
        } catch {
            try await store.close()
            throw error
        }
    }

    func commit(_ transactions: [Transaction]) async throws { try await store.commit(transactions) }

    func event(id: String) async throws -> Event? { try await store.event(id: id) }

    func notesDue() async throws -> [NoteDue] { try await store.reader.notesDueLines() }

    func appendLog() async -> String? {
        let fault = outside.change { state in
            state.latency = 1
            return state.plan.next(.append)
        }
        switch fault?.kind {
        case .logUnwritable: return "the audit log cannot be written: no space left on device"
        case .crashInAppend:
            let before = size()
            _ = await append()
            // Cut where the crash found the write.
            let after = size()
            let share = fault?.share ?? 0
            if after > before { truncate(logPath, off_t(before + Int64(Double(after - before) * share))) }
            outside.change { $0.crashesInAppend = after > before }
            return nil
        default: return await append()
        }
    }

    private func append() async -> String? {
        do {
            try await log.catchUp()
            return nil
        } catch {
            return "\(error)"
        }
    }

    private func size() -> Int64 {
        var information = stat()
        return stat(logPath, &information) == 0 ? Int64(information.st_size) : 0
    }
}
