import Domain
import Foundation
import Live
import Source
import Store
import Wire

/// The places of the audit trail, as they are now and as the state remembers the last try to write there.
struct TrailExamination: Sendable {
    typealias Check = DoctorShape.Check

    var configuration: Configuration

    /// What the state remembers of one place; nil: nothing, or there is no state.
    private func remembered(_ subject: String) async -> ReportTrouble? {
        guard let reader = try? await StateReader.open(path: configuration.state) else { return nil }
        return try? await reader.troubles(sinks: []).first { $0.subject == subject }
    }

    /// How many records the remote's notes should hold; nil: there is no state.
    private func published() async -> Int? {
        guard configuration.audit.pushNotes else { return nil }
        return try? await StateReader.open(path: configuration.state).countNotesPublished()
    }

    /// Whether the remote's notes can be fetched, and were written and pushed when that was last tried.
    func notes(_ access: RepositoryAccess) async -> Check {
        let ref = configuration.audit.notesRef
        let notes = GitNotes(access: access, ref: ref, clock: SystemClock(continuing: nil))
        switch await notes.remoteListing() {
        case .failed(let failure): return bad("notes", failure.message, Examination.remedy(failure))
        case .value(let listing):
            if let trouble = await remembered("audit notes") { return bad("notes", trouble.message, trouble.remedy) }
            if listing == nil, let count = await published(), count > 0 {
                return bad(
                    "notes",
                    "the remote has no \(ref) any more, to which \(count) record\(count == 1 ? "" : "s") were pushed",
                    "Somebody deleted it: `ballast audit rebuild` has them pushed again.")
            }
            return good("notes", "\(ref) can be fetched")
        }
    }

    /// - Parameter shown: the log's path as a person reads it.
    func log(shown: String) async throws -> Check {
        let path = configuration.audit.file
        let found = try await offPool { () -> Check in
            let files = FileManager.default
            let target = files.fileExists(atPath: path) ? path : (path as NSString).deletingLastPathComponent
            guard files.isWritableFile(atPath: target) else {
                return bad(
                    "audit log", "\(shown) cannot be written",
                    "Make it writable for this user, or set `audit.file`.")
            }
            let folder = (path as NSString).deletingLastPathComponent
            guard files.isWritableFile(atPath: folder) else {
                return bad(
                    "audit log", "\(shown) can be written, but never closed: its folder cannot be",
                    "Make the folder writable for this user.")
            }
            return good("audit log", "\(shown) can be written")
        }
        // A disk that is full may be written to as far as permissions go.
        guard found.ok, let trouble = await remembered("audit log") else { return found }
        return bad("audit log", trouble.message, trouble.remedy)
    }

    /// What the last proof found; none where there was none.
    func proof() async -> [Check] {
        guard let trouble = await remembered("audit trail") else { return [] }
        return [bad("audit trail", trouble.message, trouble.remedy)]
    }
}
