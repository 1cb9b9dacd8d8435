import Synchronization

/// What the task that holds a worker process and those who ask it share: who waits, and how to end the process.
final class WorkerLink: Sendable {
    private struct State {
        var kill: (@Sendable () -> Void)?
        var waiting: CheckedContinuation<Result<Frame, GitError>, Never>?
        var lastSign: ContinuousClock.Instant = .now
        /// Why the process was ended by us; told instead of the bare fact that it ended.
        var reason: GitError?
        var end: GitError?
    }

    private let state = Mutex(State())

    var hasEnded: Bool { state.withLock { $0.end != nil || $0.reason != nil } }

    /// The process runs and can be killed from here on.
    func started(_ kill: @escaping @Sendable () -> Void) {
        let isUnwanted = state.withLock { state in
            state.kill = kill
            return state.reason != nil
        }
        if isUnwanted { kill() }
    }

    func wait(_ continuation: CheckedContinuation<Result<Frame, GitError>, Never>) {
        let end = state.withLock { state in
            state.lastSign = .now
            if state.end == nil { state.waiting = continuation }
            return state.end.map { state.reason ?? $0 }
        }
        if let end { continuation.resume(returning: .failure(end)) }
    }

    func received(_ frame: Frame) {
        let isProgress = frame.isProgress
        let waiting = state.withLock { state -> CheckedContinuation<Result<Frame, GitError>, Never>? in
            state.lastSign = .now
            if isProgress { return nil }
            defer { state.waiting = nil }
            return state.waiting
        }
        waiting?.resume(returning: .success(frame))
    }

    /// Ends the process. The first reason counts.
    func kill(because reason: GitError) {
        let kill = state.withLock { state in
            state.reason = state.reason ?? reason
            return state.kill
        }
        kill?()
    }

    /// The process is gone, or could not be started.
    func ended(_ error: GitError) {
        let (waiting, error) = state.withLock { state in
            defer { state.waiting = nil }
            state.end = error
            state.kill = nil
            return (state.waiting, state.reason ?? error)
        }
        waiting?.resume(returning: .failure(error))
    }

    /// Kills the process at the deadline; returns when cancelled, which happens as soon as there is an answer.
    func watch(_ deadline: WorkerProcess.Deadline) async {
        let start = ContinuousClock.now
        while !Task.isCancelled {
            let sign = max(start, state.withLock { $0.lastSign })
            let limit = min(sign + deadline.silence, start + deadline.total)
            if ContinuousClock.now >= limit { return kill(because: deadline.error) }
            try? await Task.sleep(until: limit, clock: .continuous)
        }
    }
}
