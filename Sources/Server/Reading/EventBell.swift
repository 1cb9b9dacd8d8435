import Synchronization

/// Wakes whoever follows the events when one was stored. Ringing never waits, and however often it rings, a listener wakes
/// once and reads what it lacks from the state: nothing is queued for a slow one.
final class EventBell: Sendable {
    private struct State {
        var rings: UInt64 = 0
        var numbers = 0
        var waiting: [Int: CheckedContinuation<Void, Never>] = [:]
    }

    private let state = Mutex(State())

    /// To be read before looking: what rings after that is not missed.
    var rings: UInt64 { state.withLock { $0.rings } }

    func ring() {
        let waiting = state.withLock { state in
            state.rings += 1
            defer { state.waiting = [:] }
            return state.waiting
        }
        for listener in waiting.values { listener.resume() }
    }

    /// Returns when it rang more often than `seen`, after `limit`, or when the task is cancelled.
    func wait(beyond seen: UInt64, atMost limit: Duration) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.wait(beyond: seen) }
            group.addTask { try? await Task.sleep(for: limit) }
            await group.next()
            group.cancelAll()
        }
    }

    private func wait(beyond seen: UInt64) async {
        let number = state.withLock { state in
            state.numbers += 1
            return state.numbers
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    if state.rings > seen || Task.isCancelled { return true }
                    state.waiting[number] = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiting.removeValue(forKey: number) }?.resume()
        }
    }
}
