import Foundation
import Synchronization

/// The most memory that one process of a tree had at once, read from the system every few milliseconds. What `wait4` accounts is
/// no measure of a child: it begins with the memory of the process that started it.
final class PeakMemory: Sendable {
    private struct State {
        var kilobytes = 0
        var isOver = false
    }

    private static let pauseSeconds = 0.01
    private let state = Mutex(State())
    private let hasEnded = DispatchSemaphore(value: 0)

    init(of process: pid_t) {
        Thread.detachNewThread { [self] in
            while !state.withLock({ $0.isOver }) {
                look(at: process)
                Thread.sleep(forTimeInterval: Self.pauseSeconds)
            }
            hasEnded.signal()
        }
    }

    /// - Returns: in megabytes.
    func end() -> Double {
        state.withLock { $0.isOver = true }
        hasEnded.wait()
        return Double(state.withLock { $0.kilobytes }) / 1024
    }

    private func look(at process: pid_t) {
        let folder = "/proc/\(process)"
        guard let status = try? String(contentsOfFile: "\(folder)/status", encoding: .utf8) else { return }
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        if let kilobytes = line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap({ Int($0) }) {
            state.withLock { $0.kilobytes = max($0.kilobytes, kilobytes) }
        }
        // Children stand with the thread that started them.
        for task in (try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/task")) ?? [] {
            let text = (try? String(contentsOfFile: "\(folder)/task/\(task)/children", encoding: .utf8)) ?? ""
            for child in text.split(separator: " ").compactMap({ pid_t($0) }) { look(at: child) }
        }
    }
}
