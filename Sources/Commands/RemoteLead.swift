import Audit
import Domain
import Source

/// A one-shot proves no trail, but it sees what the remote's notes had more when it pushed its own: records of this very state
/// that it does not know were written after the backup that it was restored from.
struct RemoteLead {
    private let session: Session

    init(_ session: Session) { self.session = session }

    /// - Returns: what a proof finds first, where there is such a record; nil: there is none.
    func found() async throws -> String? {
        guard await session.notes.hasTakenIn, let store = session.state.store,
            case .value(let listing) = await session.notes.listing()
        else { return nil }
        let isLed = try await offPool { try NotesLead(pages: ListedNotes(listing: listing), journal: store) != nil }
        guard isLed else { return nil }
        return try await session.trailProof().verdict.findings.first.map { "\($0)" }
    }
}
