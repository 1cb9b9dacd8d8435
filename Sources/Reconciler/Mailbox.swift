import Domain
import Synchronization

/// What happened and was not handled yet. Filling it never waits; the one reader takes all at once, so that a burst becomes
/// one commit.
final class Mailbox: Sendable {
    private struct State {
        var inputs: [EngineInput] = []
        var reader: CheckedContinuation<Void, Never>?
        var isRung = false
    }

    private let state = Mutex(State())

    func put(_ input: EngineInput) {
        wake { $0.inputs.append(input) }
    }

    /// Lets the reader look around although nothing came.
    func ring() {
        wake { $0.isRung = true }
    }

    func takeAll() -> [EngineInput] {
        state.withLock { state in
            state.isRung = false
            defer { state.inputs = [] }
            return state.inputs
        }
    }

    func waitUntilFilled() async {
        await withCheckedContinuation { continuation in
            let resumesNow = state.withLock { state in
                if !state.inputs.isEmpty || state.isRung { return true }
                state.reader = continuation
                return false
            }
            if resumesNow { continuation.resume() }
        }
    }

    private func wake(_ change: (inout State) -> Void) {
        let reader = state.withLock { state in
            change(&state)
            defer { state.reader = nil }
            return state.reader
        }
        reader?.resume()
    }
}
