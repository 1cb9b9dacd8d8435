import Domain
import Exchange

/// What a failed exchange means, in one table: what came back × whether the request changes anything.
///
/// Nothing is ever taken for harmless on a guess: where a mutation may have been carried out, its kind is one that makes
/// the engine look for the job before it sends another.
enum Classification {
    /// One line of the table.
    struct Row: Sendable {
        var statuses: ClosedRange<Int>
        var read: PlatformFailure.Kind
        var mutation: PlatformFailure.Kind

        init(_ statuses: ClosedRange<Int>, read: PlatformFailure.Kind, mutation: PlatformFailure.Kind) {
            self.statuses = statuses
            self.read = read
            self.mutation = mutation
        }

        init(_ status: Int, _ kind: PlatformFailure.Kind) { self.init(status...status, read: kind, mutation: kind) }
    }

    /// The first row that holds the status decides. 2xx is not here: such an answer is decoded.
    static let statuses: [Row] = [
        Row(100...199, read: .unclear, mutation: .unclear),
        Row(300...399, read: .unclear, mutation: .unclear),
        Row(400, .invalid),
        Row(401, .unauthorized),
        Row(403, .forbidden),
        Row(404, .notFound),
        Row(405...405, read: .unsupported, mutation: .unclear),
        Row(408, .unclear),
        // A read cannot be in conflict. What a mutation conflicts with stands in the message: see `conflict(in:)`.
        Row(409...409, read: .unclear, mutation: .conflict(.unclear)),
        Row(410, .notFound),
        Row(422, .invalid),
        Row(429, .rateLimited),
        // What else a gateway may say: whether the platform ever saw the request cannot be told.
        Row(400...499, read: .unclear, mutation: .unclear),
        Row(501...501, read: .unsupported, mutation: .unclear),
        Row(500...599, read: .unclear, mutation: .unclear),
    ]

    static func kind(status: Int, isMutation: Bool, message: String?) -> PlatformFailure.Kind {
        guard let row = statuses.first(where: { $0.statuses.contains(status) }) else { return .unclear }
        let kind = isMutation ? row.mutation : row.read
        if case .conflict = kind { return .conflict(conflict(in: message ?? "")) }
        return kind
    }

    /// Only what surely never left this machine counts as not sent; the same for reads and mutations.
    static func kind(_ failure: TransportFailure) -> PlatformFailure.Kind {
        failure.isSurelyNotSent ? .notSent : .lost
    }

    /// The words that tell one conflict from another, in lower case.
    static let conflictWords: [(conflict: PlatformFailure.Conflict, words: [String])] = [
        (.dependencies, ["dependenc", "missing component", "missing intent", "missing skill", "missing entit"]),
        (.sessions, ["session", "conversation"]),
        (
            .inFlight,
            [
                "in progress", "in flight", "in-flight", "already running", "already deploying", "is running",
                "another deployment", "deployment is active", "pending deployment", "concurrent deployment",
            ]
        ),
    ]

    /// A message that names two causes, or none, leaves it open: the engine then observes sessions and jobs again.
    static func conflict(in message: String) -> PlatformFailure.Conflict {
        let text = message.lowercased()
        let found = conflictWords.filter { row in row.words.contains { text.contains($0) } }
        return found.count == 1 ? found[0].conflict : .unclear
    }
}
