package import Domain

/// The one place where the parts are put together.
package struct Assembly: Sendable {
    static func open(
        configuration: Configuration, purpose: EngineSettings.Purpose, verb: String, selector: Selector?
    ) async throws -> Session { Session() }
}

package struct Session: Sendable {
    func plan(commit: String?) async throws -> RunReport { throw CancellationError() }
    func reconcile(wait: Span, progress: @escaping @Sendable (RunProgress) -> Void) async throws -> RunReport {
        throw CancellationError()
    }
    func decide(_ decision: Decision) async throws -> String { throw CancellationError() }
    func rollback(_ request: RollbackRequest) async throws -> Answered<RollbackOutcome> { throw CancellationError() }
    func close() async {}
}

package struct RunReport: Sendable {
    package var commit: CommitID?
    package var branch: String
    package var bots: [BotReport]
    package var rollouts: [Rollout]
    package var problems: [Problem]
    package var failure: String?
    package var unreachablePlatforms: [String]
}

package enum RunProgress: Sendable {
    case looking
    case reading
    case observing(platform: String)
    case rollout(name: String, String)
    case waiting(name: String, String)
    case delivering(Int)
    case done
}
