import Domain

/// 8. Every rollout ends in exactly one outcome, with exactly one audit record per step, and its outcome on its manifest commit.
struct OneOutcomeEach: Checker {
    let invariant = 8
    private var ends: [String: Int] = [:]
    private var told: [String: Int] = [:]

    mutating func see(_ sight: Sight, in scene: Scene) -> String? {
        switch sight {
        case .committed(let transactions):
            for transaction in transactions {
                if let wrong = note(transaction, scene) { return wrong }
            }
        case .settled: return atTheEnd(scene)
        default: break
        }
        return nil
    }

    private mutating func note(_ transaction: Transaction, _ scene: Scene) -> String? {
        for draft in transaction.records {
            guard let id = draft.rolloutId, case .string(let step)? = draft.fields["step"] else { continue }
            if ends[id] != nil { return "rollout \(id) has a record `\(step)` after its end" }
            guard step == "end" else { continue }
            ends[id] = 1
            guard let rollout = scene.journal.rollouts[id], let outcome = rollout.outcome else {
                return "rollout \(id) has a record of its end and no outcome"
            }
            if draft.fields["outcome"] != .string(outcome.rawValue) { return "rollout \(id) has two outcomes" }
            if draft.notedOn != rollout.provenance.commit {
                return "the end of \(id) is not noted on its manifest commit"
            }
        }
        for case .rollout(let rollout) in transaction.changes {
            if rollout.hasEnded != (ends[rollout.id] != nil) { return "rollout \(rollout.id) ended without its record" }
        }
        for event in transaction.events.map(\.event) {
            guard let id = event.rollout?.id, event.rollout?.outcome != nil else { continue }
            told[id, default: 0] += 1
            if told[id] ?? 0 > 1 { return "the end of rollout \(id) was told twice" }
        }
        return nil
    }

    private func atTheEnd(_ scene: Scene) -> String? {
        for (id, rollout) in scene.journal.rollouts.inOrder {
            guard let outcome = rollout.outcome else { continue }
            if told[id] == nil { return "the outcome \(outcome.rawValue) of rollout \(id) was never told" }
            let lines = scene.outside.change { $0.notes.remote[rollout.provenance.commit] ?? [] }
            let found = lines.count { $0.contains("\"\(id)\"") && $0.contains("\"step\":\"end\"") }
            let isLeftToLog = lines.contains { $0.hasPrefix(NoteText.moreStart) }
            if found != 1, !isLeftToLog {
                return "the note of \(rollout.provenance.commit.short) has the end of rollout \(id) \(found) times"
            }
        }
        return nil
    }
}
