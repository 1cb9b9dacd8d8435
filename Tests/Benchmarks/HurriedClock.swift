import Commands
import Documents
import Domain
import Foundation
import Live
import Reconciler

/// A day in a quarter of an hour: both clocks of the product run a hundred times as fast, so that its real waits of minutes and
/// hours pass while somebody looks on. Deadlines of exchanges stay as they are.
struct HurriedClock: Domain.Clock {
    static let factor = 100

    /// Both stood at their beginning then, in milliseconds since 1970; the same for every process of one run.
    let epoch: Int64

    static func wall() -> Int64 { Int64(Date().timeIntervalSince1970 * 1000) }

    func now() -> Now {
        let elapsed = (Self.wall() - epoch) * Int64(Self.factor)
        return Now(tick: Tick(milliseconds: elapsed), wall: Timestamp(milliseconds: epoch + elapsed))
    }
}

extension Benchmarks {
    /// The daemon's own loop over the real state, git, platform and sinks, with that clock and a pass after the other; a process
    /// of its own, so that it can be killed.
    static func hurried(configuration path: String, epoch: Int) async throws {
        let loaded = ConfigurationLoader.load(
            bytes: Array(try Data(contentsOf: URL(fileURLWithPath: path))), path: path, environment: [:],
            zones: SystemTimeZones())
        let session = try await Assembly.open(
            configuration: try loaded.get(), purpose: .act, verb: "benchmark", selector: nil,
            intervals: LookRhythm.Intervals(look: .hours(24 * 365), pass: .zero),
            makeClock: { _ in HurriedClock(epoch: Int64(epoch)) })
        let reconciler = session.reconciler
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await reconciler.serve() }
            group.addTask {
                var told = -1
                while !Task.isCancelled {
                    let (passes, pending) = await reconciler.look { ($0.passCount, $0.pendingDeliveries) }
                    if passes != told { say("passes \(passes) pending \(pending)") }
                    told = passes
                    try? await Task.sleep(for: .milliseconds(20))
                }
            }
            _ = try await group.next()
            group.cancelAll()
        }
        await session.close()
    }
}

/// That loop as a child process.
final class HurriedDaemon {
    private let output: String
    private let process: pid_t
    private var hasEnded = false

    init(_ stage: Stage, epoch: Int64, number: Int) throws {
        output = "\(stage.folder)/hurried-\(number).out"
        process = try Child.spawn(
            "/proc/self/exe", ["hurried", stage.configuration, "\(epoch)"], output: output,
            errors: "\(stage.folder)/hurried-\(number).log")
    }

    deinit { if !hasEnded { Glibc.kill(process, SIGKILL) } }

    /// As the system does when memory is short: no step of its own is finished.
    func kill() throws { try end(SIGKILL) }

    @discardableResult
    func end(_ signal: Int32) throws -> Int32 {
        hasEnded = true
        Glibc.kill(process, signal)
        return try Child.wait(for: process).status
    }

    /// Returns once two more passes ended: one whole pass began after the call.
    func observe() async throws {
        let before = passes ?? 0
        let deadline = ContinuousClock.now + .seconds(60)
        while (passes ?? 0) < before + 2 {
            guard ContinuousClock.now < deadline else { throw Child.Failure(description: "no pass within a minute") }
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    private var passes: Int? {
        let text = (try? String(contentsOfFile: output, encoding: .utf8)) ?? ""
        guard let words = text.split(separator: "\n").last?.split(separator: " "), words.count == 4 else { return nil }
        return Int(words[1])
    }
}
