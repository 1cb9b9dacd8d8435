package import Domain
import Git

/// Which notes a repository has at one moment. Their texts cannot change any more and are read when they are asked for, so that
/// memory does not grow with them.
package struct NoteListing: Sendable {
    private let git: GitRepository
    private let entries: [NoteEntry]

    package static let notesPerPage = 256
    /// Other writers are not held to our limit.
    private static let maxForeignNoteBytes = 4 << 20

    init(_ ref: String, in git: GitRepository) async throws {
        self.git = git
        entries = try await git.notes(ref)
    }

    package var isEmpty: Bool { entries.isEmpty }
    package var pageCount: Int { (entries.count + Self.notesPerPage - 1) / Self.notesPerPage }

    /// The notes of one page with their whole texts, in the order of commit ids.
    package func page(_ number: Int) async -> Answered<[(commit: CommitID, text: String)]> {
        await answering {
            let start = number * Self.notesPerPage
            let some = entries[min(start, entries.count)..<min(start + Self.notesPerPage, entries.count)]
            let blobs = try await git.blobs(some.map(\.blob), maxBytesEach: Self.maxForeignNoteBytes)
            return try zip(some, blobs).map { entry, blob in
                guard case .content(let bytes) = blob else {
                    throw SourceFailure(.damaged, "the note on \(entry.target.short) cannot be read")
                }
                return (CommitID(entry.target), String(decoding: bytes, as: UTF8.self))
            }
        }
    }

    func all() async throws -> [CommitNote] {
        var notes: [CommitNote] = []
        for number in 0..<pageCount {
            notes += try await page(number).get().map { commit, text in
                CommitNote(commit: commit, lines: GitNotes.lines(Array(text.utf8)))
            }
        }
        return notes
    }
}
