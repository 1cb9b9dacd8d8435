import Domain

extension ConfigurationBuilder {
    mutating func platform(_ reading: Reading) -> PlatformSettings {
        if let url = reading["url"] { checkService(url, "url") }
        var settings = PlatformSettings(
            name: reading["name"]?.text ?? "", url: reading["url"]?.text ?? "", credential: credential(reading))
        settings.kind = reading["kind"]?.text ?? settings.kind
        settings.caFile = reading["caFile"]?.text.map(absolute)
        settings.timeout = reading["timeout"]?.duration ?? settings.timeout
        if let limit = reading["rateLimit"], let requests = limit["requests"]?.integer, let per = limit["per"]?.duration
        {
            settings.rateLimit = PlatformSettings.RateLimit(requests: requests, per: per)
        }
        settings.maxConcurrentRequests = reading["maxConcurrentRequests"]?.integer ?? settings.maxConcurrentRequests
        return settings
    }

    private mutating func credential(_ reading: Reading) -> PlatformSettings.Credential {
        guard let oauth2 = reading["oauth2"] else { return .apiKey(secrets(reading, "apiKey", "apiKeys")) }
        if let url = oauth2["tokenURL"] { checkService(url, "tokenURL") }
        return .oauth2(
            tokenURL: oauth2["tokenURL"]?.text ?? "", clientId: oauth2["clientId"]?.text ?? "",
            clientSecret: secrets(oauth2, "clientSecret", "clientSecrets"),
            scopes: oauth2["scopes"]?.items.compactMap(\.text) ?? [])
    }

    /// https, or http on loopback. Messages name the host alone: the rest of an address can be a secret.
    @discardableResult
    mutating func checkService(_ reading: Reading, _ name: String, isBase: Bool = true) -> Bool {
        let before = faults.count
        guard let text = reading.text, let address = Address(text), !address.host.isEmpty else {
            fault(reading, "`\(name)` is no address: expected `https://HOST/PATH`")
            return false
        }
        if address.scheme != "https", !(address.scheme == "http" && address.isLoopback) {
            let reason =
                address.scheme == "http"
                ? "http is used on loopback only" : "expected https, found \(quoted(address.scheme))"
            fault(reading, "`\(name)`: \(reason); use https for \(quoted(address.host))")
        }
        if address.user != nil || address.hasPassword {
            fault(reading, "`\(name)` holds a credential; a secret is never a value in this file")
        }
        if address.isDisguisedNumber {
            fault(
                reading,
                "`\(name)`: \(quoted(address.host)) is a number in disguise; write the address as four decimal numbers")
        }
        if address.rest.contains("#") || (isBase && address.rest.contains("?")) || address.rest.contains("\\") {
            fault(reading, "`\(name)` must end with its path, without `\(isBase ? "?" : "#")`")
        }
        return faults.count == before
    }
}
