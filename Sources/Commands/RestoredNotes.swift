import Audit
import Domain
import Foundation
import Source
import Store

/// What a state that was restored from a backup lacks and only the notes have, because the log was lost or restored with it.
struct RestoredNotes {
    let configuration: Configuration
    let notes: GitNotes
    let store: SQLiteStore

    /// Looked for only where there is a sign of it, since every note is read: the copy's notes are newer than the state, or the
    /// state is there and its copy is not. A remote that is away is no reason not to start; what its notes have more is found
    /// by the proof of the trail after they were fetched.
    /// - Returns: nil: nothing was found, and nothing was changed.
    func takeBack(saved: Now?) async throws -> TrailFinding? {
        guard let saved, try store.lastIndex() > 0, await isSuspected(saved) else { return nil }
        guard case .value(let listing) = await notes.listing(), !listing.isEmpty else { return nil }
        let store = store
        let lead = try await offPool { try NotesLead(pages: ListedNotes(listing: listing), journal: store) }
        guard let lead else { return nil }
        if !lead.continuing.isEmpty { try await store.takeBack(lead.continuing) }
        return lead.takenBack.map { .takenBack($0) }
    }

    private func isSuspected(_ saved: Now) async -> Bool {
        guard RepositoryProbe.exists(RepositoryProbe.copyPath(configuration)) else {
            guard configuration.audit.pushNotes, case .value = await notes.fetch() else { return false }
            return true
        }
        guard case .value(let written?) = await notes.writtenAt() else { return false }
        return written > saved.wall
    }
}
