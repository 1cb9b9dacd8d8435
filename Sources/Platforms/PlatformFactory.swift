package import Domain
package import Exchange

/// A configured platform → its adapter.
package enum PlatformFactory {
    /// - Parameter connections: owns the clients that are opened here; shut it down when the platform is done with.
    /// - Throws: `ExchangeError` for an address, certificates or a kind that can't be used.
    package static func make(
        _ settings: PlatformSettings, secrets: any Secrets, connections: Connections, clocks: Clocks
    ) throws(ExchangeError) -> any Platform {
        guard settings.kind == "v1" else {
            throw ExchangeError(.kindUnknown, "The platform \(settings.name) is of kind '\(settings.kind)'; use v1.")
        }
        let base = try WebAddress(settings.url, allowsQuery: false)
        let caller = try open(base, settings, connections)
        let credential: any Credential
        switch settings.credential {
        case .apiKey(let keys):
            credential = APIKey(SecretList(keys, from: secrets), platform: settings.name)
        case .oauth2(let tokenURL, let clientId, let clientSecret, let scopes):
            let address = try WebAddress(tokenURL, allowsQuery: true)
            let endpoint = TokenEndpoint(
                caller: try open(address, settings, connections), address: address, clientId: clientId, scopes: scopes)
            credential = OAuth2(
                endpoint, secrets: SecretList(clientSecret, from: secrets), platform: settings.name, clocks: clocks)
        }
        return V1Platform(
            name: settings.name, base: base, timeout: settings.timeout, caller: caller, credential: credential,
            clocks: clocks)
    }

    /// A connection serves one request at a time, so their number is the number of requests in flight.
    private static func open(
        _ address: WebAddress, _ settings: PlatformSettings, _ connections: Connections
    ) throws(ExchangeError) -> HTTPCaller {
        try connections.open(
            HTTPCaller.Settings(
                caFile: settings.caFile, maxConnections: settings.maxConcurrentRequests,
                addresses: address.isPlain ? .loopback : .any,
                connectTimeout: min(HTTPCaller.maxConnectTimeout, settings.timeout)))
    }
}
