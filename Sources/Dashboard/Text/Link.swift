package import Domain

/// Where pages are. Parts from outside are percent-encoded, whatever they hold.
package enum Link {
    package static let fleet = "/"
    package static let rollouts = "/rollouts"
    package static let delivery = "/delivery"
    package static let outbox = "/outbox"
    package static let audit = "/audit"
    package static let signIn = "/sign-in"
    package static let signOut = "/sign-out"

    package static func bot(_ key: BotKey) -> String {
        "/bots/\(encoded(key.platform))/\(encoded(key.botId))/\(encoded(key.environment))"
    }

    package static func rollout(_ id: String) -> String { "/rollouts/\(encoded(id))" }

    /// - Parameter values: empty ones are left out.
    package static func page(_ path: String, _ values: [(String, String)]) -> String {
        let query = values.filter { !$0.1.isEmpty }.map { "\(encoded($0.0))=\(encoded($0.1))" }.joined(separator: "&")
        return query.isEmpty ? path : "\(path)?\(query)"
    }

    /// RFC 3986: all but unreserved characters.
    package static func encoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: bytes.append(byte)
            default: bytes += [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// A path of ours to go to after signing in; anything that a browser could take for another site leads to the fleet.
    package static func local(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x5C }
        guard text.hasPrefix("/"), !text.hasPrefix("//"), isPlain, text.utf8.count <= maxLocalBytes else {
            return fleet
        }
        return text
    }

    static let maxLocalBytes = 2048
}
