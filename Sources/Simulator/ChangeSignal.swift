import Domain
import Synchronization

/// Lets tests wait for a condition over state that is kept elsewhere: whoever changes the state signals, whoever waits
/// looks again after each signal. Nothing is polled.
final class ChangeSignal: Sendable {
    private struct State {
        var generation: UInt64 = 0
        var nextWaiter: UInt64 = 0
        var waiters: [UInt64: CheckedContinuation<Void, Never>] = [:]
    }

    private let state = Mutex(State())

    func signal() {
        let waiters = state.withLock { state in
            state.generation &+= 1
            defer { state.waiters.removeAll() }
            return state.waiters
        }
        for waiter in waiters.values { waiter.resume() }
    }

    /// Returns when `condition` holds.
    /// - Throws: `SimulatorError` `timedOut` after `limit`; `CancellationError`.
    func wait(for what: String, limit: Span, until condition: @escaping @Sendable () -> Bool) async throws {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                try await self.wait(until: condition)
                return true
            }
            group.addTask {
                try await Task.sleep(for: .milliseconds(limit.milliseconds))
                return false
            }
            defer { group.cancelAll() }
            if try await group.next() != true {
                throw SimulatorError(.timedOut, "\(what) did not happen within \(limit.milliseconds) ms")
            }
        }
    }

    private func wait(until condition: @Sendable () -> Bool) async throws {
        while true {
            let seen = state.withLock { $0.generation }
            if condition() { return }
            try Task.checkCancellation()
            await nextChange(after: seen)
        }
    }

    private func nextChange(after seen: UInt64) async {
        let id = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let waits = state.withLock { state in
                    guard state.generation == seen, !Task.isCancelled else { return false }
                    state.waiters[id] = continuation
                    return true
                }
                if !waits { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: id) }?.resume()
        }
    }
}
