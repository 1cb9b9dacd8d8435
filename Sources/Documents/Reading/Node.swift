/// A YAML value with its place; scalars keep their text as written, so that `1.10` stays `1.10`.
struct Node: Sendable {
    enum Style: Hashable, Sendable {
        case plain, quoted, block
        /// From an environment variable: text without YAML's rules.
        case variable(String)
    }

    struct Entry: Sendable {
        var key: Node
        var value: Node
    }

    indirect enum Content: Sendable {
        case scalar(String, Style)
        case list([Node])
        case mapping([Entry])
    }

    var content: Content
    /// Byte offsets in the file; empty at the place of a value that is not written.
    var range: Range<Int>

    init(_ content: Content, _ range: Range<Int>) {
        self.content = content
        self.range = range
    }

    /// Nothing was written, or YAML's `null`.
    var isNull: Bool {
        guard case .scalar(let text, .plain) = content else { return false }
        return text.isEmpty || text == "~" || text == "null" || text == "Null" || text == "NULL"
    }

    var text: String? {
        if case .scalar(let text, _) = content { text } else { nil }
    }

    /// Where this value comes from, if not from the file.
    var variable: String? {
        if case .scalar(_, .variable(let name)) = content { name } else { nil }
    }

    subscript(name: String) -> Node? {
        guard case .mapping(let entries) = content else { return nil }
        return entries.first { $0.key.text == name }?.value
    }

    /// Up to the end of the last scalar in it: a group's own range goes on over the comments behind it.
    var writtenRange: Range<Int> {
        var last = self
        while true {
            switch last.content {
            case .list(let items):
                guard let next = items.last else { return range.lowerBound..<last.range.upperBound }
                last = next
            case .mapping(let entries):
                guard let next = entries.last?.value else { return range.lowerBound..<last.range.upperBound }
                last = next
            case .scalar:
                return range.lowerBound..<max(range.lowerBound, last.range.upperBound)
            }
        }
    }

    /// What it is, for "expected …, found …".
    var kind: String {
        switch content {
        case .list: "a list"
        case .mapping: "a group of fields"
        case .scalar: isNull ? "nothing" : "a single value"
        }
    }
}
