import Glibc
import Subprocess
import SystemPackage

/// One worker process, from its start to its end.
///
/// The process lives inside one task, which holds its pipes. A request is written, and the answer resumes whoever waits.
/// It is ended by SIGKILL where a deadline passed or the caller was cancelled (it may be spinning), else by the end of its input.
final class WorkerProcess: Sendable {
    /// When a request is given up: `silence` after the last sign of life, `total` after it was sent; and what is thrown then.
    struct Deadline: Sendable {
        var silence: Duration
        var total: Duration
        var error: GitError
    }

    private let link: WorkerLink
    private let outgoing: AsyncStream<[UInt8]>.Continuation
    private let life: Task<Void, Never>

    init(path: String) {
        // A worker that was ended may leave its pipe behind while a request is being written.
        signal(SIGPIPE, SIG_IGN)
        let (stream, continuation) = AsyncStream.makeStream(of: [UInt8].self)
        let link = WorkerLink()
        self.link = link
        outgoing = continuation
        life = Task { await Self.live(path: path, requests: stream, link: link) }
    }

    var hasEnded: Bool { link.hasEnded }

    /// Sends a request and waits for its answer; one at a time.
    func exchange(_ request: WorkerRequest, tail: [UInt8], deadline: Deadline) async throws(GitError) -> WorkerAnswer {
        let bytes: [UInt8]
        do {
            let frame = try Frame(request, tail: tail)
            guard frame.header.count <= Frame.maxHeaderBytes, frame.tail.count <= Frame.maxTailBytes else {
                throw GitError(.tooLarge, "the request to the git worker is too large; ask for less at a time")
            }
            bytes = frame.bytes
        } catch {
            throw error as? GitError ?? GitError(.badRequest, "the request cannot be sent to the git worker")
        }
        let watch = Task { [link] in await link.watch(deadline) }
        defer { watch.cancel() }
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                link.wait(continuation)
                outgoing.yield(bytes)
            }
        } onCancel: {
            link.kill(because: GitError(.cancelled, "the request was cancelled"))
        }
        let frame = try result.get()
        do {
            return WorkerAnswer(body: try frame.decode(AnswerBody.self), tail: frame.tail)
        } catch {
            throw GitError(.worker, "the git worker's answer cannot be read", cause: "\(error)")
        }
    }

    /// Ends the process and waits until it is gone.
    func end() async {
        link.kill(because: GitError(.cancelled, "the git worker was shut down"))
        outgoing.finish()
        await life.value
    }

    /// Lets the process end by itself, without waiting.
    func endSoon() {
        outgoing.finish()
    }

    private static func live(path: String, requests: AsyncStream<[UInt8]>, link: WorkerLink) async {
        do {
            try Descriptors.requireForChild()
            let result = try await Subprocess.run(
                .path(FilePath(path)), arguments: [GitWorker.argument], environment: .custom([:]),
                input: .inputWriter, output: .sequence, error: .discarded
            ) { execution in
                link.started { try? execution.send(signal: .kill) }
                async let _: Void = write(requests, to: execution.standardInputWriter)
                var reader = Frame.Reader()
                for try await buffer in execution.standardOutput {
                    unsafe buffer.withUnsafeBytes { unsafe reader.append($0) }
                    while let frame = try reader.next() { link.received(frame) }
                }
            }
            link.ended(GitError(.worker, "the git worker ended without an answer (\(result.terminationStatus))"))
        } catch let error as GitError {
            link.ended(error)
        } catch {
            link.ended(GitError(.worker, "the git worker \(path) cannot be run", cause: "\(error)"))
        }
    }

    /// Copies requests to the worker until there are no more; closing its input makes it end.
    private static func write(_ requests: AsyncStream<[UInt8]>, to writer: StandardInputWriter) async {
        for await bytes in requests {
            // A worker that is gone is noticed by its reader.
            guard (try? await writer.write(bytes)) != nil else { break }
        }
        try? await writer.finish()
    }
}
