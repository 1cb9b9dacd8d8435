import Domain
import Foundation

/// Names of metrics in expressions and documents.
enum MetricNames {
    /// The families that an expression names: what Prometheus makes of a histogram counts as the histogram.
    static func families(in expression: String) throws -> Set<String> {
        let name = try Regex(#"\b(?:ballast|process)_[a-z_]+"#)
        return Set(
            expression.matches(of: name).map { match in
                let text = String(expression[match.range])
                for suffix in ["_bucket", "_sum", "_count"] where text.hasSuffix("_seconds\(suffix)") {
                    return String(text.dropLast(suffix.count))
                }
                return text.hasSuffix("_confidence_bucket") ? String(text.dropLast("_bucket".count)) : text
            })
    }

    /// The families of the table in the operating guide.
    static func documented() throws -> Set<String> {
        let row = try Regex(#"^\| `((?:ballast|process)_[a-z_]+)(?:\{[a-z, ]+\})?` \|.*$"#)
        return Set(
            try DeployFolder.text("README.md").split(separator: "\n").compactMap { line in
                (try? row.wholeMatch(in: line))?[1].substring.map(String.init)
            })
    }

    /// Those of a page of `/metrics`.
    static func printed(_ page: String) -> Set<String> {
        Set(
            page.split(separator: "\n").filter { $0.hasPrefix("# TYPE ") }.compactMap {
                $0.split(separator: " ").dropFirst(2).first.map(String.init)
            })
    }

    /// What expressions compare a label with: the alternatives of each pattern.
    static func values(of label: String, in expression: String) throws -> Set<String> {
        let matcher = try Regex(#"\b\#(label)(?:=|!=|=~|!~)"([^"]+)""#)
        return Set(
            expression.matches(of: matcher).flatMap { match in
                (match[1].substring ?? "").split(separator: "|").map(String.init)
            })
    }
}

/// One expression of a rule or a panel, and where it stands.
struct Expression {
    var place: String
    var text: String

    static func rules() throws -> [Expression] {
        let groups = try DeployFolder.yaml("prometheus/ballast.rules.yaml")["groups"] as? [Any] ?? []
        let rules = groups.flatMap { group -> [Any] in member(group, "rules") as? [Any] ?? [] }
        return rules.map { rule in
            Expression(
                place: member(rule, "alert") as? String ?? "?", text: member(rule, "expr") as? String ?? "")
        }
    }

    static func dashboard() throws -> [Expression] {
        let bytes = try Data(contentsOf: URL(filePath: DeployFolder.path("grafana/ballast.json")))
        let document = try JSONSerialization.jsonObject(with: bytes)
        let panels = member(document, "panels") as? [Any] ?? []
        return panels.flatMap { panel -> [Expression] in
            let title = member(panel, "title") as? String ?? "?"
            let targets = member(panel, "targets") as? [Any] ?? []
            return targets.map { Expression(place: title, text: member($0, "expr") as? String ?? "") }
        }
    }
}
