import Crypto
import FoundationEssentials
import Glibc

/// The known hosts as libgit2 can use them. It reads `$HOME/.ssh/known_hosts` alone, and takes from it which kinds of key to
/// ask for: so the worker has a private home, in which that file holds the lines of the one host that is asked, written out
/// plainly whatever form (hashed, pattern, list) they had.
enum KnownHosts {
    private static let maxLines = 64
    private static let maxFileBytes = 1024 * 1024

    static func install(_ credential: GitCredential?, for address: GitAddress, home: String) throws {
        guard case .ssh(_, let text) = credential else {
            throw GitError(.authentication, "\(address) wants a key: set source.auth.ssh")
        }
        guard text.utf8.count <= maxFileBytes else {
            throw GitError(.tooLarge, "the known hosts are larger than \(maxFileBytes) bytes")
        }
        let lines = lines(for: address, in: text)
        guard !lines.isEmpty else {
            throw GitError(
                .hostKey, "\(name(of: address)) is not in the known hosts; add its key to knownHostsFile (ssh-keyscan)")
        }
        try Files.makeFolder("\(home)/.ssh")
        try Files.write(lines.joined(separator: "\n") + "\n", to: "\(home)/.ssh/known_hosts")
        unsafe setenv("HOME", home, 1)
    }

    /// As OpenSSH names a host: `host`, or `[host]:port` where the port is not 22.
    static func name(of address: GitAddress) -> String {
        guard let port = address.port, port != 22 else { return address.host }
        return "[\(address.host)]:\(port)"
    }

    /// The keys of the host, one a line, without those that are marked as revoked. Certificate authorities are left out:
    /// libssh2 knows no host certificates.
    static func lines(for address: GitAddress, in text: String) -> [String] {
        let names = Set([name(of: address), address.host])
        let wanted = name(of: address)
        var keys: [String] = []
        var revoked: Set<String> = []
        for line in text.split(whereSeparator: \.isNewline) {
            var fields = line.split(whereSeparator: { $0 == " " || $0 == "\t" }).map(String.init)
            guard let first = fields.first, !first.hasPrefix("#") else { continue }
            let marker = first.hasPrefix("@") ? fields.removeFirst() : nil
            guard fields.count >= 3, names.contains(where: { matches(fields[0], $0) }) else { continue }
            let key = "\(fields[1]) \(fields[2])"
            if marker == "@revoked" { revoked.insert(key) } else if marker == nil { keys.append(key) }
        }
        return keys.filter { !revoked.contains($0) }.prefix(maxLines).map { "\(wanted) \($0)" }
    }

    private static func matches(_ field: String, _ name: String) -> Bool {
        if field.hasPrefix("|1|") { return matchesHash(field, name) }
        var isMatch = false
        for pattern in field.split(separator: ",") {
            if pattern.hasPrefix("!") {
                if matchesPattern(Array(pattern.dropFirst().lowercased().utf8)[...], Array(name.utf8)[...]) {
                    return false
                }
            } else if matchesPattern(Array(pattern.lowercased().utf8)[...], Array(name.utf8)[...]) {
                isMatch = true
            }
        }
        return isMatch
    }

    private static func matchesHash(_ field: String, _ name: String) -> Bool {
        let parts = field.split(separator: "|", omittingEmptySubsequences: false)
        guard parts.count == 4, let salt = Data(base64Encoded: String(parts[2])),
            let hash = Data(base64Encoded: String(parts[3]))
        else { return false }
        let code = HMAC<Insecure.SHA1>.authenticationCode(
            for: Array(name.utf8), using: SymmetricKey(data: salt))
        return Array(code) == Array(hash)
    }

    /// `*` and `?`, as OpenSSH has them.
    private static func matchesPattern(_ pattern: ArraySlice<UInt8>, _ text: ArraySlice<UInt8>) -> Bool {
        guard let first = pattern.first else { return text.isEmpty }
        if first == UInt8(ascii: "*") {
            return matchesPattern(pattern.dropFirst(), text)
                || (!text.isEmpty && matchesPattern(pattern, text.dropFirst()))
        }
        guard let character = text.first, first == UInt8(ascii: "?") || first == character else { return false }
        return matchesPattern(pattern.dropFirst(), text.dropFirst())
    }
}
