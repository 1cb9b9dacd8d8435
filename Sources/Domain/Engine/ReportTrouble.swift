/// What keeps Ballast from telling what it does: the audit trail, or a sink. It stops no rollout (but where the log is required),
/// so no bot's own state shows it.
package struct ReportTrouble: Hashable, Sendable {
    /// `audit log`, `audit notes`, `audit trail`, `sink NAME`.
    package var subject: String
    package var message: String
    /// What a person can do about it.
    package var remedy: String

    package init(_ subject: String, _ message: String, remedy: String) {
        self.subject = subject
        self.message = message
        self.remedy = remedy
    }

    /// What the state remembers of the trail.
    package static func ofTrail(_ fleet: FleetRecord) -> [ReportTrouble] {
        var found: [ReportTrouble] = []
        if let reason = fleet.logTrouble {
            found.append(
                ReportTrouble(
                    "audit log", reason,
                    remedy: "Mend what it names; the records wait in the state, and are written with the next pass."))
        }
        if let trouble = fleet.notesUnwritten {
            found.append(
                ReportTrouble(
                    "audit notes", "notes cannot be written: \(trouble.reason)",
                    remedy: "Mend what it names, or see `ballast doctor`; the records wait in the state."))
        }
        if let trouble = fleet.notesUnpushed {
            found.append(
                ReportTrouble(
                    "audit notes", "notes cannot be pushed: \(trouble.reason)",
                    remedy: "See `ballast doctor`; the key or token must be allowed to push the notes. They wait here.")
            )
        }
        if let finding = fleet.trailFinding {
            found.append(
                ReportTrouble(
                    "audit trail", finding,
                    remedy:
                        "`ballast audit verify` names all of it; `ballast audit rebuild` writes it again from the state."
                ))
        }
        return found
    }

    /// - Parameter answer: what it said to the last attempt.
    package static func failing(sink: String, answer: String, waiting: Int, givenUp: Int) -> ReportTrouble {
        ReportTrouble(
            "sink \(sink)",
            "the last attempt failed: \(answer); events for it: \(waiting) waiting, \(givenUp) given up",
            remedy: "Correct the receiver, or `notifications.\(sink)`: its `url`, `secret` or `token`. Then "
                + "`ballast notifications redeliver --sink \(sink) --since 24h` sends again what was given up.")
    }

    package static func disabled(sink: String, answer: String) -> ReportTrouble {
        ReportTrouble(
            "sink \(sink)", "nothing is sent to it since it answered: \(answer)",
            remedy: "Correct the receiver, then `ballast notifications enable \(sink)`.")
    }
}
