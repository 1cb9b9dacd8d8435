/// With what the process ends. A fixed point of `cli.md`: pipelines branch on it.
package enum ExitStatus: Int32, Hashable, Sendable, CaseIterable {
    /// In sync, or done.
    case done = 0
    /// Drift, a rollout that did not succeed, or findings.
    case findings = 1
    /// The remote, a whole platform or the state could not be used.
    case error = 2
    /// Wrong usage.
    case usage = 64
    case configuration = 78
    /// 128 and the number of SIGINT, as shells expect it.
    case interrupted = 130

    /// The one table of codes and statuses.
    package init(_ code: CommandFailure.Code) {
        self =
            switch code {
            case .usage: .usage
            case .configuration: .configuration
            case .unusable: .error
            case .unsuccessful: .findings
            case .interrupted: .interrupted
            }
    }
}

/// Ends a verb that has printed all that it has to say.
struct Ending: Error {
    var status: ExitStatus

    init(_ status: ExitStatus) { self.status = status }

    /// Returns where the status is 0, throws itself otherwise.
    static func with(_ status: ExitStatus) throws {
        if status != .done { throw Ending(status) }
    }
}
