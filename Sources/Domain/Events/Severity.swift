/// How much an event matters to people, in rising order.
package enum Severity: String, Hashable, Codable, Sendable, CaseIterable, Comparable {
    case info, warning, error, critical

    package static func < (one: Severity, other: Severity) -> Bool { one.rank < other.rank }

    private var rank: Int {
        switch self {
        case .info: 0
        case .warning: 1
        case .error: 2
        case .critical: 3
        }
    }
}
