import Dispatch
import Glibc
import Synchronization

/// SIGHUP, for the life of the process; of several that nobody took yet, one is left.
final class HangUps: Sendable {
    private struct State {
        var reader: AsyncStream<Void>.Continuation?
        var isWaiting = false
    }

    private let state = Mutex(State())
    init() {
        signal(SIGHUP, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: SIGHUP, queue: .global())
        // The handler keeps the source, which is never cancelled: it lives as long as the process.
        source.setEventHandler { [weak self] in
            withExtendedLifetime(source) { self?.came() }
        }
        source.resume()
    }

    private func came() {
        state.withLock { state in
            if let reader = state.reader { reader.yield() } else { state.isWaiting = true }
        }
    }

    /// One reader at a time; what came while there was none comes first.
    func stream() -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        state.withLock { state in
            state.reader = continuation
            if state.isWaiting { continuation.yield() }
            state.isWaiting = false
        }
        continuation.onTermination = { [weak self] _ in self?.state.withLock { $0.reader = nil } }
        return stream
    }
}
