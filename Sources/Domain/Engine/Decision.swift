/// What a person decides; audited with who and why.
package struct Decision: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        /// Accepts a head whatever holds it; abbreviated ids are resolved among what is held.
        case approve(commit: String)
        case approveDrift(platform: String)
        /// A bot's name (or `PLATFORM/BOT/ENVIRONMENT`) or a platform's.
        case release(String)
        case waive(bot: String, Guard)
        case suspend(SuspensionTarget, for: Span?)
        case resume(SuspensionTarget)
        case rollbackWithoutGit(bot: String, version: String?)
        case enableSink(String)
        /// Sends again, whatever became of them: the same ids, bodies and sequences, a new attempt.
        /// `rest`: more were sent since then than go at once; they begin at this time.
        case redeliver([DeliveryState], rest: Timestamp? = nil)
    }

    package enum SuspensionTarget: Hashable, Sendable {
        case named(String)
        case all
    }

    package var kind: Kind
    /// `Name <email>` or the user's name.
    package var by: String
    package var reason: String
    /// Whether `approve` may accept what the trust policy refuses, not only the number of bots.
    package var mayOverrideTrust: Bool

    package init(_ kind: Kind, by: String, reason: String, mayOverrideTrust: Bool = true) {
        self.kind = kind
        self.by = by
        self.reason = reason
        self.mayOverrideTrust = mayOverrideTrust
    }
}

/// Why a decision was not taken.
package struct DecisionError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Code: String, Hashable, Sendable {
        /// Names nothing that is known here.
        case unknown
        /// Can't be decided at all, such as waiving `quarantine`.
        case notAllowed
        /// There is nothing to decide.
        case nothingToDo
        /// Not by this person.
        case forbidden
        /// Nobody decides any more: the process is about to end.
        case closing
    }

    package var code: Code
    package var message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { message }
}
