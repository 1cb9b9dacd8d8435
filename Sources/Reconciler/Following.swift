package import Domain

/// How far it is with a request for a look, for whoever asked and waits.
package struct Following: Sendable {
    /// The pass that answers it is over; its rollouts may go on.
    package var hasPassed: Bool
    /// What it led to, oldest first.
    package var events: [String]
    /// All that are open, whoever asked for them.
    package var open: [Rollout]
}

extension Reconciler {
    /// nil: the request is not known to this process (any more).
    package func following(_ request: String) -> Following? {
        let isQueued = mailbox.holds(request)
        guard isQueued || requests.events(of: request) != nil else { return nil }
        let isOver = requests.pass(of: request).map { $0 < engine.passCount || !engine.isPassing } ?? false
        return Following(
            hasPassed: isOver, events: requests.events(of: request) ?? [],
            open: engine.machines.values.map(\.rollout).sorted { $0.id < $1.id })
    }
}
