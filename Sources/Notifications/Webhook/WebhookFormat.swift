import Domain

/// `kind: webhook`: one signed POST of the event's whole body.
struct WebhookFormat: SinkFormat {
    func begin(_ event: Event, with access: SinkAccess) -> SinkStep {
        var request = SinkRequest.post("", WebhookBody.node(event))
        request.headers += WebhookSignature.headers(id: event.id, body: request.body ?? [], access)
        return only(request, at: access.attemptedAt)
    }
}
