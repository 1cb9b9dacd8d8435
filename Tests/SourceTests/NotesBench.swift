import Domain
import Source

/// What the tests of notes begin with.
let notesRef = "refs/notes/ballast"

func ledger(_ bench: SourceBench) -> GitNotes {
    GitNotes(access: bench.access, ref: notesRef, clock: StandingClock())
}

/// One line for each text, of the records from 1 on.
func lines(_ texts: String...) -> [NoteLine] {
    texts.enumerated().map { NoteLine(text: $1, record: Int64($0 + 1)) }
}
