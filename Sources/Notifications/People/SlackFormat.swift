import Domain

/// `kind: slack`: one message to an incoming webhook. The address is the secret.
struct SlackFormat: SinkFormat {
    /// As escaped; Slack takes 3000 of a section and 2000 of a field, with what stands around it.
    static let maxTextCharacters = 2000
    static let maxFieldCharacters = 500

    func begin(_ event: Event, with access: SinkAccess) -> SinkStep {
        let headline =
            "\(SlackFormat.mark(event)) *\(SlackFormat.escaped(PayloadText.subject(event)))*: "
            + SlackFormat.escaped(event.message, to: SlackFormat.maxTextCharacters)
        let fields = SlackFormat.fields(event)
        let section: JSONNode = .object([
            ("type", .string("section")), ("text", SlackFormat.text(headline)),
            ("fields", fields.isEmpty ? nil : .array(fields)),
        ])
        let foot = "\(SlackFormat.escaped(event.type)) · \(event.severity.rawValue) · \(event.time.iso8601)"
        let context: JSONNode = .object([
            ("type", .string("context")), ("elements", .array([SlackFormat.text(foot)])),
        ])
        // The text is what a notification shows; the blocks are what the channel shows.
        let request = SinkRequest.post(
            "", .object([("text", .string(headline)), ("blocks", .array([section, context]))]))
        return only(request, at: access.attemptedAt)
    }

    private static func mark(_ event: Event) -> String {
        switch (event.severity, event.status) {
        case (.critical, _): ":rotating_light:"
        case (.error, _): ":x:"
        case (.warning, _): ":warning:"
        case (.info, .success): ":white_check_mark:"
        case (.info, _): ":information_source:"
        }
    }

    private static func fields(_ event: Event) -> [JSONNode] {
        var found: [(name: String, value: String)] = []
        if event.from != nil || event.to != nil {
            found.append(("Version", "\(event.from ?? "nothing") → \(event.to ?? "nothing")"))
        }
        if let commit = event.commit {
            found.append(("Commit", "\(commit.sha.short) \(PayloadText.subjectLine(commit)) (\(commit.author))"))
        }
        if let drift = event.drift {
            found.append(("Drift", "\(drift.cause.rawValue)\(drift.changedBy.map { ", by \($0)" } ?? "")"))
        }
        if let name = event.guardName { found.append(("Guard", name)) }
        if let count = event.botCount {
            found.append(("Bots", "\(count): \((event.bots ?? []).prefix(10).joined(separator: ", "))"))
        }
        if let person = event.decidedBy {
            found.append(("Decided by", person + (event.reason.map { ": \($0)" } ?? "")))
        }
        return found.map { field in
            text("*\(field.name)*\n\(escaped(field.value))")
        }
    }

    private static func text(_ text: String) -> JSONNode {
        .object([("type", .string("mrkdwn")), ("text", .string(text))])
    }

    /// Slack's three characters of control; without them nothing becomes a link or calls a channel.
    private static func escaped(_ text: String, to maxCharacters: Int = maxFieldCharacters) -> String {
        var result = ""
        var left = maxCharacters
        for scalar in text.unicodeScalars {
            let part =
                switch scalar {
                case "&": "&amp;"
                case "<": "&lt;"
                case ">": "&gt;"
                default: String(scalar)
                }
            left -= part.unicodeScalars.count
            guard left > 0 else { return result + "…" }
            result += part
        }
        return result
    }
}
