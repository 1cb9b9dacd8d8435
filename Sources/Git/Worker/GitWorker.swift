import Glibc

/// The worker's side: the process that runs libgit2.
package enum GitWorker {
    /// The hidden argument that makes the executable a worker.
    package static let argument = "git-worker"

    /// Serves requests on standard input until it ends; then the process ends. Call it before anything else in `main` where
    /// the first argument is `argument`. The process has no environment, and nothing on its command line but that word.
    package static func main() -> Never {
        WorkerLimits.begin()
        let inbox = Inbox()
        inbox.start()
        var service: WorkerService?
        while true {
            let frame = inbox.next()
            let answer: (body: AnswerBody, tail: [UInt8])
            do {
                let request = try frame.decode(WorkerRequest.self)
                if case .begin(let setup) = request {
                    service = try WorkerService(setup)
                    answer = (.done, [])
                } else if let service {
                    answer = try service.answer(request, tail: frame.tail)
                } else {
                    throw GitError(.worker, "the git worker was asked before it was set up")
                }
            } catch {
                answer = (.failed(describe(error)), [])
            }
            send(answer.body, tail: answer.tail)
        }
    }

    /// Writes one frame to the parent; a worker that cannot is of no use to anybody.
    static func send(_ body: AnswerBody, tail: [UInt8] = []) {
        guard let frame = try? Frame(body, tail: tail), frame.header.count <= Frame.maxHeaderBytes,
            frame.tail.count <= Frame.maxTailBytes
        else {
            if case .failed = body { _exit(WorkerExit.cannotAnswer.rawValue) }
            return send(.failed(GitError(.tooLarge, "the answer is too large; ask for less at a time")))
        }
        if !Pipe.writeAll(frame.bytes, to: STDOUT_FILENO) { _exit(WorkerExit.cannotAnswer.rawValue) }
    }

    /// Tells the parent that a transfer moves; any number of these come before an answer.
    static func sendProgress() {
        if !Pipe.writeAll(Frame.progress.bytes, to: STDOUT_FILENO) { _exit(WorkerExit.cannotAnswer.rawValue) }
    }

    private static func describe(_ error: any Error) -> GitError {
        switch error {
        case let error as GitError: error
        case let failure as LibGitFailure: failure.asLocalError
        default: GitError(.worker, "the git worker cannot do that", cause: "\(error)")
        }
    }
}

/// What a worker process holds for its life.
final class WorkerService {
    private let setup: WorkerSetup
    private let copy: Copy

    init(_ setup: WorkerSetup) throws {
        self.setup = setup
        WorkerLimits.limitMemory(bytes: setup.maxMemoryBytes)
        copy = Copy(setup)
        try LibGit.start()
        try copy.lock()
    }

    func answer(_ request: WorkerRequest, tail: [UInt8]) throws -> (AnswerBody, [UInt8]) {
        WorkerLimits.allowCPU(seconds: setup.cpuSecondsPerRequest)
        switch setup.role {
        case .local: return try LocalService(copy: copy, maxChanges: setup.maxChanges).answer(request, tail: tail)
        case .remote: return try RemoteService(copy: copy).answer(request)
        }
    }
}
