/// Faults of the shell itself, put in on purpose: each breaks an invariant, and a check that does not notice is worth nothing.
package enum Sabotage: String, Hashable, Sendable, CaseIterable {
    /// Effects are performed, and what led to them is committed only after the next thing happened.
    case performsBeforeCommitting
    /// Every deployment is sent twice.
    case sendsTwice
    /// A restart forgets the rollouts that are open.
    case forgetsRollouts
    /// The engine is not woken.
    case losesWakes
    /// An event that is due is not sent.
    case dropsDeliveries
    /// Deployments go to another environment.
    case deploysElsewhere
    /// Notes are said to be written, and are not.
    case inventsNotes
    /// A byte of the log is another one at the end.
    case editsLog
    /// A pass that finds nothing writes all the same.
    case writesWithoutCause

    /// The invariants one of which it breaks.
    package var breaks: Set<Int> {
        switch self {
        // What was answered counts as open until the commit that took it, so there is one request too many as well.
        case .performsBeforeCommitting: [3, 16]
        case .sendsTwice: [2, 3, 12]
        case .forgetsRollouts: [2, 3, 8, 13, 16]
        case .losesWakes: [8, 9, 13, 16, 18]
        case .dropsDeliveries: [9]
        case .deploysElsewhere: [3, 12]
        case .inventsNotes: [8, 18]
        case .editsLog: [18]
        case .writesWithoutCause: [14]
        }
    }
}
