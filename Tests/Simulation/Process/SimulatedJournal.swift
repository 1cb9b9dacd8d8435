import Commands
import Domain
import Foundation
import Reconciler

/// The real state and the real log, on a disk that can fail.
struct SimulatedJournal: Journal {
    let state: OpenState
    let outside: Outside
    let logPath: String

    func commit(_ transactions: [Transaction]) async throws { try await state.commit(transactions) }

    func event(id: String) async throws -> Event? { try await state.event(id: id) }

    func notesDue() async throws -> [NoteDue] { try await state.notesDue() }

    func appendLog() async -> String? {
        let fault = outside.change { state in
            state.latency = 1
            return state.plan.next(.append)
        }
        switch fault?.kind {
        case .logUnwritable: return "the audit log cannot be written: no space left on device"
        case .crashInAppend:
            let before = size()
            _ = await state.appendLog()
            // Cut where the crash found the write.
            let after = size()
            let share = fault?.share ?? 0
            if after > before { truncate(logPath, off_t(before + Int64(Double(after - before) * share))) }
            outside.change { $0.crashesInAppend = after > before }
            return nil
        default: return await state.appendLog()
        }
    }

    private func size() -> Int64 {
        var information = stat()
        return stat(logPath, &information) == 0 ? Int64(information.st_size) : 0
    }
}
