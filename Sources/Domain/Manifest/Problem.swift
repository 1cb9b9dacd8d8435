/// One thing that is wrong with a file of the repository, at its place, in words that say what was expected.
package struct Problem: Error, Hashable, Codable, Sendable, CustomStringConvertible {
    /// Relative to the root of the repository (or as it was named on the command line); empty where there is no file.
    package var path: String
    /// From 1; 0 where the problem is about the file as a whole.
    package var line: Int
    /// From 1, in Unicode scalars; 0 where the problem is about the line or file as a whole.
    package var column: Int
    package var message: String

    package init(path: String, line: Int = 0, column: Int = 0, message: String) {
        self.path = path
        self.line = line
        self.column = column
        self.message = message
    }

    package var description: String {
        let place = [path] + (line > 0 ? ["\(line)"] : []) + (line > 0 && column > 0 ? ["\(column)"] : [])
        return "\(place.joined(separator: ":")): \(message)"
    }
}
