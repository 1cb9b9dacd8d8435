/// What is wrong with a file of keys, at its line, for the place where the file is read.
package struct KeyListProblem: Error, Hashable, Sendable, CustomStringConvertible {
    /// From 1; `nil` where it is about the file as a whole.
    package var line: Int?
    package var message: String

    init(_ message: String, line: Int? = nil) {
        self.line = line
        self.message = CleanText.line(message, maxCharacters: 300)
    }

    package var description: String { line.map { "line \($0): \(message)" } ?? message }
}
