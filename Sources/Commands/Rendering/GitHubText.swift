import Domain
import Wire

/// Workflow commands, which GitHub shows beside the lines of a pull request.
enum GitHubText {
    enum Level: String { case error, warning, notice }

    static func problems(_ problems: [Problem]) -> String {
        problems.map { command(.error, $0.message, path: $0.path, line: $0.line, column: $0.column) }.joined()
    }

    static func plan(_ plan: PlanShape) -> String {
        problems(plan.problems)
            + plan.bots.filter { $0.differs == true || $0.has(.invalid) }.map { bot in
                let from = bot.unobserved == true ? "unknown" : bot.deployed ?? "nothing"
                let stops = bot.guards.filter { !$0.passes }
                let reasons = stops.map { "\($0.guard): \($0.detail)" }.joined(separator: "; ")
                let change = "\(from) → \(bot.desired ?? "nothing"), \(bot.action)"
                let what =
                    "\(bot.name) in \(bot.environment): " + (bot.has(.invalid) ? bot.message : change)
                return command(
                    stops.isEmpty && !bot.has(.invalid) ? .notice : .warning,
                    reasons.isEmpty ? what : "\(what); \(reasons)",
                    path: bot.manifest?.path, line: 0, column: 0)
            }.joined()
    }

    /// One command with its line end.
    static func command(_ level: Level, _ message: String, path: String?, line: Int, column: Int) -> String {
        var properties: [String] = []
        if let path { properties.append("file=\(property(path))") }
        if line > 0 { properties.append("line=\(line)") }
        if line > 0, column > 0 { properties.append("col=\(column)") }
        let list = properties.isEmpty ? "" : " " + properties.joined(separator: ",")
        return "::\(level.rawValue)\(list)::\(data(message))\n"
    }

    private static func data(_ text: String) -> String {
        text.unicodeScalars.reduce(into: "") { result, scalar in
            switch scalar {
            case "%": result += "%25"
            case "\r": result += "%0D"
            case "\n": result += "%0A"
            default: result.unicodeScalars.append(scalar)
            }
        }
    }

    private static func property(_ text: String) -> String {
        data(text).unicodeScalars.reduce(into: "") { result, scalar in
            switch scalar {
            case ":": result += "%3A"
            case ",": result += "%2C"
            default: result.unicodeScalars.append(scalar)
            }
        }
    }
}
