/// One of the two workers, as the parent sees it: requests one at a time, a process that is started when it is needed and
/// again after it was ended.
actor WorkerHandle {
    private let role: WorkerSetup.Role
    private let settings: GitSettings
    private var process: WorkerProcess?
    private var isShutDown = false
    private var isBusy = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    /// More callers than this are turned away (`busy`).
    private static let maxWaiting = 1_000
    private static let startTimeout = Duration.seconds(30)

    init(role: WorkerSetup.Role, settings: GitSettings) {
        self.role = role
        self.settings = settings
    }

    deinit {
        process?.endSoon()
    }

    /// Sends one request and waits for its answer. A failure that the worker reports is thrown.
    func ask(_ request: WorkerRequest, tail: [UInt8] = [], transfers: Bool = false) async throws(GitError)
        -> WorkerAnswer
    {
        try await takeTurn()
        defer { giveTurn() }
        guard !isShutDown, !Task.isCancelled else { throw GitError(.cancelled, "the request was cancelled") }
        let worker = try await running()
        return try await exchange(request, tail: tail, with: worker, deadline: deadline(transfers: transfers))
    }

    /// Ends the process, if there is one, once the request that it works on is done; the next request starts another.
    func restart() async {
        do throws(GitError) { try await takeTurn() } catch { return }
        defer { giveTurn() }
        await process?.end()
        process = nil
    }

    /// Ends the process at once and for good.
    func shutdown() async {
        isShutDown = true
        await process?.end()
        process = nil
    }

    private func running() async throws(GitError) -> WorkerProcess {
        if let process, !process.hasEnded { return process }
        let fresh = WorkerProcess(path: settings.workerPath)
        process = fresh
        let deadline = WorkerProcess.Deadline(
            silence: Self.startTimeout, total: Self.startTimeout,
            error: GitError(.worker, "the git worker did not start within \(Self.startTimeout)"))
        _ = try await exchange(.begin(setup), tail: [], with: fresh, deadline: deadline)
        return fresh
    }

    private func exchange(
        _ request: WorkerRequest, tail: [UInt8], with worker: WorkerProcess, deadline: WorkerProcess.Deadline
    ) async throws(GitError) -> WorkerAnswer {
        let answer: WorkerAnswer
        do throws(GitError) {
            answer = try await worker.exchange(request, tail: tail, deadline: deadline)
        } catch {
            await worker.end()
            if process === worker { process = nil }
            throw error
        }
        if case .failed(let error) = answer.body {
            if case .begin = request {
                await worker.end()
                if process === worker { process = nil }
            }
            throw error
        }
        return answer
    }

    private func deadline(transfers: Bool) -> WorkerProcess.Deadline {
        let limits = settings.limits
        switch role {
        case .local:
            return .init(
                silence: limits.localTimeout, total: limits.localTimeout,
                error: GitError(
                    .damagedMirror,
                    "reading the copy of the repository did not end within \(limits.localTimeout); it is taken for damaged"
                ))
        case .remote:
            let address = settings.remote?.redacted ?? "the remote"
            return .init(
                silence: limits.remoteTimeout, total: transfers ? limits.transferTimeout : limits.remoteTimeout,
                error: GitError(
                    .timedOut,
                    "\(address) gave no answer within \(limits.remoteTimeout), or not all within \(limits.transferTimeout)"
                ))
        }
    }

    private var setup: WorkerSetup {
        let limits = settings.limits
        let (path, isClone, lender) = settings.place.location
        let seconds = role == .local ? limits.localTimeout : limits.transferTimeout
        return WorkerSetup(
            role: role, path: path, isClone: isClone, lender: lender,
            maxMemoryBytes: limits.maxWorkerMemoryBytes,
            cpuSecondsPerRequest: UInt64(max(1, seconds.components.seconds)), maxChanges: limits.maxChanges)
    }

    // MARK: One at a time

    private func takeTurn() async throws(GitError) {
        guard isBusy else {
            isBusy = true
            return
        }
        guard waiting.count < Self.maxWaiting else {
            throw GitError(.busy, "more than \(Self.maxWaiting) requests wait for the git worker")
        }
        await withCheckedContinuation { waiting.append($0) }
    }

    private func giveTurn() {
        guard !waiting.isEmpty else {
            isBusy = false
            return
        }
        waiting.removeFirst().resume()
    }
}

extension GitSettings.Place {
    var location: (path: String, isClone: Bool, lender: String?) {
        switch self {
        case .copy(let folder, let lender): (folder, false, lender)
        case .clone(let path): (path, true, nil)
        }
    }
}
