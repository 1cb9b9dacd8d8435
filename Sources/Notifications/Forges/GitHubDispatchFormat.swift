import Domain

/// `kind: github-dispatch`: starts the workflows of the default branch that listen for `repository_dispatch` of the type
/// `ballast.TYPE`, such as `ballast.drift.detected`; the whole event is `client_payload.ballast`.
struct GitHubDispatchFormat: SinkFormat {
    /// GitHub takes less than 64 KiB of `client_payload`.
    static let maxPayloadBytes = 60_000
    static let maxTypeCharacters = 100

    let repository: String

    func begin(_ event: Event, with access: SinkAccess) -> SinkStep {
        // One key, because GitHub takes ten at most.
        let payload = WebhookBody.node(event, maxBytes: GitHubDispatchFormat.maxPayloadBytes)
        let request = SinkRequest.post(
            "/repos/\(repository)/dispatches",
            .object([
                (
                    "event_type",
                    .string(PayloadText.cut("ballast.\(event.type)", to: GitHubDispatchFormat.maxTypeCharacters))
                ),
                ("client_payload", .object([("ballast", payload)])),
            ]), headers: GitHub.headers(access))
        return .exchange(request) { .over(GitHub.judge($0, at: access.attemptedAt)) }
    }
}
