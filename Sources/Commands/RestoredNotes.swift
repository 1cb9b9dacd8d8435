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
    /// By which records were signed; nil: none is known.
    let keys: AuditKeys?

    /// Looked for only where there is a sign of it, since every note is read: the copy's notes are newer than the state, or the
    /// state is there and its copy is not. A remote that is away is no reason not to start; what its notes have more is found
    /// by the proof of the trail after they were fetched.
    /// - Returns: empty: nothing was found, and nothing was changed.
    func takeBack(saved: Now?) async throws -> [TrailFinding] {
        guard let saved, try store.lastIndex() > 0, await isSuspected(saved) else { return [] }
        guard case .value(let listing) = await notes.listing(), !listing.isEmpty else { return [] }
        let store = store
        let keys = keys
        let lead = try await offPool {
            try NotesLead(pages: ListedNotes(listing: listing), journal: store, keys: keys)
        }
        guard let lead else { return [] }
        if !lead.continuing.isEmpty { try await store.takeBack(lead.continuing) }
        var findings = lead.takenBack.map { [TrailFinding.takenBack($0)] } ?? []
        if let doubt = lead.doubt { findings.append(.doubtful(doubt)) }
        return findings
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
