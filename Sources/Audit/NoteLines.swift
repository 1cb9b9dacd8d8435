/// The lines of a note's text, numbered as an editor numbers them: blank ones count.
enum NoteLines {
    static func split(_ text: String) -> [String] {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines.last == "" { lines.removeLast() }
        return lines
    }
}
