import Dispatch
import Foundation
import Glibc
import Synchronization

/// Reads the frames that the parent sends, on a thread that owns standard input.
///
/// The thread ends the process when the input ends. That is how a worker goes when its parent is gone, even while libgit2
/// spins or waits for a server: a signal at the parent's death would come when the spawning *thread* ends.
final class Inbox: Sendable {
    private let frames = Mutex<[Frame]>([])
    private let available = DispatchSemaphore(value: 0)

    func start() {
        let thread = Thread { [self] in
            var reader = Frame.Reader()
            while true {
                let bytes = Pipe.readSome(from: STDIN_FILENO)
                if bytes.isEmpty { _exit(0) }
                reader.append(bytes)
                do {
                    while let frame = try reader.next() {
                        frames.withLock { $0.append(frame) }
                        available.signal()
                    }
                } catch {
                    _exit(WorkerExit.badFrame.rawValue)
                }
            }
        }
        thread.start()
    }

    /// Waits for the next frame.
    func next() -> Frame {
        while true {
            available.wait()
            if let frame = frames.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) { return frame }
        }
    }
}

/// Exit codes of a worker that gives up.
enum WorkerExit: Int32 {
    case badFrame = 70
    case cannotAnswer = 71
}
