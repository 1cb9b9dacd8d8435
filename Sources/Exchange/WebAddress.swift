import Domain
import FoundationEssentials

/// An address that requests may be sent to, judged once.
package struct WebAddress: Hashable, Sendable {
    package static let maxBytes = 2048

    /// As it was given, without a slash at the end.
    package let text: String
    package let isPlain: Bool
    package let host: String
    package let port: Int?

    /// - Parameter allowsQuery: a sink's address may carry one; a platform's is the base of many.
    /// - Throws: `ExchangeError` for what is no address, holds a user or a fragment, or is plain `http` to another machine.
    package init(_ given: String, allowsQuery: Bool) throws(ExchangeError) {
        guard given.utf8.count <= WebAddress.maxBytes, UntrustedText.isPlain(given, maxBytes: WebAddress.maxBytes),
            let parts = URLComponents(string: given), let scheme = parts.scheme?.lowercased(), let host = parts.host,
            !host.isEmpty
        else { throw ExchangeError(.addressInvalid, "This is not an address; write https://HOST/PATH.") }
        let bare = host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
        let shown = "\(scheme)://\(host)"
        guard scheme == "https" || scheme == "http" else {
            throw ExchangeError(.addressInvalid, "The address \(shown) must begin with https://.")
        }
        guard parts.user == nil, parts.password == nil else {
            throw ExchangeError(.addressInvalid, "The address \(shown) must not hold a user or a password.")
        }
        guard parts.fragment == nil, allowsQuery || parts.query == nil else {
            throw ExchangeError(.addressInvalid, "The address \(shown) must end with its path.")
        }
        self.isPlain = scheme == "http"
        self.host = bare
        self.port = parts.port
        self.text = parts.query == nil && given.hasSuffix("/") ? String(given.dropLast()) : given
        guard !isPlain || isLoopbackName else {
            throw ExchangeError(
                .addressInsecure, "The address \(shown) must begin with https://: http is for loopback only.")
        }
    }

    /// Scheme, host and port: what may be shown, since path and query of a sink can be secret.
    package var shown: String {
        let bracketed = host.contains(":") ? "[\(host)]" : host
        return (isPlain ? "http://" : "https://") + bracketed + (port.map { ":\($0)" } ?? "")
    }

    /// What follows the host, `/` included.
    package var pathAndQuery: String {
        guard let start = text.firstRange(of: "://")?.upperBound,
            let slash = text[start...].firstIndex(where: { $0 == "/" || $0 == "?" })
        else { return "" }
        return String(text[slash...])
    }

    package var literal: IPBytes? { IPBytes(literal: host) }

    package var isLoopbackName: Bool { host.lowercased() == "localhost" || literal?.isLoopback == true }
}
