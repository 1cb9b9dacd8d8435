/// The guards, in the order in which they are judged.
package enum Guard: String, Hashable, Codable, Sendable, CaseIterable, Comparable {
    case manifest, policy, trust, suspend, halt
    case blastRadius = "blast-radius"
    case quarantine, contested, window, cooldown, version
    case inFlight = "in-flight"
    case sessions

    /// What a person may waive for one rollout of one bot; nothing else can be.
    package static let waivable: Set<Guard> = [.sessions, .window, .cooldown, .halt, .contested]

    package static func < (one: Guard, other: Guard) -> Bool { one.position < other.position }

    private var position: Int { Guard.allCases.firstIndex(of: self) ?? 0 }
}

package enum Verdict: String, Hashable, Codable, Sendable, CaseIterable { case pass, wait, block, unknown }

/// One guard's verdict with what was seen.
package struct GuardVerdict: Hashable, Codable, Sendable {
    package var `guard`: Guard
    package var verdict: Verdict
    /// What was seen, in words; without durations that change by themselves.
    package var detail: String
    /// Where waiting ends at a known time (a window opens).
    package var until: Timestamp?
    package var waived: Bool

    package init(
        _ guard: Guard, _ verdict: Verdict, _ detail: String, until: Timestamp? = nil, waived: Bool = false
    ) {
        self.guard = `guard`
        self.verdict = verdict
        self.detail = detail
        self.until = until
        self.waived = waived
    }

    /// A failed guard that a person waived lets the rollout pass, and says so.
    package var passes: Bool { verdict == .pass || waived }
}
