import Domain
import Foundation

/// What breaks when it is to be broken.
extension Simulation {
    /// Every so-manieth time.
    func isSabotaged(_ one: Sabotage, every count: Int) -> Bool {
        guard sabotage == one else { return false }
        saboteurCount += 1
        return saboteurCount % count == 0
    }

    func sendAgain(_ effect: EngineEffect, _ process: RunningProcess) -> Sent? {
        guard case .exchange(_, _, let request, _) = effect, request.isMutation else { return nil }
        return dispatch(effect, by: process)
    }

    func writeWithoutCause() throws {
        var transaction = Transaction(now: scene.now)
        transaction.changes = [.fleet(scene.journal.fleet)]
        try see(.committed([transaction]))
    }

    /// Says that all are written without writing them.
    func inventedNotes(_ process: RunningProcess) async throws -> EngineInput? {
        let due = try await process.journal.notesDue().map(\.index)
        return due.isEmpty ? nil : .notesWritten(due, failure: nil)
    }

    /// Another digit in the middle of the log.
    func editLog() throws {
        let url = URL(filePath: folder + "/audit.jsonl")
        var bytes = try Data(contentsOf: url)
        guard let place = bytes[(bytes.count / 2)...].firstIndex(where: { $0 >= 0x30 && $0 <= 0x38 }) else { return }
        bytes[place] += 1
        try bytes.write(to: url)
    }
}
