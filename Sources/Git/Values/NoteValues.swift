/// One note of a notes ref: the commit that it is on, and the blob that holds its text.
package struct NoteEntry: Hashable, Sendable, Codable {
    package var target: ObjectID
    package var blob: ObjectID

    package init(target: ObjectID, blob: ObjectID) {
        self.target = target
        self.blob = blob
    }
}

/// Lines to add to the note of one commit, in order, without their newlines.
package struct NoteAddition: Hashable, Sendable, Codable {
    package var target: ObjectID
    package var lines: [String]

    package init(target: ObjectID, lines: [String]) {
        self.target = target
        self.lines = lines
    }
}

/// What became of additions.
package struct NotesWritten: Hashable, Sendable, Codable {
    /// The tip of the notes ref afterwards; `nil` only where there is no note at all.
    package var tip: ObjectID?
    /// Notes that would have grown beyond the limit and were left as they are, each with its present size in bytes.
    package var full: [ObjectID: Int]

    package init(tip: ObjectID?, full: [ObjectID: Int] = [:]) {
        self.tip = tip
        self.full = full
    }
}

/// How a push ended, where it was answered at all.
package enum PushAnswer: Hashable, Sendable, Codable {
    /// The remote's ref is at the pushed commit (it may have been before).
    case done
    /// The ref is not where the caller believed, or moved meanwhile: fetch, merge or look again, push again.
    case moved
    /// The remote refused (a hook, a protected branch); its own words, cleaned and cut.
    case rejected(String)
}

/// The answer to a fetch.
package struct FetchAnswer: Hashable, Sendable, Codable {
    /// The remote's head of the branch; its whole history is in the copy now.
    package var head: ObjectID
    /// False: it is what the caller already knew, and nothing was transferred.
    package var isNew: Bool
    /// How long the transfer took, without the connection and the listing before it; nil: nothing was transferred.
    package var transferMilliseconds: Int64?

    package init(head: ObjectID, isNew: Bool, transferMilliseconds: Int64? = nil) {
        self.head = head
        self.isNew = isNew
        self.transferMilliseconds = transferMilliseconds
    }
}
