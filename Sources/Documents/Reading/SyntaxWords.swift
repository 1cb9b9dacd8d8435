/// libyaml's terse complaints in words that say what to do.
enum SyntaxWords {
    private static let remedies = [
        "mapping values are not allowed in this context":
            "a `:` stands where no field can begin; check the indentation, and quote text that contains `: `",
        "found character that cannot start any token":
            "no value can begin with this character; indent with spaces instead of tabs, and quote text that begins with `@`, `%` or a backtick",
        "did not find expected key":
            "expected a field here; check the indentation and that every `{`, `[` and quote is closed",
        "could not find expected ':'": "expected `:` after a field's name",
        "did not find expected '-' indicator": "expected `-` or the end of the list; check the indentation",
        "did not find expected ',' or '}'": "expected `,` or `}`; the group that began with `{` is not closed",
        "did not find expected ',' or ']'": "expected `,` or `]`; the list that began with `[` is not closed",
        "did not find expected <document start>":
            "expected one document; separate documents with a line `---`, and leave out directives (`%…`)",
        "found unexpected end of stream": "this quoted text is never closed",
        "found unexpected document indicator": "this quoted text is never closed",
        "did not find expected node content": "expected a value here",
        "block sequence entries are not allowed in this context":
            "a list can't begin here; put `-` on a line of its own",
        "block mapping keys are not allowed in this context": "a field can't begin here; put it on a line of its own",
        "found a tab character that violates indentation": "indent with spaces instead of tabs",
        "found a tab character where an indentation space is expected": "indent with spaces instead of tabs",
        "found undefined tag handle": "tags (`!…`) are not read; write the value without one",
        "found unknown escape character": "this `\\` escape is unknown; use single quotes for text with backslashes",
    ]

    static let tooDeep = "this is nested deeper than \(DocumentLimits.maxNestingDepth) levels"

    static func message(problem: String, context: String?) -> String {
        // libyaml looks ahead and can reach its own, higher limit before ours.
        if problem.hasPrefix("Maximum nesting level") { return tooDeep }
        if let remedy = remedies[problem] { return "this is not YAML: \(remedy)" }
        let detail = context.map { " (\($0))" } ?? ""
        return "this is not YAML: \(problem)\(detail)"
    }
}
