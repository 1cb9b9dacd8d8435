package import Domain
package import Exchange

/// A configured sink → what delivers to it.
package enum SinkFactory {
    /// Connections of one sink; deliveries to different bots' streams go in parallel.
    static let maxConnections = 8

    /// - Parameters:
    ///   - address: reads the secret behind `settings.url`; not called where the address is written out.
    ///   - secrets: the signing secrets, in their order.
    ///   - connections: owns the clients that are opened here.
    /// - Throws: `ExchangeError` for a kind, a literal address, or certificates that can't be used.
    package static func make(
        _ settings: SinkSettings, address: @escaping SecretReader, secrets: [SecretReader], connections: Connections
    ) throws(ExchangeError) -> any Sink {
        guard settings.kind == "webhook" else {
            throw ExchangeError(.kindUnknown, "The sink \(settings.name) is of kind '\(settings.kind)'; use webhook.")
        }
        var reader = address
        if case .literal(let text) = settings.url {
            _ = try WebhookSink.target(text, allowPrivate: settings.allowPrivate)
            reader = { text }
        }
        return WebhookSink(
            name: settings.name, address: SecretList([reader]), secrets: SecretList(secrets),
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
