import Domain

/// `kind: pagerduty`: Events API v2. An alert is opened by what goes wrong and resolved by its end: the fingerprint, the
/// same for both, is the key, so that a condition that is told again opens no second one.
struct PagerDutyFormat: SinkFormat {
    static let maxSummaryCharacters = 1024
    /// PagerDuty takes 512 KB of all.
    static let maxDetailBytes = 400_000

    let origin: String

    func begin(_ event: Event, with access: SinkAccess) -> SinkStep {
        switch event.incident {
        case .opens: return send("trigger", event, access, payload(event))
        case .closes: return send("resolve", event, access, nil)
        case nil: return .over(.refused(status: 0, answer: "an event of type \(event.type) is no incident"))
        }
    }

    private func send(_ action: String, _ event: Event, _ access: SinkAccess, _ payload: JSONNode?) -> SinkStep {
        let request = SinkRequest.post(
            "/v2/enqueue",
            .object([
                ("routing_key", .string(access.token)), ("event_action", .string(action)),
                ("dedup_key", .string(event.fingerprint)), ("client", .string("Ballast")), ("payload", payload),
            ]))
        return only(request, at: access.attemptedAt)
    }

    private func payload(_ event: Event) -> JSONNode {
        let summary = "\(PayloadText.subject(event)): \(event.message)"
        return .object([
            ("summary", .string(PayloadText.cut(summary, to: PagerDutyFormat.maxSummaryCharacters))),
            ("source", .string(event.bot?.key.description ?? (origin.isEmpty ? event.stream : origin))),
            ("severity", .string(event.severity.rawValue)), ("timestamp", .string(event.time.iso8601)),
            ("component", .text(event.bot?.name)), ("group", .text(event.bot?.key.environment)),
            ("class", .string(event.type)),
            ("custom_details", WebhookBody.node(event, maxBytes: PagerDutyFormat.maxDetailBytes)),
        ])
    }
}
