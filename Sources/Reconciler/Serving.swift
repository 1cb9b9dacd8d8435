package import Domain

/// The server's form: goes on until it is told to stop, then parks what is in hand.
extension Reconciler {
    /// For the answers to requests that may have changed something; a later process looks up what is missing then.
    static let parkingLimit = Span.seconds(4)
    /// A loop that did not go round for so long hangs.
    static let livenessLimit = Span.minutes(1)
    /// For notes and events that are due when the server ends.
    static let partingLimit = Span.seconds(3)

    /// - Parameter told: every event after it was stored, for whoever follows them.
    package func serve(told: @escaping @Sendable (RunProgress) -> Void = { _ in }) async throws {
        let forever = Phase(limit: nil) { engine, _ in engine.isStopping }
        let parking = Phase(limit: Self.parkingLimit) { engine, _ in !engine.hasMutationInFlight }
        _ = try await run([forever, parking, parting], told: told)
    }

    /// No pass and no rollout begins any more; `serve` returns within `parkingLimit` and `partingLimit`.
    package nonisolated func stop() { mailbox.put(.stop) }

    /// - Parameter finding: the first thing that is wrong with the audit trail; nil: it is whole.
    package nonisolated func trailVerified(finding: String?) { mailbox.put(.trailVerified(finding: finding)) }

    private var parting: Phase {
        var phase = reports
        phase.limit = Self.partingLimit
        return phase
    }

    /// Whether the loop went round lately.
    package func isAlive(at now: Now) -> Bool { now.tick <= lastTurnAt + Self.livenessLimit }
}
