import Domain

extension ConfigurationBuilder {
    mutating func server(_ reading: Reading) -> ServerSettings {
        var settings = ServerSettings()
        settings.host = reading["host"]?.text ?? settings.host
        settings.port = reading["port"]?.integer ?? settings.port
        let tokens = reading["tokens"]?.items ?? []
        settings.tokens = tokens.map { token in
            ServerSettings.Token(
                name: token["name"]?.text ?? "", role: token["role"]?.choice(ServerSettings.Role.self) ?? .read,
                secrets: secrets(token, "token", "secrets"))
        }
        refuseRepeatedNames(tokens, "token")
        if let hooks = reading["hooks"] {
            for provider in ServerSettings.Provider.allCases {
                guard let hook = hooks[provider.rawValue] else { continue }
                settings.hooks[provider] = ServerSettings.Hook(
                    secrets: secrets(hook, "secret", "secrets"), username: hook["username"]?.text)
            }
            settings.aliases = hooks["aliases"]?.items.compactMap(\.text) ?? []
        }
        if tokens.isEmpty, !ServerSettings.isLoopback(settings.host) {
            fault(
                reading["host"] ?? reading,
                "`host` \(quoted(settings.host)) can be reached from elsewhere: that needs `tokens`")
        }
        return settings
    }
}

extension ServerSettings {
    /// A name or an address that only this machine can reach.
    static func isLoopback(_ host: String) -> Bool {
        let name = host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host
        return Address("http://\(name)")?.isLoopback ?? false
    }
}
