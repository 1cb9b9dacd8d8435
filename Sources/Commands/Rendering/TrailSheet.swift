import Domain

/// The trail as a flat sheet (RFC 4180): one row a record, what a person filters by in columns of its own. What does not fit
/// a sheet is left to the lines themselves, which `hash` names.
enum TrailSheet {
    /// In their order; described in the help of `audit export` and in the README.
    static let columns: [(name: String, value: @Sendable (JSONValue) -> String?)] = [
        ("index", { $0["chain"]?["index"]?.int.map { "\($0)" } }),
        ("time", { $0["auditTimestamp"]?.text }),
        ("type", { $0["type"]?.text }),
        ("status", { $0["status"]?.text }),
        ("bot", { $0["bot"]?["name"]?.text }),
        ("platform", { $0["bot"]?["platform"]?.text }),
        ("botId", { $0["botId"]?.text }),
        ("environment", { $0["bot"]?["environment"]?.text }),
        ("rollout", { $0["rollout"]?.text }),
        ("commit", { $0["commit"]?["sha"]?.text }),
        ("author", { $0["commit"]?["author"]?.text }),
        ("subject", { $0["commit"]?["message"]?.text }),
        ("decidedBy", { $0["decidedBy"]?.text }),
        ("reason", { $0["reason"]?.text }),
        ("desired", { $0["desired"]?.text ?? $0["drift"]?["desired"]?.text }),
        ("deployed", { $0["deployed"]?.text ?? $0["drift"]?["deployed"]?.text }),
        ("target", { $0["targetVersionId"]?.text }),
        ("jobId", { $0["jobId"]?.text }),
        ("guard", { $0["guard"]?.text }),
        ("verdict", { $0["verdict"]?.text }),
        ("outcome", { $0["outcome"]?.text }),
        ("message", { $0["message"]?.text ?? $0["detail"]?.text }),
        ("hash", { $0["chain"]?["hash"]?.text }),
    ]

    static var header: String { row(columns.map(\.name)) }

    static func row(_ record: JSONValue) -> String { row(columns.map { $0.value(record) ?? "" }) }

    private static func row(_ cells: [String]) -> String { cells.map(cell).joined(separator: ",") + "\r\n" }

    /// A spreadsheet takes a cell that begins so for a formula, and runs it: an apostrophe makes a text of it.
    private static let beginnings: Set<Character> = ["=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "|", "%"]

    static func cell(_ text: String) -> String {
        // One record is one line, whatever somebody wrote into it.
        var text = UntrustedText.cleaned(text, maxCharacters: .max)
        let begin = text.first { $0 != " " }
        if let begin, beginnings.contains(begin) { text = "'" + text }
        guard text.utf8.contains(where: { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "\"") }) else { return text }
        return "\"" + text.replacing("\"", with: "\"\"") + "\""
    }
}
