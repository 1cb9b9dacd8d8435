import Domain
import Reconciler
import Store

/// One pass as a person follows it.
enum Pass {
    /// Never throws: the session is closed by the caller whatever came of it.
    static func follow(_ session: Session, wait: Span, on console: Console) async -> Result<RunReport, any Error> {
        do {
            return .success(
                try await ProgressLine.showing("starting", on: console) { line in
                    try await session.reconcile(wait: wait) { progress in
                        if let text = text(progress) { line.set(text) }
                    }
                })
        } catch {
            return .failure(error)
        }
    }

    /// nil: nothing that a person waits for.
    static func text(_ progress: RunProgress) -> String? {
        switch progress {
        case .looking: "looking at the repository"
        case .reading: "reading manifests"
        case .event(let event): event.bot.map { "\($0.name): \(event.message)" } ?? event.message
        case .measured: nil
        }
    }

    static let maxNames = 10

    /// The report; after Ctrl-C what was left, as the state knows it.
    static func report(_ result: Result<RunReport, any Error>, state: String) async throws -> RunReport {
        do {
            return try result.get()
        } catch is CancellationError {
            throw interrupted(try await StateReader.open(path: state).load().rollouts)
        }
    }

    static func interrupted(_ rollouts: [Rollout]) -> CommandFailure {
        interrupted(open: rollouts.filter { $0.outcome == nil }.map(\.name), onServer: false)
    }

    static func interrupted(open: [String], onServer: Bool) -> CommandFailure {
        let more = open.count > maxNames ? " and \(open.count - maxNames) more" : ""
        let list = open.prefix(maxNames).joined(separator: ", ") + more
        return CommandFailure(
            .interrupted,
            open.isEmpty
                ? "interrupted; no rollout was left open"
                : "interrupted; open \(open.count == 1 ? "is the rollout" : "are the rollouts") of \(list)",
            remedy: onServer
                ? "The server goes on with what is open." : "What is open goes on in the next `ballast reconcile`.")
    }
}
