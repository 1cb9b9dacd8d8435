/// What an event means to people on call.
package enum IncidentChange: Hashable, Sendable {
    case opens
    /// The condition of the same fingerprint is over.
    case closes
}

extension Event {
    /// nil: nothing that anybody is called for, begun or ended. A rollout that starts does not end what the one before it
    /// began; one that is superseded does, since whatever takes its place begins anew.
    package var incident: IncidentChange? {
        if type.hasPrefix("decision.") { return nil }
        if severity >= .warning { return .opens }
        return Event.ends.contains(type) ? .closes : nil
    }

    private static let ends: Set<String> = [
        "rollout.succeeded", "rollout.superseded", "drift.resolved", "manifest.fixed", "commit.approved",
        "source.recovered", "platform.recovered", "platform.released", "audit.mended", "sink.enabled",
    ]
}
