/// One bot: everything that is remembered belongs to this triple; the manifest's name is only a label.
package struct BotKey: Hashable, Comparable, Codable, Sendable, CustomStringConvertible {
    package var platform: String
    package var botId: String
    package var environment: String

    package init(platform: String, botId: String, environment: String) {
        self.platform = platform
        self.botId = botId
        self.environment = environment
    }

    /// `PLATFORM/BOT/ENVIRONMENT`, the form that names a bot whose manifest is gone.
    package var description: String { "\(platform)/\(botId)/\(environment)" }

    package static func < (one: BotKey, other: BotKey) -> Bool {
        (one.platform, one.botId, one.environment) < (other.platform, other.botId, other.environment)
    }
}

/// A git object id of a commit: 40 lower-case hexadecimal digits.
package struct CommitID: Hashable, Comparable, Codable, Sendable, CustomStringConvertible {
    package var hex: String

    package init(_ hex: String) { self.hex = hex }

    package init(from decoder: any Decoder) throws {
        self.init(try decoder.singleValueContainer().decode(String.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(hex)
    }

    package var description: String { hex }
    package var short: String { String(hex.prefix(8)) }
    package static func < (one: CommitID, other: CommitID) -> Bool { one.hex < other.hex }
}
