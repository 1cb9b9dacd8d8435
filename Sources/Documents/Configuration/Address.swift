/// The parts of an address that the rules ask for. No address that is written out may hold a password, and messages
/// name hosts alone.
struct Address: Hashable, Sendable {
    var scheme: String
    var user: String?
    var hasPassword: Bool
    var host: String
    var port: Int?
    /// Everything behind the authority.
    var rest: String

    /// `scheme://[user[:password]@]host[:port][/…]`; nil for anything else.
    init?(_ text: String) {
        guard let colon = text.range(ofASCII: "://") else { return nil }
        scheme = text[..<colon.lowerBound].lowercased()
        guard let first = scheme.unicodeScalars.first, first.isASCII, first.properties.isAlphabetic,
            scheme.unicodeScalars.allSatisfy({
                $0.isASCII && ($0.properties.isAlphabetic || "0123456789+-.".unicodeScalars.contains($0))
            })
        else { return nil }
        let behind = text[colon.upperBound...]
        let end = behind.firstIndex { "/?#\\".contains($0) } ?? behind.endIndex
        rest = String(behind[end...])
        var authority = behind[..<end]
        hasPassword = false
        if let at = authority.lastIndex(of: "@") {
            let parts = authority[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            user = String(parts[0])
            hasPassword = parts.count > 1
            authority = authority[authority.index(after: at)...]
        }
        guard let (host, port) = Address.split(authority) else { return nil }
        self.host = host
        self.port = port
    }

    private static func split(_ authority: Substring) -> (host: String, port: Int?)? {
        var host = authority
        var digits: Substring?
        if authority.hasPrefix("[") {
            guard let bracket = authority.firstIndex(of: "]") else { return nil }
            host = authority[authority.index(after: authority.startIndex)..<bracket]
            let behind = authority[authority.index(after: bracket)...]
            if !behind.isEmpty {
                guard behind.first == ":" else { return nil }
                digits = behind.dropFirst()
            }
        } else if let colon = authority.firstIndex(of: ":") {
            host = authority[..<colon]
            digits = authority[authority.index(after: colon)...]
        }
        guard let digits else { return (host.lowercased(), nil) }
        guard let port = Int(digits), (1...65_535).contains(port), digits.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 })
        else { return nil }
        return (host.lowercased(), port)
    }

    /// Whether the host, as written, can only be this machine.
    var isLoopback: Bool {
        if host == "localhost" || host.hasSuffix(".localhost") { return true }
        return IPAddress(host)?.isLoopback ?? false
    }

    /// Whether the host, as written, is on this machine or in a private network; names are looked at when they are
    /// connected to.
    var isPrivateLiteral: Bool { isLoopback || (IPAddress(host)?.isPrivate ?? false) }

    /// A number that some resolvers take for an address, such as `2130706433` or `0x7f.1`.
    var isDisguisedNumber: Bool {
        guard IPAddress(host) == nil, let last = host.split(separator: ".").last else { return false }
        return last.allSatisfy(\.isWholeNumber) || last.hasPrefix("0x")
    }
}

extension String {
    fileprivate func range(ofASCII needle: String) -> Range<String.Index>? {
        let bytes = Array(utf8)
        let wanted = Array(needle.utf8)
        guard bytes.count >= wanted.count else { return nil }
        for start in 0...(bytes.count - wanted.count) where bytes[start..<(start + wanted.count)].elementsEqual(wanted)
        {
            let lower = utf8.index(utf8.startIndex, offsetBy: start)
            return lower..<utf8.index(lower, offsetBy: wanted.count)
        }
        return nil
    }
}
