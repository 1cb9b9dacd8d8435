/// What went wrong with the trail: `code` to branch on, `message` for people.
package struct AuditError: Error, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable, CaseIterable {
        /// A number that JSON cannot carry.
        case notFinite
        case notJSON
        /// JSON, but not in the one form of RFC 8785.
        case notCanonical
        /// The log's place on the disk is full; nothing is lost, the journal has every line.
        case logFull
        case logReadOnly
        case logUnwritable
        case logUnreadable
        /// The log has records that the journal does not: a state restored from a backup.
        case logLeads
        /// The log's last record is not the journal's record of that number, or records that were written are gone.
        case logBroken
        /// A file that should hold a key to sign or to judge signatures holds something else.
        case badKey
        /// The journal itself does not verify.
        case journalBroken
    }

    package var code: Code
    package var message: String
    package var cause: (any Error)?

    package init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    package var description: String { message }
}
