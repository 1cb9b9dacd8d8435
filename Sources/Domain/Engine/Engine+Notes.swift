/// When notes are written and pushed: at most once a second for each commit, pushed at most once in 5 s.
struct NotesSchedule: Sendable {
    static let writePause = Span.seconds(1)
    static let pushPause = Span.seconds(5)
    private var writeDue: Tick?
    private var pushDue: Tick?
    private var isWriting = false
    private var isPushing = false

    var isIdle: Bool { writeDue == nil && !isWriting && pushDue == nil && !isPushing }
    var isBusy: Bool { isWriting || isPushing }

    mutating func restore(_ due: [NoteDue]) {
        if due.contains(where: { !$0.isWritten }) { writeDue = Tick(milliseconds: 0) }
        if due.contains(where: \.isWritten) { pushDue = Tick(milliseconds: 0) }
    }

    mutating func expect(_ commit: CommitID, at now: Tick) {
        if writeDue == nil { writeDue = isWriting ? now + NotesSchedule.writePause : now }
    }

    mutating func hurry() {
        if writeDue != nil { writeDue = Tick(milliseconds: 0) }
        if pushDue != nil { pushDue = Tick(milliseconds: 0) }
    }

    mutating func takeWrite(at now: Tick) -> Bool {
        guard let writeDue, writeDue <= now, !isWriting, !isPushing else { return false }
        self.writeDue = nil
        isWriting = true
        return true
    }

    mutating func takePush(at now: Tick) -> Bool {
        guard let pushDue, pushDue <= now, !isPushing, !isWriting else { return false }
        self.pushDue = nil
        isPushing = true
        return true
    }

    mutating func written(isDone: Bool, pushes: Bool, at now: Tick) {
        isWriting = false
        if !isDone {
            writeDue = now + NotesSchedule.pushPause
        } else if writeDue != nil {
            writeDue = now + NotesSchedule.writePause
        }
        // Where one note takes no record, the others are pushed all the same.
        if pushes, pushDue == nil { pushDue = now }
    }

    mutating func pushed(isDone: Bool, at now: Tick) {
        isPushing = false
        if isDone {
            if pushDue != nil { pushDue = now + NotesSchedule.pushPause }
        } else {
            pushDue = now + NotesSchedule.pushPause
        }
    }

    var nextDue: Tick? {
        if isWriting || isPushing { return nil }
        switch (writeDue, pushDue) {
        case (let write?, let push?): return min(write, push)
        case (let write, let push): return write ?? push
        }
    }
}

extension Engine {
    package var areNotesIdle: Bool { notes.isIdle }
    package var areNotesBusy: Bool { notes.isBusy }

    mutating func releaseNotes() {
        guard settings.purpose == .act else { return }
        if notes.takeWrite(at: now.tick) { out.effects.append(.writeNotes) }
        if notes.takePush(at: now.tick) { out.effects.append(.pushNotes) }
    }

    mutating func notesWritten(_ indexes: [Int64], failure: String?) {
        notesFailure = failure
        notes.written(isDone: failure == nil, pushes: settings.audit.pushNotes && !indexes.isEmpty, at: now.tick)
        out.transaction.notesWritten = indexes
        if !settings.audit.pushNotes { out.transaction.notesPushed = indexes }
        remember(failure, \.notesUnwritten)
    }

    mutating func notesPushed(_ indexes: [Int64], failure: String?) {
        notesFailure = failure
        notes.pushed(isDone: failure == nil, at: now.tick)
        out.transaction.notesPushed = indexes
        remember(failure, \.notesUnpushed)
    }
}
