import Domain

/// 8, 3. The record of what was to be sent stands in the trail before it is sent.
struct IntentIsRecorded: Checker {
    let invariant = 8
    private var keys: Set<String> = []

    mutating func see(_ sight: Sight, in scene: Scene) -> String? {
        switch sight {
        case .committed(let transactions):
            for draft in transactions.lazy.flatMap(\.records) where draft.fields["step"] == .string("intent") {
                if case .string(let key)? = draft.fields["idempotencyKey"] { keys.insert(key) }
            }
        case .sent(let sent):
            guard let request = sent.deployment, !keys.contains(request.idempotencyKey) else { return nil }
            return "\(request.idempotencyKey) was sent without a record of it in the trail"
        default: break
        }
        return nil
    }
}
