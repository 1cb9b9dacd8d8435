import Domain
import Foundation
import Live
import Reconciler
import Server
import ServiceLifecycle

/// What the HTTP API asks for that the command line does by itself elsewhere.
enum ServeWorks {
    static func of(_ session: Session) -> DeskWorks {
        let plans = PlanDesk(configuration: session.configuration)
        return DeskWorks(
            rollback: { try await session.rollback(request($0)).get() }, plan: { try await plans.plan($0) })
    }

    private static func request(_ wish: DeskWorks.Rollback) -> RollbackRequest {
        let now = Date()
        return RollbackRequest(
            name: wish.name, target: wish.version.map { .version($0) } ?? .lastVersionChange, author: author(wish.by),
            at: Timestamp(milliseconds: Int64(now.timeIntervalSince1970 * 1000)),
            offsetMinutes: TimeZone.current.secondsFromGMT(for: now) / 60, reason: wish.reason,
            branchSuffix: String(SystemRandom.id().prefix(8)))
    }

    /// A token has a name and no address; git wants one.
    private static func author(_ token: String) -> GitPerson {
        GitPerson(name: token, email: "\(token)@\(ProcessInfo.processInfo.hostName)")
    }
}

/// Plans beside the server, one at a time: each observes and judges anew with the state as it is, and starts nothing.
actor PlanDesk {
    /// Requests for other commits that wait while one is made.
    static let maxWaiting = 8

    private let configuration: Configuration
    private var running: (commit: String?, task: Task<RunReport, any Error>)?
    private var waiting = 0

    init(configuration: Configuration) { self.configuration = configuration }

    /// Whoever asks for what is being made already gets that.
    func plan(_ commit: String?) async throws -> RunReport {
        if let running, running.commit == commit { return try await running.task.value }
        guard waiting < Self.maxWaiting else { throw WorkRefused() }
        waiting += 1
        while let running { _ = await running.task.result }
        waiting -= 1
        let task = Task {
            let result: Result<RunReport, any Error>
            do { result = .success(try await make(commit)) } catch { result = .failure(error) }
            // Before anybody hears of the end, so that the next one may begin.
            running = nil
            return try result.get()
        }
        running = (commit, task)
        return try await task.value
    }

    private func make(_ commit: String?) async throws -> RunReport {
        let session = try await Assembly.open(
            configuration: configuration, purpose: .plan, verb: "plan", selector: nil, logs: false)
        let result: Result<RunReport, any Error>
        do {
            result = .success(try await cancelWhenGracefulShutdown { try await session.plan(commit: commit) })
        } catch {
            result = .failure(error)
        }
        await session.close()
        return try result.get()
    }
}
