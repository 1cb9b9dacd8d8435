import Domain

/// 15. No secret appears in an event, a note or the state; text from outside is cut and clean before it is stored.
struct NoSecrets: Checker {
    let invariant = 15
    static let maxBytes = 2_000

    func see(_ sight: Sight, in scene: Scene) -> String? {
        guard case .committed(let transactions) = sight else { return nil }
        for event in transactions.lazy.flatMap(\.events).map(\.event) {
            for text in [event.message, event.reason ?? ""] {
                if let wrong = judge(text) { return "\(event.type) \(wrong)" }
            }
        }
        for draft in transactions.lazy.flatMap(\.records) {
            for value in draft.fields.values {
                if let wrong = judge(value) { return "an audit record \(wrong)" }
            }
        }
        for delivery in transactions.lazy.flatMap(\.deliveries) {
            if let wrong = judge(delivery.answer) { return "the answer of \(delivery.sink) \(wrong)" }
        }
        return nil
    }

    private func judge(_ value: JSONValue) -> String? {
        switch value {
        case .string(let text): judge(text)
        case .array(let values): values.lazy.compactMap(judge).first
        case .object(let fields): fields.values.lazy.compactMap(judge).first
        default: nil
        }
    }

    private func judge(_ text: String) -> String? {
        if text.utf8.count > Self.maxBytes { return "has a text of \(text.utf8.count) bytes" }
        if text.utf8.contains(HostileText.mark), text.contains(HostileText.secret) { return "repeats a secret" }
        return text.utf8.contains(0x1B) || text.unicodeScalars.contains("\u{202E}")
            ? "can move a terminal's cursor" : nil
    }
}
