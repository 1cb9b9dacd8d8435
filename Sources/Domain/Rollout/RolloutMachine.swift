/// Moves one rollout: `(state, event, now) → (state, effects)`, without I/O, clock or randomness of its own.
///
/// The state is stored before an effect is performed. One effect is one exchange with the world; its result comes back as an
/// event. `TABLE.md` beside this file holds the answer to every event in every state.
package struct RolloutMachine: Sendable {
    package private(set) var rollout: Rollout

    package init(_ rollout: Rollout) { self.rollout = rollout }

    /// - Parameters:
    ///   - world: judged in the transaction in which the effects are journaled.
    ///   - now: both clocks, read once for this step.
    /// - Returns: what is to be done, in order. Nothing for an event that is late, stale, repeated or out of place.
    package mutating func handle(_ event: RolloutEvent, in world: RolloutWorld, at now: Now) -> [RolloutEffect] {
        guard !rollout.hasEnded else { return [] }
        var step = RolloutStep(rollout: rollout, world: world, now: now)
        step.take(event)
        rollout = step.rollout
        return step.effects
    }
}
