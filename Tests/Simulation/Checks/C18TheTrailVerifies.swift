import Audit
import Domain
import Store

/// 18. The audit chain verifies from its first record, in the journal, the log and the notes, here and at the remote.
struct TheTrailVerifies: Checker {
    let invariant = 18

    mutating func see(_ sight: Sight, in scene: Scene) -> String? {
        guard case .finished = sight else { return nil }
        let (local, remote) = scene.outside.change { state in
            (state.notes.local.mapValues { Self.text($0.allLines) }, state.notes.remote.mapValues(Self.text))
        }
        let notes = [
            AuditVerifier.Notes(place: .notes, texts: local), AuditVerifier.Notes(place: .remoteNotes, texts: remote),
        ]
        let verifier = AuditVerifier(journal: scene.ledger, logPath: scene.folder + "/audit.jsonl", notes: notes)
        do {
            let verdict = try verifier.verifyNow()
            if let first = verdict.findings.first { return "the trail does not verify: \(first)" }
            if verdict.proved[.journal] ?? 0 != scene.journal.recordCount {
                return "the journal has \(verdict.proved[.journal] ?? 0) records of \(scene.journal.recordCount)"
            }
            if let lag = verdict.logLag { return "the log still lacks records \(lag)" }
            if let pending = verdict.pendingNotes.first { return "the note of record \(pending) is still due" }
        } catch {
            return "the trail cannot be verified: \(error)"
        }
        return nil
    }

    private static func text(_ lines: [String]) -> String { lines.map { $0 + "\n" }.joined() }
}
