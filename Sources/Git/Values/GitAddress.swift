/// Where a remote is: a path, `file://`, `git://`, `https://`, `http://` on loopback, `ssh://`, or scp-like (`git@host:bots.git`).
package struct GitAddress: Hashable, Sendable {
    package enum Scheme: String, Hashable, Sendable {
        /// A path or `file://`.
        case file
        case git
        case http
        case https
        case ssh
    }

    package let scheme: Scheme
    /// In lower case, without brackets; empty for `file`.
    package let host: String
    package let port: Int?
    package let user: String?
    /// For `file` the absolute path on this machine; else what the server makes of it.
    package let path: String
    /// What libgit2 is given.
    let text: String

    package static let maxAddressBytes = 2_048

    /// Reads an address.
    /// - Parameter folder: what a relative path is relative to; without it a relative path is `badAddress`.
    /// - Throws: `badAddress` with the reason; the message never repeats a password.
    package init(_ written: String, relativeTo folder: String? = nil) throws(GitError) {
        guard !written.isEmpty, written.utf8.count <= Self.maxAddressBytes else {
            throw GitError(
                .badAddress, "the address of the repository is empty or longer than \(Self.maxAddressBytes) bytes")
        }
        guard !written.unicodeScalars.contains(where: CleanText.isUnsafe), !written.hasPrefix("-") else {
            throw GitError(.badAddress, "the address of the repository has control characters or begins with a dash")
        }
        if let mark = written.firstRange(of: "://") {
            self = try Self.url(scheme: String(written[..<mark.lowerBound]), rest: written[mark.upperBound...])
        } else if let scp = try Self.scpLike(written) {
            self = scp
        } else {
            self = try Self.path(written, relativeTo: folder)
        }
    }

    private init(scheme: Scheme, host: String, port: Int?, user: String?, path: String, text: String) {
        self.scheme = scheme
        self.host = host
        self.port = port
        self.user = user
        self.path = path
        self.text = text
    }

    /// For messages and logs: the address without its user, query and fragment.
    package var redacted: String {
        switch scheme {
        case .file: return path
        case .git, .http, .https, .ssh:
            let bracketed = host.contains(":") ? "[\(host)]" : host
            return "\(scheme.rawValue)://\(bracketed)\(port.map { ":\($0)" } ?? "")\(path)"
        }
    }

    package var isLoopback: Bool {
        if host == "localhost" || host == "::1" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}

extension GitAddress: CustomStringConvertible, CustomDebugStringConvertible {
    package var description: String { redacted }
    package var debugDescription: String { redacted }
}

// MARK: - Forms

extension GitAddress {
    private static func url(scheme name: String, rest: Substring) throws(GitError) -> GitAddress {
        guard let scheme = Scheme(rawValue: name.lowercased()) else {
            throw GitError(
                .badAddress, "\(name):// is no kind of repository address; use https, ssh, git, file, or a path")
        }
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        var path = String(rest[slash...])
        let authority = rest[..<slash]
        guard !path.contains("?"), !path.contains("#") else {
            throw GitError(.badAddress, "the address of the repository has a query or a fragment; leave it out")
        }
        if scheme == .file {
            guard authority.isEmpty || authority == "localhost", path.hasPrefix("/"), let decoded = decode(path) else {
                throw GitError(.badAddress, "a file:// address is file:///absolute/path")
            }
            path = decoded
            return GitAddress(scheme: .file, host: "", port: nil, user: nil, path: path, text: path)
        }
        let parts = try authorityParts(authority)
        guard path.count > 1 else { throw GitError(.badAddress, "the address of the repository has no path") }
        if scheme == .http || scheme == .https, parts.user != nil {
            throw GitError(.badAddress, "leave the user out of the address and set source.auth.username")
        }
        let bracketed = parts.host.contains(":") ? "[\(parts.host)]" : parts.host
        let user = parts.user.map { "\($0)@" } ?? ""
        let port = parts.port.map { ":\($0)" } ?? ""
        let address = GitAddress(
            scheme: scheme, host: parts.host, port: parts.port, user: parts.user, path: path,
            text: "\(scheme.rawValue)://\(user)\(bracketed)\(port)\(path)")
        if scheme == .http, !address.isLoopback {
            throw GitError(
                .badAddress, "http:// is for loopback only, since it shows the token to everybody; use https://")
        }
        return address
    }

    private static func authorityParts(
        _ authority: Substring
    ) throws(GitError) -> (user: String?, host: String, port: Int?) {
        var rest = authority
        var user: String?
        if let at = rest.lastIndex(of: "@") {
            user = String(rest[..<at])
            rest = rest[rest.index(after: at)...]
        }
        if let user, user.contains(":") || user.contains("%3A") || user.contains("%3a") {
            throw GitError(
                .badAddress, "a password in the address is refused: put it into a file and name that in source.auth")
        }
        if let user, !isName(user, also: "") {
            throw GitError(.badAddress, "the user in the address has characters that are not allowed")
        }
        var portText: Substring?
        let host: String
        if rest.hasPrefix("["), let close = rest.firstIndex(of: "]") {
            host = String(rest[rest.index(after: rest.startIndex)..<close])
            let after = rest[rest.index(after: close)...]
            guard after.isEmpty || after.hasPrefix(":") else { throw GitError(.badAddress, "the host is not readable") }
            portText = after.isEmpty ? nil : after.dropFirst()
        } else if let colon = rest.lastIndex(of: ":") {
            host = String(rest[..<colon])
            portText = rest[rest.index(after: colon)...]
        } else {
            host = String(rest)
        }
        guard isName(host, also: rest.hasPrefix("[") ? ":" : "") else {
            throw GitError(
                .badAddress, "the address of the repository has no host, or one with characters that are not allowed")
        }
        var port: Int?
        if let portText, !portText.isEmpty {
            guard let number = UInt16(portText), number > 0 else {
                throw GitError(.badAddress, "the port in the address is not 1 to 65535")
            }
            port = Int(number)
        }
        return (user, host.lowercased(), port)
    }

    /// `user@host:path`, as ssh and git read it: a colon before any slash.
    private static func scpLike(_ written: String) throws(GitError) -> GitAddress? {
        let searchStart = written.firstIndex(of: "]") ?? written.startIndex
        guard let colon = written[searchStart...].firstIndex(of: ":"), !written[..<colon].contains("/") else {
            return nil
        }
        let parts = try authorityParts(written[..<colon])
        let path = String(written[written.index(after: colon)...])
        guard !path.isEmpty else { throw GitError(.badAddress, "the address of the repository has no path") }
        // `ext::command` is git's way to have a helper run: nothing of the kind exists here.
        guard !path.hasPrefix(":") else {
            throw GitError(.badAddress, "remote helpers (name::address) are not supported")
        }
        let fromRoot = path.hasPrefix("/") ? path : "/\(path)"
        let bracketed = parts.host.contains(":") ? "[\(parts.host)]" : parts.host
        // A relative path is relative to the home of the user there: only the scp-like form can say that.
        let text = "\(parts.user.map { "\($0)@" } ?? "")\(bracketed):\(path)"
        return GitAddress(
            scheme: .ssh, host: parts.host, port: nil, user: parts.user, path: fromRoot, text: text)
    }

    private static func path(_ written: String, relativeTo folder: String?) throws(GitError) -> GitAddress {
        guard written.hasPrefix("/") || folder != nil else {
            throw GitError(.badAddress, "\(written) is a relative path, and there is nothing that it is relative to")
        }
        let whole = written.hasPrefix("/") ? written : "\(folder ?? "")/\(written)"
        return GitAddress(scheme: .file, host: "", port: nil, user: nil, path: whole, text: whole)
    }

    private static func isName(_ text: String, also more: String) -> Bool {
        !text.isEmpty && !text.hasPrefix("-")
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
                case UInt8(ascii: "0")...UInt8(ascii: "9"): true
                default: "-_.+~".utf8.contains(byte) || more.utf8.contains(byte)
                }
            }
    }

    /// Percent-decoding; `nil` for a broken escape, a NUL, or a result that is not UTF-8.
    private static func decode(_ path: String) -> String? {
        var bytes: [UInt8] = []
        var rest = Array(path.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard rest.count >= 2, let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16),
                value != 0
            else { return nil }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
