import Domain
import Wire

/// What a pass means for the exit status.
enum PassStatus {
    static func of(plan: PlanShape) -> ExitStatus {
        if isUnusable(plan.failure, plan.unreachablePlatforms) { return .error }
        let differs = plan.bots.contains { $0.differs == true || $0.has(.unknown) || $0.has(.invalid) }
        return differs || !plan.problems.isEmpty ? .findings : .done
    }

    /// 0 only where every selected bot is in sync, or is left alone by a decision.
    static func of(reconcile report: ReconcileShape) -> ExitStatus {
        if isUnusable(report.failure, report.unreachablePlatforms) { return .error }
        let isFine = report.problems.isEmpty && report.bots.allSatisfy { $0.has(.inSync) || $0.leftAlone == true }
        return isFine ? .done : .findings
    }

    /// Whether what was asked for serves; the manifests of others are not this verb's business.
    static func of(rollback report: ReconcileShape) -> ExitStatus {
        if isUnusable(report.failure, report.unreachablePlatforms) { return .error }
        let last = report.rollouts.max { ($0.startedAt, $0.id) < ($1.startedAt, $1.id) }
        if let last { return last.outcome == Outcome.succeeded.rawValue ? .done : .findings }
        return report.bots.allSatisfy { $0.off != true && !$0.has(.unknown) } ? .done : .findings
    }

    /// Terraform's: 0, 1 an error, 2 drift.
    static func detailed(_ status: ExitStatus, _ plan: PlanShape) -> ExitStatus {
        if status == .error || !plan.problems.isEmpty { return .findings }
        return status == .findings ? .error : .done
    }

    /// Says why nothing better than 2 came of it.
    static func explain(_ failure: String?, _ unreachablePlatforms: [String]?, on console: Console) {
        if let failure { console.note("ballast: \(failure)") }
        for platform in unreachablePlatforms ?? [] {
            console.note("ballast: platform \(platform) could not be used; `ballast doctor` looks closer")
        }
    }

    private static func isUnusable(_ failure: String?, _ unreachablePlatforms: [String]?) -> Bool {
        failure != nil || unreachablePlatforms?.isEmpty == false
    }
}
