/// Bounds of the notes.
package enum NotesLimits {
    /// A note may not grow beyond this; larger ones (another writer's) take no line of ours, and are not proved.
    package static let maxNoteBytes = 4 * 1024 * 1024
    /// Where both sides have a note, the lines of larger ones are not merged.
    static let maxMergedNoteBytes = 64 * 1024 * 1024
    /// Additions in one request.
    static let maxAdditions = 20_000
    /// How often a lost compare-and-swap is tried again.
    static let maxAttempts = 16
    /// More notes than this in one commit are written as one pack rather than as a file each.
    static let maxLooseNotes = 8
    /// Nesting of fan-out folders; git itself makes at most 19 of two digits.
    static let maxFanOut = 19
}
