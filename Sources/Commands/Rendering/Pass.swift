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
                    try await session.reconcile(wait: wait) { line.set(text($0)) }
                })
        } catch {
            return .failure(error)
        }
    }

    static func text(_ progress: RunProgress) -> String {
        switch progress {
        case .looking: "looking at the repository"
        case .reading: "reading manifests"
        case .event(let event): event.bot.map { "\($0.name): \(event.message)" } ?? event.message
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
        let open = rollouts.filter { $0.outcome == nil }.map(\.name)
        let more = open.count > maxNames ? " and \(open.count - maxNames) more" : ""
        let list = open.prefix(maxNames).joined(separator: ", ") + more
        return CommandFailure(
            .interrupted,
            open.isEmpty
                ? "interrupted; no rollout was left open"
                : "interrupted; open \(open.count == 1 ? "is the rollout" : "are the rollouts") of \(list)",
            remedy: "What is open goes on in the next `ballast reconcile`.")
    }
}

extension RunReport {
    /// The bots and rollouts that were asked for.
    /// - Throws: `CommandFailure` for a name that no bot has.
    func selected(_ selector: Selector?) throws -> RunReport {
        guard let selector else { return self }
        if failure == nil {
            let unknown = selector.names.filter { name in
                !bots.contains { $0.name == name || $0.key.description == name }
            }
            if let name = unknown.first {
                throw CommandFailure(
                    .usage, "no bot is called \(name)", remedy: "`ballast status` lists those that are known.")
            }
        }
        var report = self
        report.bots = bots.filter(\.isSelected)
        if failure == nil, report.bots.isEmpty, !selector.labels.isEmpty {
            let labels = selector.labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
            throw CommandFailure(
                .usage, "no bot has the labels \(labels.joined(separator: ","))",
                remedy: "`ballast status -o json` shows the labels of each.")
        }
        let keys = Set(report.bots.map(\.key))
        report.rollouts = rollouts.filter { keys.contains($0.key) }
        return report
    }
}
