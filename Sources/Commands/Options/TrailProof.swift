import Audit
import Domain
import Source
import Store

/// Gathers what the verifier reads.
struct TrailProof: Sendable {
    var verdict: AuditVerdict
    /// Why the remote's notes could not be looked at; no finding, but said.
    var remoteFailure: String?

    static func clone(_ path: String, ref: String, keys: AuditKeys?) async throws -> TrailProof {
        let notes = CloneNotes(path: path, ref: ref, workerPath: Executable.path)
        return try await notes.withListing { listing in
            guard !listing.isEmpty else {
                throw CommandFailure(
                    .unusable, "\(path) has no notes at \(ref), so there is nothing to prove",
                    remedy: "A clone fetches them with `git fetch origin '+\(ref):\(ref)'`.")
            }
            return TrailProof(
                verdict: try await AuditVerifier(
                    journal: nil, logPath: nil, notes: [Self.notes(listing, .notes)], keys: keys
                ).verify())
        }
    }

    /// Journal, log, the notes of the state's own copy, and those of the remote where it answers.
    /// - Parameter progress: told what is done next.
    static func whole(
        _ configuration: Configuration, keys: AuditKeys?, secrets: any Secrets,
        progress: @Sendable (String) -> Void = { _ in }
    ) async throws -> TrailProof {
        let reader = try await StateReader.open(path: configuration.state)
        let moment = try await offPool { try NotesMoment(reader) }
        return try await withLocalNotes(configuration, moment) { local in
            func proof(_ notes: [AuditVerifier.Notes], _ failure: String?) async throws -> TrailProof {
                progress("proving the trail")
                let verifier = AuditVerifier(
                    journal: reader, logPath: configuration.audit.file, notes: notes, keys: keys)
                return TrailProof(verdict: try await verifier.verify(), remoteFailure: failure)
            }
            guard configuration.audit.pushNotes else { return try await proof(local, nil) }
            progress("fetching the notes of the remote")
            return try await RepositoryProbe.withRemoteNotes(configuration, secrets) { answer in
                switch answer {
                case .value(let listing): try await proof(local + [notes(listing, .remoteNotes, moment)], nil)
                case .failed(let failure): try await proof(local, failure.message)
                }
            }
        }
    }

    /// The notes are listed before the journal is read, and stay as they were listed: they never hold what it does not.
    private static func withLocalNotes<Value>(
        _ configuration: Configuration, _ moment: NotesMoment, _ body: ([AuditVerifier.Notes]) async throws -> Value
    ) async throws -> Value {
        let copy = RepositoryProbe.copyPath(configuration)
        guard RepositoryProbe.exists(copy) else { return try await body([]) }
        let local = CloneNotes(path: copy, ref: configuration.audit.notesRef, workerPath: Executable.path)
        return try await local.withListing { try await body([notes($0, .notes, moment)]) }
    }

    /// - Parameter listing: nil: there is no such ref.
    private static func notes(
        _ listing: NoteListing?, _ place: AuditPlace, _ moment: NotesMoment? = nil
    ) -> AuditVerifier.Notes {
        let pages: any NotePages = if let listing { ListedNotes(listing: listing) } else { NoteTexts([:]) }
        return AuditVerifier.Notes(place: place, pages: pages, moment: moment)
    }
}
