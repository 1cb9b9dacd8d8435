/// Watches one invariant from outside: it sees what crossed the border of the process and what became durable, and keeps its
/// own account of it.
package protocol Checker {
    /// Of `engine.md`.
    var invariant: Int { get }
    /// - Returns: what is wrong; nil: nothing.
    mutating func see(_ sight: Sight, in scene: Scene) -> String?
}

package enum Checkers {
    /// - Parameter invariants: those that are watched; empty: all. What one alone notices shows that it can fail.
    package static func of(_ invariants: Set<Int>) -> [any Checker] {
        all().filter { invariants.isEmpty || invariants.contains($0.invariant) }
    }

    package static func all() -> [any Checker] {
        [
            EveryGuardPassed(), HeldBots(), BlastRadius(), HeldHead(), SingleFlight(), JournaledBeforeSent(),
            ForceAndDependencies(), TrustedVersionsOnly(), NewestCommitOnly(), QuarantineHolds(), OneOutcomeEach(),
            EveryEventInOrder(), UnknownIsNotFine(), VerifiedSuccess(), FailoverOnce(), Convergence(), QuietPass(),
            NoSecrets(), NothingHoldsUpOthers(), RemovalChangesNothing(), TheTrailVerifies(),
            ReturnsAreVerified(), AdoptsItsOwn(), IntentIsRecorded(), DriftIsTold(), GoneSinks(), FailoverHasACause(),
            RejectedFallback(), RequestLimits(), DrainClock(), SlotsAndQueue(), FailoverHappens(), RolloutsEnd(),
            SelfHeal(), RequiredLog(),
        ]
    }
}
