import NIOCore

/// The names and addresses under which this machine reaches itself.
///
/// A page from elsewhere can bring a name of its own to point here (DNS rebinding), and the browser then sends that name: who
/// may look only because the host is loopback has to have asked for a loopback host.
enum LoopbackName {
    /// - Parameter authority: as in the `Host` header: `localhost:8080`, `127.0.0.1`, `[::1]:8080`.
    static func isNamed(by authority: String) -> Bool {
        let host = host(of: authority.lowercased())
        if host == "localhost" || host.hasSuffix(".localhost") { return true }
        guard let address = try? SocketAddress(ipAddress: host, port: 0), let written = address.ipAddress else {
            return false
        }
        return written.hasPrefix("127.") || written == "::1"
    }

    private static func host(of authority: String) -> String {
        if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") {
            return String(authority[authority.index(after: authority.startIndex)..<end])
        }
        guard let colon = authority.lastIndex(of: ":") else { return authority }
        return String(authority[..<colon])
    }
}
