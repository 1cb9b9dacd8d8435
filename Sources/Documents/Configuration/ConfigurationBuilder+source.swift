import Domain

extension ConfigurationBuilder {
    mutating func source(_ reading: Reading) -> SourceSettings {
        var settings = SourceSettings(url: "")
        if let url = reading["url"] { settings.url = remote(url) }
        settings.caFile = reading["caFile"]?.text.map(absolute)
        if let branch = reading["branch"], let name = branch.text {
            if let message = RefRule.fault(ofBranch: name) { fault(branch, "`source.branch`: \(message)") }
            settings.branch = name
        }
        if let path = reading["path"] { settings.path = treePath(path) }
        settings.interval = reading["interval"]?.duration ?? settings.interval
        settings.timeout = reading["timeout"]?.duration ?? settings.timeout
        settings.transferTimeout = reading["transferTimeout"]?.duration ?? settings.transferTimeout
        if let auth = reading["auth"] { settings.auth = self.auth(auth) }
        if let trust = reading["trust"] { settings.trust = self.trust(trust) }
        settings.signingKey = reading["signingKey"]?.secret.map(absolute)
        return settings
    }

    private func auth(_ reading: Reading) -> SourceSettings.Auth? {
        if let ssh = reading["ssh"], let key = ssh["keyFile"]?.text, let hosts = ssh["knownHostsFile"]?.text {
            return .ssh(keyFile: absolute(key), knownHostsFile: absolute(hosts))
        }
        guard let token = reading["token"]?.secret else { return nil }
        return .token(absolute(token), username: reading["username"]?.text ?? "git")
    }

    private mutating func trust(_ reading: Reading) -> SourceSettings.Trust {
        var trust = SourceSettings.Trust()
        trust.signatures = reading["signatures"]?.choice(SourceSettings.Trust.Signatures.self) ?? trust.signatures
        trust.rewrites = reading["rewrites"]?.choice(SourceSettings.Trust.Rewrites.self) ?? trust.rewrites
        trust.allowedSigners = reading["allowedSigners"]?.text.map(absolute)
        trust.gpgKeys = reading["gpgKeys"]?.text.map(absolute)
        if trust.signatures == .require, trust.allowedSigners == nil, trust.gpgKeys == nil {
            fault(
                reading,
                "`source.trust`: `signatures: require` needs `allowedSigners` or `gpgKeys`, or no commit could ever count"
            )
        }
        return trust
    }

    /// https, ssh, git, file, a path, or a scp-like address; http on loopback only.
    private mutating func remote(_ reading: Reading) -> String {
        guard let text = reading.text else { return "" }
        if let address = Address(text) { return remote(reading, text, address) }
        if text.contains("://") {
            fault(reading, "`source.url` is no address: expected `SCHEME://HOST/PATH`")
            return text
        }
        if isSCPLike(text) { return text }
        return absolute(text)
    }

    private mutating func remote(_ reading: Reading, _ text: String, _ address: Address) -> String {
        let known = ["https", "ssh", "git", "file", "http"]
        if !known.contains(address.scheme) {
            let suggestion = Suggestion.sentence(for: address.scheme, among: ["https", "ssh", "git", "file"])
            fault(reading, "`source.url`: the scheme \(quoted(address.scheme)) is not read\(suggestion)")
        } else if address.scheme == "http", !address.isLoopback {
            fault(reading, "`source.url`: http is read on loopback only; use https for \(quoted(address.host))")
        } else if address.scheme == "file", !address.host.isEmpty, address.host != "localhost" {
            fault(reading, "`source.url`: a file address has three slashes: `file:///PATH`")
        } else if address.scheme != "file", address.host.isEmpty {
            fault(reading, "`source.url` names no host")
        }
        let isWeb = address.scheme == "https" || address.scheme == "http"
        if address.hasPassword || (isWeb && address.user != nil) {
            fault(reading, "`source.url` holds a credential; a secret is never a value in this file: use `source.auth`")
        }
        return text
    }

    /// `[user@]host:path`; a path with a colon in it begins with `/` or `./`.
    private func isSCPLike(_ text: String) -> Bool {
        guard let colon = text.firstIndex(of: ":"), colon != text.startIndex else { return false }
        return !text[..<colon].contains("/")
    }

    private mutating func treePath(_ reading: Reading) -> String {
        let segments = (reading.text ?? "").split(separator: "/").filter { $0 != "." }
        if segments.contains("..") {
            fault(reading, "`source.path` must not contain `..`: it is a folder of the repository")
        }
        if segments.contains(where: { $0.hasPrefix(".") && $0 != ".." }) {
            fault(reading, "`source.path`: folders that begin with a dot are not read")
        }
        return segments.joined(separator: "/")
    }
}

/// Git's rules for names of references (`git check-ref-format`).
enum RefRule {
    static func fault(ofBranch name: String) -> String? {
        if name.hasPrefix("-") { return "a branch's name can't begin with `-`" }
        return name == "HEAD" ? "`HEAD` is no branch" : fault(of: name)
    }

    static func fault(of name: String) -> String? {
        let segments = name.split(separator: "/", omittingEmptySubsequences: false)
        let isBad =
            segments.contains { $0.isEmpty || $0.hasPrefix(".") || $0.hasSuffix(".lock") } || name.hasSuffix(".")
            || name.contains("..") || name.contains("@{") || name == "@" || name.contains { " ~^:?*[\\".contains($0) }
        return isBad ? "git allows no reference of the name \(quoted(name))" : nil
    }
}
