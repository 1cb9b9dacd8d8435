import Domain

/// Checks a tree against its shape and collects every problem, not the first alone.
struct ShapeChecker {
    struct Fault {
        var node: Node
        var message: String
    }

    private(set) var faults: [Fault] = []

    /// Nil where the value, or anything within it, is wrong; what is wrong is then in `faults`.
    mutating func read(_ node: Node, as shape: Shape, _ path: String) -> Reading? {
        switch shape {
        case .object(let object): return readObject(node, object, path)
        case .texts(let key, let value): return readTexts(node, key, value, path)
        case .list(let item, let sizes): return readList(node, item, sizes, path)
        case .secret: return readSecret(node, path)
        case .addressOrSecret:
            if case .mapping = node.content { return readSecret(node, path) }
            return readScalar(node, .text(.line), path)
        case .text, .choice, .flag, .integer, .number, .duration, .size, .schedule:
            return readScalar(node, shape, path)
        }
    }

    mutating func fault(_ node: Node, _ message: String) { faults.append(Fault(node: node, message: message)) }

    private mutating func readObject(_ node: Node, _ object: ObjectShape, _ path: String) -> Reading? {
        guard case .mapping(let entries) = node.content else {
            fault(node, "\(subject(path))expected a group of fields (\(object.title)), found \(node.kind)")
            return nil
        }
        let before = faults.count
        var fields: [String: Reading] = [:]
        for entry in entries {
            guard let name = entry.key.text else { continue }
            guard let field = object.field(name) else {
                unknown(entry.key, name, object, path)
                continue
            }
            if let reading = read(entry.value, as: field.shape, join(path, name)) { fields[name] = reading }
        }
        checkPresence(node, entries, object, path)
        return faults.count == before ? Reading(content: .object(fields), node: node) : nil
    }

    private mutating func unknown(_ key: Node, _ name: String, _ object: ObjectShape, _ path: String) {
        if object.elsewhere.contains(name) {
            fault(key, "this release does not have `\(join(path, name))`; leave it out")
        } else {
            let suggestion = Suggestion.sentence(for: name, among: object.fields.map(\.name))
            fault(key, "unknown field \(quoted(name)) in \(path.isEmpty ? object.title : "`\(path)`")\(suggestion)")
        }
    }

    private mutating func checkPresence(_ node: Node, _ entries: [Node.Entry], _ object: ObjectShape, _ path: String) {
        // A misspelt field is told once, as that.
        let known = object.fields.map(\.name)
        let given = Set(
            entries.compactMap(\.key.text).map { name in
                known.contains(name) ? name : Suggestion.nearest(to: name, among: known) ?? name
            })
        for field in object.fields where field.isRequired && !given.contains(field.name) {
            fault(node, "missing field `\(join(path, field.name))`: expected \(field.shape.expectation)")
        }
        for group in object.alternatives {
            let found = group.names.filter(given.contains)
            let names = group.names.map { "`\($0)`" }.joined(separator: " or ")
            if found.isEmpty, !group.isOptional { fault(node, "\(subject(path))expected \(names)") }
            if found.count > 1 { fault(node, "\(subject(path))expected only one of \(names)") }
        }
        if let cases = object.cases { checkCases(node, entries, cases, given, path) }
    }

    private mutating func checkCases(
        _ node: Node, _ entries: [Node.Entry], _ cases: ObjectShape.Cases, _ given: Set<String>, _ path: String
    ) {
        guard let word = entries.first(where: { $0.key.text == cases.field })?.value.text,
            let rule = cases.rules.first(where: { $0.words.contains(word) })
        else { return }
        for group in rule.required where given.isDisjoint(with: group) {
            fault(node, "missing field `\(join(path, group[0]))`: `\(cases.field): \(word)` needs it")
        }
        let governed = Set(cases.governed)
        for entry in entries {
            guard let name = entry.key.text, governed.contains(name), !rule.fields.contains(name) else { continue }
            fault(entry.key, "`\(join(path, name))` has no meaning for `\(cases.field): \(word)`; leave it out")
        }
    }

    private mutating func readTexts(_ node: Node, _ key: TextRule, _ value: TextRule, _ path: String) -> Reading? {
        guard case .mapping(let entries) = node.content else {
            fault(node, "\(subject(path))expected a group of names, each with a text, found \(node.kind)")
            return nil
        }
        let before = faults.count
        if entries.count > DocumentLimits.maxEntries {
            fault(node, "`\(path)` has \(entries.count) entries; at most \(DocumentLimits.maxEntries) are allowed")
        }
        var texts: [(name: String, text: String)] = []
        for entry in entries {
            guard let name = entry.key.text else { continue }
            if let message = key.fault(name) { fault(entry.key, "\(subject(path))\(message)") }
            if let text = readScalar(entry.value, .text(value), join(path, quotedName(name)))?.text {
                texts.append((name, text))
            }
        }
        return faults.count == before ? Reading(content: .texts(texts), node: node) : nil
    }

    private mutating func readList(_ node: Node, _ item: Shape, _ sizes: ClosedRange<Int>, _ path: String) -> Reading? {
        guard case .list(let nodes) = node.content else {
            fault(node, "\(subject(path))expected a list, found \(node.kind)")
            return nil
        }
        let before = faults.count
        if nodes.count > sizes.upperBound {
            fault(node, "`\(path)` has \(nodes.count) items; at most \(sizes.upperBound) are allowed")
        } else if nodes.count < sizes.lowerBound {
            fault(node, "`\(path)` needs at least \(sizes.lowerBound == 1 ? "one item" : "\(sizes.lowerBound) items")")
        }
        var items: [Reading] = []
        for (index, node) in nodes.prefix(sizes.upperBound).enumerated() {
            if let reading = read(node, as: item, "\(path)[\(index)]") { items.append(reading) }
        }
        return faults.count == before ? Reading(content: .list(items), node: node) : nil
    }

    private mutating func readScalar(_ node: Node, _ shape: Shape, _ path: String) -> Reading? {
        guard case .scalar(let text, let style) = node.content else {
            fault(node, "\(subject(path))expected \(shape.expectation), found \(node.kind)")
            return nil
        }
        if node.isNull {
            fault(node, "\(subject(path))expected \(shape.expectation), found nothing")
            return nil
        }
        switch ScalarReader.read(text, isQuoted: style == .quoted || style == .block, shape) {
        case .success(let content): return Reading(content: content, node: node)
        case .failure(let failure):
            fault(node, subject(path) + failure.message)
            return nil
        }
    }

    /// Never repeats what was found: a secret written out by mistake must not reach a message.
    private mutating func readSecret(_ node: Node, _ path: String) -> Reading? {
        guard case .mapping(let entries) = node.content else {
            fault(
                node,
                "\(subject(path))a secret is never a value in this file: write `{file: PATH}` for a file that holds it, or `{env: NAME}` for an environment variable"
            )
            return nil
        }
        let before = faults.count
        for entry in entries where entry.key.text != "file" && entry.key.text != "env" {
            fault(entry.key, "\(subject(path))expected `file` or `env` alone")
        }
        guard entries.count == 1, faults.count == before, let entry = entries.first else {
            if faults.count == before { fault(node, "\(subject(path))expected either `file` or `env`") }
            return nil
        }
        let isFile = entry.key.text == "file"
        let rule: TextRule = isFile ? .line : .variable
        guard let text = entry.value.text, !entry.value.isNull, rule.fault(text) == nil else {
            fault(entry.value, "\(subject(path))expected \(isFile ? "the path of a file" : rule.expectation)")
            return nil
        }
        return Reading(content: .secret(isFile ? .file(path: text) : .environment(name: text)), node: node)
    }

    private func subject(_ path: String) -> String { path.isEmpty ? "" : "`\(path)`: " }
    private func join(_ path: String, _ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }
    private func quotedName(_ name: String) -> String { String(quoted(name).dropFirst().dropLast()) }
}
