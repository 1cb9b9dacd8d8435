package import Domain
package import Exchange

/// A configured sink → what delivers to it.
package enum SinkFactory {
    /// Connections of one sink; deliveries to different bots' streams go in parallel.
    static let maxConnections = 8

    /// - Parameter connections: owns the clients that are opened here.
    /// - Throws: `ExchangeError` for a literal address, or certificates that can't be used. An address that is a secret is
    ///   judged at each delivery, since it may change.
    package static func make(
        _ settings: SinkSettings, secrets: any Secrets, connections: Connections
    ) throws(ExchangeError) -> any Sink {
        try sink(settings, secrets, connections)
    }

    /// Whether anything answers at the sink's address; nothing is delivered.
    /// - Returns: why not.
    /// - Throws: as `make`.
    package static func trouble(
        _ settings: SinkSettings, secrets: any Secrets, connections: Connections
    ) async throws(ExchangeError) -> String? {
        await (try sink(settings, secrets, connections)).unreachable()
    }

    private static func sink(
        _ settings: SinkSettings, _ secrets: any Secrets, _ connections: Connections
    ) throws(ExchangeError) -> HTTPSink {
        let address: HTTPSink.Address
        var isPathShown = false
        switch settings.url {
        case .literal(let text):
            address = .literal(try HTTPSink.target(text, allowPrivate: settings.allowPrivate))
            isPathShown = !settings.repository.isEmpty || settings.kind == .pagerduty
        case .secret(let reference):
            address = .secret(SecretList([reference], from: secrets))
        }
        return HTTPSink(
            name: settings.name, address: address, isPathShown: isPathShown,
            secrets: SecretList(settings.secrets, from: secrets), tokens: SecretList(settings.tokens, from: secrets),
            format: format(settings),
            caller: try open(settings, settings.allowPrivate ? .any : .publicOnly, connections),
            plainCaller: try open(settings, .loopback, connections), allowPrivate: settings.allowPrivate)
    }

    package static func format(_ settings: SinkSettings) -> any SinkFormat {
        switch settings.kind {
        case .webhook: WebhookFormat()
        case .cdevents: CDEventsFormat(origin: settings.origin, mode: settings.mode, version: settings.version)
        case .githubStatus: GitHubStatusFormat(repository: settings.repository)
        case .githubDispatch: GitHubDispatchFormat(repository: settings.repository)
        case .githubDeployment: GitHubDeploymentFormat(repository: settings.repository)
        case .gitlabStatus: GitLabStatusFormat(project: settings.repository, ref: settings.ref)
        case .gitlabPipeline: GitLabPipelineFormat(project: settings.repository, ref: settings.ref)
        case .giteaStatus: GiteaStatusFormat(repository: settings.repository)
        case .bitbucketStatus: BitbucketStatusFormat(repository: settings.repository, ref: settings.ref)
        case .slack: SlackFormat()
        case .pagerduty: PagerDutyFormat(origin: settings.origin)
        }
    }

    private static func open(
        _ settings: SinkSettings, _ addresses: AddressPolicy, _ connections: Connections
    ) throws(ExchangeError) -> HTTPCaller {
        try connections.open(
            HTTPCaller.Settings(caFile: settings.caFile, maxConnections: maxConnections, addresses: addresses))
    }
}
