import Domain

/// 15. No secret appears in an event, a note or the state; text from outside is cut and clean before it is stored.
struct NoSecrets: Checker {
    let invariant = 15
    /// What the platform repeats in its errors. The adapter hides it; nothing may bring it back.
    static let secret = "hunter2-simulated-key"
    static let maxCharacters = 2_000

    func see(_ sight: Sight, in scene: Scene) -> String? {
        guard case .committed(let transactions) = sight else { return nil }
        for event in transactions.lazy.flatMap(\.events).map(\.event) {
            for text in [event.message, event.reason ?? ""] {
                if text.contains(Self.secret) { return "\(event.type) repeats a secret" }
                if text.count > Self.maxCharacters { return "\(event.type) has a text of \(text.count) characters" }
            }
        }
        for draft in transactions.lazy.flatMap(\.records) {
            if case .string(let text)? = draft.fields["message"], text.contains(Self.secret) {
                return "an audit record repeats a secret"
            }
        }
        return nil
    }
}
