package import Domain
import Git

/// Which notes a repository has at one moment. Their texts cannot change any more and are read when they are asked for, so that
/// memory does not grow with them.
package struct NoteListing: Sendable {
    private let git: GitRepository
    private let entries: [NoteEntry]

    package static let notesPerPage = 32

    /// A note as it was listed.
    package enum Content: Hashable, Sendable {
        /// What is no UTF-8 is replaced by U+FFFD.
        case text(String)
        /// Other writers are not held to our limit, and what they write beyond `NotesLimits.maxNoteBytes` is not read.
        case tooLarge(bytes: UInt64)
    }

    /// - Parameter tip: a commit of the notes' history; nil: the ref's own.
    init(_ ref: String, tip: ObjectID? = nil, in git: GitRepository) async throws {
        self.git = git
        entries = try await git.notes(ref, tip: tip)
    }

    package var isEmpty: Bool { entries.isEmpty }
    package var pageCount: Int { (entries.count + Self.notesPerPage - 1) / Self.notesPerPage }

    /// The notes of one page with their whole texts, in the order of commit ids.
    package func page(_ number: Int) async -> Answered<[(commit: CommitID, content: Content)]> {
        await answering {
            let start = number * Self.notesPerPage
            let some = entries[min(start, entries.count)..<min(start + Self.notesPerPage, entries.count)]
            let blobs = try await git.blobs(some.map(\.blob), maxBytesEach: NotesLimits.maxNoteBytes)
            return try zip(some, blobs).map { entry, blob in
                let commit = CommitID(entry.target)
                switch blob {
                case .content(let bytes): return (commit, .text(String(decoding: bytes, as: UTF8.self)))
                case .tooLarge(let bytes): return (commit, .tooLarge(bytes: bytes))
                default: throw SourceFailure(.damaged, "the note on \(entry.target.short) cannot be read")
                }
            }
        }
    }

    /// Without those that are too large.
    package func all() async throws -> [CommitNote] {
        var notes: [CommitNote] = []
        for number in 0..<pageCount {
            notes += try await page(number).get().compactMap { commit, content in
                guard case .text(let text) = content else { return nil }
                return CommitNote(commit: commit, lines: GitNotes.lines(Array(text.utf8)))
            }
        }
        return notes
    }
}
