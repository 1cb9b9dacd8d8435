package import Domain
package import Exchange

/// A configured sink → what delivers to it.
package enum SinkFactory {
    /// Connections of one sink; deliveries to different bots' streams go in parallel.
    static let maxConnections = 8

    /// - Parameter connections: owns the clients that are opened here.
    /// - Throws: `ExchangeError` for a kind, a literal address, or certificates that can't be used. An address that is a
    ///   secret is judged at each delivery, since it may change.
    package static func make(
        _ settings: SinkSettings, secrets: any Secrets, connections: Connections
    ) throws(ExchangeError) -> any Sink {
        try webhook(settings, secrets, connections)
    }

    /// Whether anything answers at the sink's address; nothing is delivered.
    /// - Returns: why not.
    /// - Throws: as `make`.
    package static func trouble(
        _ settings: SinkSettings, secrets: any Secrets, connections: Connections
    ) async throws(ExchangeError) -> String? {
        await (try webhook(settings, secrets, connections)).unreachable()
    }

    private static func webhook(
        _ settings: SinkSettings, _ secrets: any Secrets, _ connections: Connections
    ) throws(ExchangeError) -> WebhookSink {
        guard settings.kind == "webhook" else {
            throw ExchangeError(.kindUnknown, "The sink \(settings.name) is of kind '\(settings.kind)'; use webhook.")
        }
        let address: WebhookSink.Address
        switch settings.url {
        case .literal(let text):
            address = .literal(try WebhookSink.target(text, allowPrivate: settings.allowPrivate))
        case .secret(let reference):
            address = .secret(SecretList([reference], from: secrets))
        }
        return WebhookSink(
            name: settings.name, address: address, secrets: SecretList(settings.secrets, from: secrets),
            caller: try open(settings, settings.allowPrivate ? .any : .publicOnly, connections),
            plainCaller: try open(settings, .loopback, connections), allowPrivate: settings.allowPrivate)
    }

    private static func open(
        _ settings: SinkSettings, _ addresses: AddressPolicy, _ connections: Connections
    ) throws(ExchangeError) -> HTTPCaller {
        try connections.open(
            HTTPCaller.Settings(caFile: settings.caFile, maxConnections: maxConnections, addresses: addresses))
    }
}
