/// One thing that is wrong with a document, at its place; lines and columns count from 1, 0 where there is none.
package struct Problem: Hashable, Codable, Sendable {
    package var path: String
    package var line: Int
    package var column: Int
    package var message: String

    package init(path: String, line: Int, column: Int, message: String) {
        self.path = path
        self.line = line
        self.column = column
        self.message = message
    }
}
