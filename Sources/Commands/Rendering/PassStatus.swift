import Domain
import Reconciler

/// What a pass means for the exit status.
enum PassStatus {
    static func of(plan report: RunReport) -> ExitStatus {
        if isUnusable(report) { return .error }
        let differs = report.bots.contains { $0.differs || $0.state == .unknown || $0.state == .invalid }
        return differs || !report.problems.isEmpty ? .findings : .done
    }

    /// 0 only where every selected bot is in sync, or is left alone by a decision.
    static func of(reconcile report: RunReport) -> ExitStatus {
        if isUnusable(report) { return .error }
        let isFine = report.problems.isEmpty && report.bots.allSatisfy { $0.state == .inSync || $0.isLeftAlone }
        return isFine ? .done : .findings
    }

    /// Whether what was asked for serves; the manifests of others are not this verb's business.
    static func of(rollback report: RunReport) -> ExitStatus {
        if isUnusable(report) { return .error }
        let last = report.rollouts.max { ($0.startedAt, $0.id) < ($1.startedAt, $1.id) }
        if let last { return last.outcome == .succeeded ? .done : .findings }
        return report.bots.allSatisfy { !$0.isOff && $0.state != .unknown } ? .done : .findings
    }

    /// Terraform's: 0, 1 an error, 2 drift.
    static func detailed(_ status: ExitStatus, _ report: RunReport) -> ExitStatus {
        if status == .error || !report.problems.isEmpty { return .findings }
        return status == .findings ? .error : .done
    }

    /// Says why nothing better than 2 came of it.
    static func explain(_ report: RunReport, on console: Console) {
        if let failure = report.failure { console.note("ballast: \(failure)") }
        for platform in report.unreachablePlatforms {
            console.note("ballast: platform \(platform) could not be used; `ballast doctor` looks closer")
        }
    }

    private static func isUnusable(_ report: RunReport) -> Bool {
        report.failure != nil || !report.unreachablePlatforms.isEmpty
    }
}
