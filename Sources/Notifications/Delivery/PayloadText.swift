import Domain

/// Texts as services take them.
enum PayloadText {
    /// Characters of RFC 3986 that need no encoding anywhere.
    private static let unreserved = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".utf8)
    private static let digits = Array("0123456789ABCDEF")

    /// One segment of a path, or one value of a query or form.
    static func encoded(_ text: String) -> String { encoded(text) { unreserved.contains($0) } }

    static func encoded(_ text: String, keeping isKept: (UInt8) -> Bool) -> String {
        text.utf8.reduce(into: "") { result, byte in
            if isKept(byte) {
                result.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                result += "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
            }
        }
    }

    static func form(_ fields: [(name: String, value: String)]) -> [UInt8] {
        Array(fields.map { "\(encoded($0.name))=\(encoded($0.value))" }.joined(separator: "&").utf8)
    }

    /// Scalars, as services count them.
    static func cut(_ text: String, to maxCharacters: Int) -> String {
        guard text.unicodeScalars.count > maxCharacters else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.prefix(max(0, maxCharacters - 1)))) + "…"
    }

    /// `orders (PRODUCTION)`, or what the event is about where that is no bot.
    static func subject(_ event: Event) -> String {
        guard let bot = event.bot else { return event.about.map { "commit \($0.short)" } ?? event.stream }
        return "\(bot.name) (\(bot.key.environment))"
    }

    static func subjectLine(_ commit: Event.CommitReference) -> String {
        commit.message.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
    }
}

extension WebhookBody {
    /// The whole body where it fits, else without what is longest and needed least: where a receiver takes only so much.
    static func node(_ event: Event, maxBytes: Int) -> JSONNode {
        var event = event
        let steps: [(inout Event) -> Void] = [
            { $0.verification = TurnResult.worst($0.verification).map { [$0] } ?? [] },
            { event in event.commit = event.commit.map(shortened) },
            { $0.bots = nil },
            { $0.rollout?.phases = [] },
            { $0.bot?.labels = [:] },
            { $0.verification = [] },
            { $0.reason = $0.reason.map { PayloadText.cut($0, to: 1000) } },
            { $0.message = PayloadText.cut($0.message, to: 1000) },
        ]
        for step in steps {
            let node = node(event)
            if node.bytes.count <= maxBytes { return node }
            step(&event)
        }
        return node(event)
    }

    private static func shortened(_ commit: Event.CommitReference) -> Event.CommitReference {
        var commit = commit
        commit.message = PayloadText.cut(commit.message, to: 1000)
        return commit
    }
}
