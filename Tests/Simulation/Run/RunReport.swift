package import Domain

/// What one run of one world came to.
package struct RunReport: Sendable {
    package var seed: UInt64
    package var violation: Violation?
    /// Times that the engine was handed something.
    package var steps = 0
    /// True time that passed in the world, in milliseconds.
    package var elapsed: Int64 = 0
    package var faults: FaultPlan.List = [:]
    package var crashes = 0
    package var rollouts = 0
    package var deployments = 0
    /// Over everything that happened; the same in every run of the same world.
    package var hash: UInt64 = 0
    package var story: [String] = []
    /// The cell of the platform matrix that was asked for came to pass.
    package var playedCell = false
    package var outcomes: [Outcome: Int] = [:]
}

/// An invariant that did not hold.
package struct Violation: Error, Hashable, Sendable, CustomStringConvertible {
    /// Of `engine.md`, 1...18; 0: the run itself failed.
    package var invariant: Int
    package var message: String
    /// The type of the checker that found it, since one invariant has several; "run": what plays the world found it.
    package var checker: String
    /// True time in milliseconds.
    package var at: Int64

    package init(_ invariant: Int, _ message: String, at: Int64, by checker: String = "run") {
        self.invariant = invariant
        self.message = message
        self.checker = checker
        self.at = at
    }

    /// Whether the other one is likely to have the same cause.
    package func isLike(_ other: Violation) -> Bool { (invariant, checker) == (other.invariant, other.checker) }

    package var description: String { "invariant \(invariant) at \(Trace.time(at)): \(message) (\(checker))" }
}
