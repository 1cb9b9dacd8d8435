/// What an address of a repository says of where it is.
struct RemoteName: Hashable, Sendable {
    /// Lower case; nil for a repository on this machine.
    var host: String?
    /// As forges name it: without slashes at its ends and without `.git`.
    var path: String
    /// As an address without user and password.
    var origin: String

    /// - Parameter url: as `source.url` was accepted: an address, `user@host:path`, or an absolute path.
    init(_ url: String) {
        if let address = Address(url) {
            let rest = address.rest.prefix { $0 != "?" && $0 != "#" }
            let name = address.host.contains(":") ? "[\(address.host)]" : address.host
            let port = address.port.map { ":\($0)" } ?? ""
            host = address.host.isEmpty ? nil : address.host
            path = RemoteName.trimmed(rest)
            origin = "\(address.scheme)://\(name)\(port)\(RemoteName.encoded(rest, isAddress: true))"
        } else if !url.hasPrefix("/"), let colon = url.firstIndex(of: ":") {
            let name = url[..<colon].split(separator: "@").last.map { $0.lowercased() } ?? ""
            let rest = url[url.index(after: colon)...]
            host = name
            path = RemoteName.trimmed(rest)
            origin = "ssh://\(name)/\(RemoteName.encoded(rest.drop { $0 == "/" }))"
        } else {
            host = nil
            path = RemoteName.trimmed(url[...])
            origin = "file://\(RemoteName.encoded(url[...]))"
        }
    }

    private static func trimmed(_ path: Substring) -> String {
        var name = path.split(separator: "/").joined(separator: "/")
        if name.hasSuffix(".git") { name.removeLast(4) }
        return name
    }

    /// - Parameter isAddress: it is encoded already, as far as its writer thought right.
    private static func encoded(_ path: Substring, isAddress: Bool = false) -> String {
        let digits = Array("0123456789ABCDEF")
        return path.utf8.reduce(into: "") { text, byte in
            let scalar = Unicode.Scalar(byte)
            let isKept = scalar.properties.isAlphabetic || "0123456789-._~/@:+,".unicodeScalars.contains(scalar)
            if scalar.isASCII, isKept || (isAddress && scalar == "%") {
                text.unicodeScalars.append(scalar)
            } else {
                text += "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
            }
        }
    }
}
