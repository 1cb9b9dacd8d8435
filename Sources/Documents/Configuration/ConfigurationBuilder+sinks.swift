import Domain

extension ConfigurationBuilder {
    mutating func sink(_ reading: Reading, of source: SourceSettings) -> SinkSettings {
        let remote = RemoteName(source.url)
        let kind = reading["kind"]?.choice(SinkSettings.Kind.self) ?? .webhook
        let isBase = kind.isForge || kind == .pagerduty
        let allowsPrivate = reading["allowPrivate"]?.flag ?? false
        var settings = SinkSettings(name: reading["name"]?.text ?? "", url: .literal(""))
        settings.kind = kind
        settings.url = address(reading, kind, remote)
        if let url = reading["url"], url.text != nil, checkService(url, "url", isBase: isBase) {
            checkPublic(url, allowsPrivate)
        }
        settings.caFile = reading["caFile"]?.text.map(absolute)
        settings.secrets = secrets(reading, "secret", "secrets")
        settings.tokens = secrets(reading, "token", "tokens")
        if kind.isForge { settings.repository = repository(reading, kind, remote) }
        settings.ref = branch(reading["ref"]) ?? source.branch
        settings.mode = reading["mode"]?.choice(SinkSettings.Mode.self) ?? settings.mode
        settings.version = reading["version"]?.choice(SinkSettings.Version.self) ?? settings.version
        settings.origin = remote.origin
        settings.events = events(reading["events"])
        settings.labels = reading["labels"]?.texts ?? [:]
        settings.minSeverity = reading["minSeverity"]?.choice(Severity.self) ?? settings.minSeverity
        settings.allowPrivate = allowsPrivate
        return settings
    }

    /// A glob that no event can ever match would silently send nothing.
    private mutating func events(_ reading: Reading?) -> [String] {
        var globs: [String] = []
        for item in reading?.items ?? [] {
            guard let glob = item.text else { continue }
            globs.append(glob)
            if Event.types.contains(where: { Glob.matches(id: glob, $0) }) { continue }
            let near = Suggestion.nearest(to: glob, among: Event.types + Event.families)
            let families = Event.families.joined(separator: ", ")
            let suggestion = near.map { "; did you mean `\($0)`?" } ?? "; the families are \(families)"
            fault(item, "`events`: no event is called \(quoted(glob))\(suggestion)")
        }
        return globs
    }

    /// The one given, or that of the public service. A token never goes to a public service because an address was left
    /// out: there either the repository is there, or it is named.
    private mutating func address(
        _ reading: Reading, _ kind: SinkSettings.Kind, _ remote: RemoteName
    ) -> SinkSettings.Address {
        if let url = reading["url"] { return url.secret.map { .secret(absolute($0)) } ?? .literal(url.text ?? "") }
        if kind == .pagerduty { return .literal("https://events.pagerduty.com") }
        guard let services = PublicService.of(kind) else { return .literal("") }
        if let service = services.first(where: { $0.hosts.contains(remote.host ?? "") }) {
            return .literal(service.api)
        }
        if reading["repository"] != nil, services.count == 1, let service = services.first {
            return .literal(service.api)
        }
        let place = remote.host.map { "the repository is at \(quoted($0))" } ?? "the repository is on this machine"
        fault(reading, "missing field `url`: \(place), so give the base of the API, such as \(services[0].example)")
        return .literal("")
    }

    private mutating func repository(
        _ reading: Reading, _ kind: SinkSettings.Kind, _ remote: RemoteName
    ) -> String {
        let given = reading["repository"]
        var name = given?.text ?? remote.path
        let isGitLab = kind == .gitlabStatus || kind == .gitlabPipeline
        // A forge below a path of its host: the last two parts are owner and name.
        if given == nil, !isGitLab { name = name.split(separator: "/").suffix(2).joined(separator: "/") }
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        let isNumber = isGitLab && !name.isEmpty && name.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 }
        let isPath = isGitLab ? parts.count >= 2 : parts.count == 2
        if isNumber || (isPath && parts.allSatisfy(isName)) { return name }
        let form = isGitLab ? "`GROUP/PROJECT` or the project's number" : "`OWNER/NAME`"
        if let given {
            fault(given, "`repository`: expected \(form), found \(quoted(name))")
        } else {
            fault(reading, "missing field `repository`: `source.url` does not say it; expected \(form)")
        }
        return name
    }

    private func isName(_ part: Substring) -> Bool {
        part != "." && part != ".." && !part.isEmpty
            && part.unicodeScalars.allSatisfy {
                $0.isASCII && ($0.properties.isAlphabetic || "0123456789._-+~".unicodeScalars.contains($0))
            }
    }

    private mutating func branch(_ reading: Reading?) -> String? {
        guard let reading, let name = reading.text else { return nil }
        if let message = RefRule.fault(ofBranch: name) { fault(reading, "`ref`: \(message)") }
        return name
    }

    private mutating func checkPublic(_ reading: Reading, _ allowsPrivate: Bool) {
        guard let text = reading.text, let address = Address(text), address.isPrivateLiteral, !allowsPrivate else {
            return
        }
        fault(
            reading,
            "`url`: \(quoted(address.host)) is on this machine or in a private network; set `allowPrivate: true` to send there"
        )
    }
}

/// A forge that anybody can use, by the hosts at which its repositories are.
private struct PublicService {
    var hosts: [String]
    var api: String
    /// Of a server of one's own.
    var example: String

    static func of(_ kind: SinkSettings.Kind) -> [PublicService]? {
        switch kind {
        case .githubStatus, .githubDispatch, .githubDeployment:
            [
                .init(
                    hosts: ["github.com", "ssh.github.com"], api: "https://api.github.com",
                    example: "https://github.example/api/v3")
            ]
        case .gitlabStatus, .gitlabPipeline:
            [
                .init(
                    hosts: ["gitlab.com", "altssh.gitlab.com"], api: "https://gitlab.com/api/v4",
                    example: "https://gitlab.example/api/v4")
            ]
        case .giteaStatus:
            ["codeberg.org", "gitea.com"].map {
                .init(hosts: [$0], api: "https://\($0)/api/v1", example: "https://gitea.example/api/v1")
            }
        case .bitbucketStatus:
            [
                .init(
                    hosts: ["bitbucket.org", "altssh.bitbucket.org"], api: "https://api.bitbucket.org/2.0",
                    example: "https://api.bitbucket.org/2.0")
            ]
        case .webhook, .cdevents, .slack, .pagerduty: nil
        }
    }
}

extension SinkSettings.Kind {
    fileprivate var isForge: Bool { PublicService.of(self) != nil }
}
