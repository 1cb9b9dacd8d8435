package import Domain

/// The notes ref here and at the remote; other writers add lines there. Merged line by line, as the real one does.
package struct NotesModel: Sendable {
    package private(set) var local: [CommitID: NoteText] = [:]
    package private(set) var remote: [CommitID: [String]] = [:]
    /// What the remote held when it was seen last.
    private var seen: [CommitID: [String]] = [:]
    private var strangers = 0

    package mutating func append(_ additions: [NoteAddition]) {
        for addition in additions { local[addition.commit, default: NoteText()].add(addition.lines) }
    }

    package mutating func push() -> PushOutcome {
        if remote != seen {
            takeIn()
            return .lost
        }
        let ours = local.mapValues(\.allLines)
        if ours == remote { return .upToDate }
        remote = ours
        seen = ours
        return .pushed
    }

    private mutating func takeIn() {
        seen = remote
        for (commit, lines) in remote {
            let own = local[commit, default: NoteText()].allLines
            local[commit] = NoteText(lines: lines + own.filter { !Set(lines).contains($0) })
        }
    }

    package mutating func strangerWrites(on commit: CommitID) {
        strangers += 1
        remote[commit, default: []].append("another writer's line \(strangers)")
    }
}
