/// What of a repository's address tells it from others: scheme, user, port, `.git` and the case of the host do not.
struct RepositoryAddress: Hashable, Sendable {
    /// Lower case; empty for a path on this machine.
    var host: String
    /// Without slashes at its ends.
    var path: String

    /// `scheme://[user@]host[:port]/path`, `[user@]host:path` or a path.
    init(_ text: String) {
        if let mark = text.firstRange(of: "://") {
            let rest = text[mark.upperBound...]
            let slash = rest.firstIndex(of: "/") ?? rest.endIndex
            host = Self.host(rest[..<slash])
            path = Self.path(rest[slash...])
        } else if let colon = text.firstIndex(of: ":"), !text[..<colon].contains("/") {
            host = Self.host(text[..<colon])
            path = Self.path(text[text.index(after: colon)...])
        } else {
            host = ""
            path = Self.path(text[...])
        }
    }

    private static func host(_ authority: Substring) -> String {
        let host = authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority
        // The colons of an IPv6 address stand in brackets.
        let end = host.hasPrefix("[") ? host.firstIndex(of: "]").map(host.index(after:)) : host.firstIndex(of: ":")
        return host[..<(end ?? host.endIndex)].lowercased()
    }

    private static func path(_ text: Substring) -> String {
        var path = text
        if let end = path.firstIndex(where: { $0 == "?" || $0 == "#" }) { path = path[..<end] }
        while path.hasPrefix("/") { path = path.dropFirst() }
        while path.hasSuffix("/") { path = path.dropLast() }
        return String(path.hasSuffix(".git") ? path.dropLast(4) : path)
    }
}

/// Which pushes are about the watched branch.
package struct WatchedRepository: Sendable {
    private let addresses: Set<RepositoryAddress>
    private let reference: String

    /// - Parameter aliases: further addresses under which providers know the repository.
    package init(url: String, aliases: [String], branch: String) {
        addresses = Set(([url] + aliases).map(RepositoryAddress.init))
        reference = "refs/heads/\(branch)"
    }

    /// Any of its addresses; where the payload gives none, its full name is compared with the path.
    func isOurs(_ push: Push) -> Bool {
        guard push.addresses.isEmpty else {
            return push.addresses.contains { addresses.contains(RepositoryAddress($0)) }
        }
        guard let name = push.fullName else { return false }
        let path = RepositoryAddress("/\(name)").path.lowercased()
        return addresses.contains { $0.path.lowercased() == path || $0.path.lowercased().hasSuffix("/\(path)") }
    }

    /// Our own pushes of notes, tags and other branches change nothing that is watched.
    func concerns(_ push: Push) -> Bool {
        push.references.contains { $0.name == reference && !$0.isDeleted }
    }
}
