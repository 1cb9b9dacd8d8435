import Commands
import Documents
import Domain
import Foundation
import Live
import Reconciler

extension Benchmarks {
    /// The daemon's own loop over the real state, git and platform, with no pause between full passes; a process of its own, so
    /// that its memory is its own.
    static func passes(configuration path: String, _ count: Int) async throws {
        let loaded = ConfigurationLoader.load(
            bytes: Array(try Data(contentsOf: URL(fileURLWithPath: path))), path: path, environment: [:],
            zones: SystemTimeZones())
        let session = try await Assembly.open(
            configuration: try loaded.get(), purpose: .act, verb: "benchmark", selector: nil, logs: false,
            intervals: LookRhythm.Intervals(look: .zero, pass: .zero))
        let reconciler = session.reconciler
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await reconciler.serve() }
            var next = 0
            while next <= count {
                let done = await reconciler.look { $0.passCount }
                if done >= next {
                    say(PassMark(pass: done).line)
                    next += max(1, count / 10)
                }
                try await Task.sleep(for: .milliseconds(20))
            }
            reconciler.stop()
            try await group.waitForAll()
        }
        await session.close()
    }
}
