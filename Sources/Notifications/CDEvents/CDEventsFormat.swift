import Domain

/// `kind: cdevents`: a CDEvent in a CloudEvent 1.0 over HTTP, structured (one document) or binary (headers beside the
/// CDEvent). The same id stands in all three envelopes. Signed like a webhook where there is a secret; that covers the
/// body, so in binary mode not the `ce-` headers, which repeat what the body says.
struct CDEventsFormat: SinkFormat {
    let origin: String
    let mode: SinkSettings.Mode
    let version: SinkSettings.Version

    func begin(_ event: Event, with access: SinkAccess) -> SinkStep {
        let cdEvent = CDEvent(event, origin: origin, version: version)
        let attributes: [(name: String, value: String)] = [
            ("id", event.id), ("source", cdEvent.source), ("specversion", "1.0"), ("type", cdEvent.type),
            ("subject", cdEvent.subjectId), ("time", event.time.iso8601),
        ]
        var request: SinkRequest
        switch mode {
        case .structured:
            let members: [(String, JSONNode?)] = attributes.map { ($0.name, .string($0.value)) }
            request = .post(
                "", .object(members + [("datacontenttype", .string("application/json")), ("data", cdEvent.body)]),
                type: "application/cloudevents+json")
        case .binary:
            request = .post(
                "", cdEvent.body,
                headers: attributes.map { (name: "ce-\($0.name)", value: CDEventsFormat.header($0.value)) })
        }
        request.headers += WebhookSignature.headers(id: event.id, body: request.body ?? [], access)
        return only(request, at: access.attemptedAt)
    }

    /// As the HTTP binding of CloudEvents asks: space, `"`, `%` and all outside of U+0021 to U+007E encoded.
    private static func header(_ value: String) -> String {
        PayloadText.encoded(value) { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "%") }
    }
}
