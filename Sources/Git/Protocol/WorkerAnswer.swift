/// What a worker says; the header of a frame.
enum AnswerBody: Codable, Sendable {
    case done
    case failed(GitError)
    case text(String)
    case flag(Bool)
    case id(ObjectID?)
    /// The tail is the content.
    case bytes
    case changes([PathChange])
    case entries([TreeEntry])
    /// The contents follow each other in the tail. May be fewer than were asked: the caller asks again for the rest.
    case blobs([BlobHeader])
    /// The raw commits follow each other in the tail.
    case history([CommitHeader], metBase: Bool, isCut: Bool)
    case notes([NoteEntry])
    case notesWritten(NotesWritten)
    case fetched(FetchAnswer)
    case pushed(PushAnswer)
}

enum BlobHeader: Codable, Sendable {
    case content(bytes: Int)
    case tooLarge(bytes: UInt64)
    case missing
    case notABlob
}

struct CommitHeader: Codable, Sendable {
    var id: ObjectID
    var bytes: Int
    var changes: [PathChange]?
}

/// An answer as the parent sees it.
struct WorkerAnswer: Sendable {
    var body: AnswerBody
    var tail: [UInt8] = []

    func unexpected(_ request: String) -> GitError {
        if case .failed(let error) = body { return error }
        return GitError(.worker, "the git worker gave an answer to \(request) that does not fit")
    }

    /// Cuts one blob out of the tail.
    func blob(_ header: BlobHeader, at offset: inout Int) throws(GitError) -> BlobAnswer {
        switch header {
        case .content(let bytes):
            return .content(Array(try slice(bytes, at: &offset)))
        case .tooLarge(let bytes): return .tooLarge(bytes: bytes)
        case .missing: return .missing
        case .notABlob: return .notABlob
        }
    }

    /// Parses the commits in the tail.
    func history() throws(GitError) -> History {
        guard case .history(let headers, let metBase, let isCut) = body else { throw unexpected("history") }
        var offset = 0
        var entries: [History.Entry] = []
        entries.reserveCapacity(headers.count)
        for header in headers {
            let raw = Array(try slice(header.bytes, at: &offset))
            entries.append(History.Entry(commit: try CommitSnapshot(id: header.id, raw: raw), changes: header.changes))
        }
        return History(entries: entries, metBase: metBase, isCut: isCut)
    }

    private func slice(_ count: Int, at offset: inout Int) throws(GitError) -> ArraySlice<UInt8> {
        guard count >= 0, count <= tail.count - offset else {
            throw GitError(.worker, "the git worker's answer is shorter than it says")
        }
        defer { offset += count }
        return tail[offset..<(offset + count)]
    }
}
