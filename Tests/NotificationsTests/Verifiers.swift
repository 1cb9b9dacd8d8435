import Support

/// The judges of each format.
extension Verifiers {
    static let standardWebhooks = has("standardwebhooks")
    static let cloudEvents = has("cloudevents.core.bindings.http")
    static let schemas = has("jsonschema, referencing")
    static let slack = has("slack_sdk.models.blocks")
    static let cryptography = has("cryptography.hazmat.primitives.asymmetric.ed25519")
}
