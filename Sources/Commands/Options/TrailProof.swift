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
        let texts = Self.texts(try await notes.all().get())
        guard !texts.isEmpty else {
            throw CommandFailure(
                .unusable, "\(path) has no notes at \(ref), so there is nothing to prove",
                remedy: "A clone fetches them with `git fetch origin '+\(ref):\(ref)'`.")
        }
        return TrailProof(
            verdict: try await AuditVerifier(
                journal: nil, logPath: nil, notes: [.init(place: .notes, texts: texts)], keys: keys
            ).verify())
    }

    static func whole(
        _ configuration: Configuration, keys: AuditKeys?, _ surroundings: Surroundings, _ line: ProgressLine
    ) async throws -> TrailProof {
        let reader = try await StateReader.open(path: configuration.state)
        var notes = try await localNotes(configuration)
        line.set("fetching the notes of the remote")
        var remoteFailure: String?
        if configuration.audit.pushNotes {
            switch try await RepositoryProbe.remoteNotes(configuration, surroundings) {
            case .value(let all): notes.append(.init(place: .remoteNotes, texts: texts(all)))
            case .failed(let failure): remoteFailure = failure.message
            }
        }
        line.set("proving the trail")
        let verifier = AuditVerifier(
            journal: reader, logPath: configuration.audit.file, notes: notes, keys: keys)
        return TrailProof(verdict: try await verifier.verify(), remoteFailure: remoteFailure)
    }

    /// Journal, log and the notes of the state's own copy.
    static func local(_ configuration: Configuration, keys: AuditKeys?) async throws -> AuditVerdict {
        let reader = try await StateReader.open(path: configuration.state)
        // The notes are read first: they never hold what the journal does not.
        let notes = try await localNotes(configuration)
        return try await AuditVerifier(
            journal: reader, logPath: configuration.audit.file, notes: notes, keys: keys
        ).verify()
    }

    private static func localNotes(_ configuration: Configuration) async throws -> [AuditVerifier.Notes] {
        let copy = RepositoryProbe.copyPath(configuration)
        guard RepositoryProbe.exists(copy) else { return [] }
        let local = CloneNotes(path: copy, ref: configuration.audit.notesRef, workerPath: Executable.path)
        return [.init(place: .notes, texts: texts(try await local.all().get()))]
    }

    private static func texts(_ notes: [CommitNote]) -> [CommitID: String] {
        Dictionary(
            notes.map { ($0.commit, $0.lines.map { $0 + "\n" }.joined()) }, uniquingKeysWith: { first, _ in first })
    }
}
