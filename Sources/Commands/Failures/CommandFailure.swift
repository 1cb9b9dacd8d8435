package import Domain

/// Why a verb ends without having done what it was asked for. Printed once, at the top.
package struct CommandFailure: Error, Sendable, CustomStringConvertible {
    package enum Code: String, Hashable, Sendable, CaseIterable {
        /// The words of the command line are wrong, or name what does not exist.
        case usage
        /// `ballast.yaml`, a variable that overrides it, or a secret that it names.
        case configuration
        /// The remote, a whole platform, the state, or a file of this machine could not be used.
        case unusable
        /// It was done, and did not come out well.
        case unsuccessful
        /// Ctrl-C, or a request to end.
        case interrupted
    }

    package var code: Code
    /// What failed, on what.
    package var message: String
    /// What to do about it.
    package var remedy: String?
    /// Places in files, printed below the message.
    package var problems: [Problem]

    package init(_ code: Code, _ message: String, remedy: String? = nil, problems: [Problem] = []) {
        self.code = code
        self.message = message
        self.remedy = remedy
        self.problems = problems
    }

    package var description: String { message }

    /// What is printed on standard error.
    package var text: String {
        var lines = ["ballast: \(message)"]
        lines += problems.map { ProblemText.line($0) }
        if let remedy { lines.append("  \(remedy)") }
        return lines.joined(separator: "\n") + "\n"
    }
}
