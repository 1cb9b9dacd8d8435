extension GitRepository {
    /// Moves a ref of the copy from exactly `old` (`nil`: it must not exist) to `new`.
    /// - Returns: false where it was not at `old`, and was therefore left alone.
    package func moveRef(_ name: String, from old: ObjectID?, to new: ObjectID) async throws(GitError) -> Bool {
        let answer = try await local.ask(.moveRef(name, from: old, to: new))
        guard case .flag(let moved) = answer.body else { throw answer.unexpected("moveRef") }
        return moved
    }

    /// Writes the blobs and trees of a draft and returns the bytes of the commit, to be signed or written as they are.
    /// No ref moves. `badRequest` where the draft changes nothing or replaces something that is no file.
    package func payload(of draft: CommitDraft) async throws(GitError) -> [UInt8] {
        let answer = try await local.ask(.payload(draft))
        guard case .bytes = answer.body else { throw answer.unexpected("payload") }
        return answer.tail
    }

    /// Writes a commit object; no ref moves. Push it with `push`.
    /// - Parameter signature: an armoured signature over exactly `payload`, kept as `gpgsig`.
    package func writeCommit(payload: [UInt8], signature: String? = nil) async throws(GitError) -> ObjectID {
        let answer = try await local.ask(.writeCommit(signature: signature), tail: payload)
        guard case .id(let id?) = answer.body else { throw answer.unexpected("writeCommit") }
        return id
    }

    /// Packs loose objects and many small packs into one. Worth a call now and then; does nothing where there is little to gain.
    /// - Returns: true where something was packed.
    @discardableResult
    package func tidyUp() async throws(GitError) -> Bool {
        await remote.restart()
        let answer = try await local.ask(.tidyUp)
        guard case .flag(let packed) = answer.body else { throw answer.unexpected("tidyUp") }
        return packed
    }
}

// MARK: - Notes

extension GitRepository {
    /// The text of the note on a commit; `nil` where there is none. Flat, fanned-out and mixed trees are understood.
    /// - Parameter tip: read this commit of the notes' history rather than the ref's tip.
    package func note(_ ref: String, on target: ObjectID, tip: ObjectID? = nil) async throws(GitError) -> [UInt8]? {
        let answer = try await local.ask(.note(ref, target: target, tip: tip))
        guard case .blobs(let headers) = answer.body else { throw answer.unexpected("note") }
        guard let header = headers.first else { return nil }
        var offset = 0
        guard case .content(let bytes) = try answer.blob(header, at: &offset) else {
            throw GitError(.tooLarge, "the note on \(target.short) is larger than \(NotesLimits.maxNoteBytes) bytes")
        }
        return bytes
    }

    /// All notes of a ref, sorted by target; read their texts with `blobs`.
    package func notes(_ ref: String, tip: ObjectID? = nil) async throws(GitError) -> [NoteEntry] {
        let answer = try await local.ask(.notes(ref, tip: tip))
        guard case .notes(let entries) = answer.body else { throw answer.unexpected("notes") }
        return entries
    }

    /// Adds lines to notes in one commit on the notes ref, with compare-and-swap: another process that writes the same ref
    /// is never overwritten (the work is done again on its tip, at most 16 times, then `conflict`).
    /// A line that the note already has is not added again, so the request may be repeated after a crash.
    /// - Parameters:
    ///   - maxNoteBytes: a note that would grow beyond it is left as it is and named in `full`.
    ///   - closing: how the last line of a note begins that takes no more; it is named in `full` as well.
    ///   - writer: author and committer of the notes commit, with its time.
    package func appendNotes(
        _ ref: String, _ additions: [NoteAddition], maxNoteBytes: Int = NotesLimits.maxNoteBytes,
        closing: String? = nil, writer: Person
    ) async throws(GitError) -> NotesWritten {
        let answer = try await local.ask(
            .appendNotes(
                ref, additions, maxNoteBytes: min(maxNoteBytes, NotesLimits.maxNoteBytes), closing: closing,
                writer: writer))
        guard case .notesWritten(let written) = answer.body else { throw answer.unexpected("appendNotes") }
        return written
    }

    /// Brings a fetched notes tip into the notes ref, line by line: theirs in their order, then ours that theirs lack in our
    /// order; no line is lost. Moves forward where one side contains the other, else makes a merge commit.
    /// - Returns: the tip of the ref afterwards. Equal to `theirs`: there is nothing to push.
    package func mergeNotes(_ ref: String, theirs: ObjectID, writer: Person) async throws(GitError) -> ObjectID {
        let answer = try await local.ask(.mergeNotes(ref, theirs: theirs, writer: writer))
        guard case .id(let tip?) = answer.body else { throw answer.unexpected("mergeNotes") }
        return tip
    }
}
