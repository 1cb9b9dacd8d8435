package import Domain

/// What the engine decided in one turn of the loop. The effects can be had only by storing the transactions first: journal,
/// then act.
package struct Turn: Sendable {
    /// One for each thing that happened, in order.
    package private(set) var outputs: [EngineOutput] = []

    package init() {}

    package mutating func add(_ output: EngineOutput) { outputs.append(output) }

    /// What there is to store, in order.
    package var transactions: [Transaction] { outputs.map(\.transaction).filter { !$0.isEmpty } }

    /// Nothing is to be stored or done.
    package var isIdle: Bool { outputs.allSatisfy { $0.transaction.isEmpty && $0.effects.isEmpty } }

    /// - Parameter store: puts them on the disk in one commit; not called where there is nothing to store.
    /// - Returns: what is to be done now, each with the position of the output that wants it.
    package func effects(
        afterStoring store: ([Transaction]) async throws -> Void
    ) async rethrows -> [(output: Int, effect: EngineEffect)] {
        let transactions = transactions
        if !transactions.isEmpty { try await store(transactions) }
        return coalesced
    }

    /// One look at the journal serves every record that was added before it.
    private var coalesced: [(output: Int, effect: EngineEffect)] {
        var hasAppend = false
        var found: [(output: Int, effect: EngineEffect)] = []
        for (position, output) in outputs.enumerated() {
            for effect in output.effects {
                if case .appendLog = effect {
                    if hasAppend { continue }
                    hasAppend = true
                }
                found.append((position, effect))
            }
        }
        return found
    }
}
