import Domain

/// The lines of a note's text, numbered as an editor numbers them: blank ones count.
enum NoteLines {
    static func split(_ text: String) -> [String] {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines.last == "" { lines.removeLast() }
        return lines
    }

    /// How a rebuild disowns a genuine line where it does not belong: on another commit, or twice. The digest of the line alone
    /// would disown the record in its own place, too.
    static func digest(ofCopy line: [UInt8], on commit: CommitID) -> String {
        SHA256Hex.of(Array("\(commit.hex) ".utf8) + line)
    }
}
