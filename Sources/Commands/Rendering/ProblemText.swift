import Domain

/// `path:line:column: message`, the form that editors jump to.
enum ProblemText {
    static func line(_ problem: Problem) -> String {
        problem.line > 0
            ? "\(problem.path):\(problem.line):\(max(problem.column, 1)): \(problem.message)"
            : "\(problem.path): \(problem.message)"
    }

    /// With line ends; empty where there is none.
    static func lines(_ problems: [Problem]) -> String { problems.map { line($0) + "\n" }.joined() }

    static func summary(_ count: Int) -> String { count == 1 ? "1 problem" : "\(count) problems" }
}
