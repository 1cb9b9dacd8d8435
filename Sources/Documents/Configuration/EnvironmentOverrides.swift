/// Puts `BALLAST_…` variables in the place of fields: `BALLAST_SOURCE_URL` for `source.url`,
/// `BALLAST_RECONCILE_MAXBOTSPERCOMMIT` for `reconcile.maxBotsPerCommit`, `BALLAST_PLATFORMS_0_URL` for the first platform's.
struct EnvironmentOverrides {
    /// Read by the command line, not by the configuration.
    static let reserved: Set<String> = ["BALLAST_CONFIG", "BALLAST_SERVER", "BALLAST_TOKEN_FILE", "BALLAST_CA_FILE"]
    static let prefix = "BALLAST_"
    /// What `gitlab-pipeline` tells a job, which may well call this program.
    static let eventPrefix = "BALLAST_EVENT_"
    static let maxValueCharacters = DocumentLimits.maxTextCharacters

    private let variables: [(name: String, value: String)]
    /// Sentences that name a variable, never its value.
    private(set) var faults: [String] = []

    init(environment: [String: String]) {
        variables = environment.filter {
            $0.key.hasPrefix(EnvironmentOverrides.prefix) && !EnvironmentOverrides.reserved.contains($0.key)
                && !$0.key.hasPrefix(EnvironmentOverrides.eventPrefix)
                && !ServiceVariables.contains($0.key, value: $0.value)
        }
        .sorted { ($0.key.utf8.count, $0.key) < ($1.key.utf8.count, $1.key) }.map { (name: $0.key, value: $0.value) }
    }

    /// Variables that the file names as the place of a secret override nothing.
    mutating func apply(to root: Node) -> Node {
        let secrets = EnvironmentOverrides.secretNames(in: root)
        var root = root
        for variable in variables where !secrets.contains(variable.name) {
            let rest = String(variable.name.dropFirst(EnvironmentOverrides.prefix.count))
            let value = Node(.scalar(variable.value, .variable(variable.name)), 0..<0)
            switch EnvironmentOverrides.set(value, rest[...], in: &root, .object(ConfigurationShape.document)) {
            case .done: break
            case .group:
                faults.append("the environment variable \(variable.name) names a group of fields; name one field of it")
            case .unknown:
                faults.append(
                    "the environment variable \(variable.name) matches no field of the configuration; "
                        + "a secret that it holds is named in the file: `{env: \(variable.name)}`")
            case .noItem:
                faults.append("the environment variable \(variable.name) names an item of a list that does not exist")
            }
        }
        return root
    }

    private enum Outcome {
        case done, group, unknown, noItem
    }

    private static func set(_ value: Node, _ rest: Substring, in node: inout Node, _ shape: Shape) -> Outcome {
        switch shape {
        case .object(let object):
            return setField(value, rest, in: &node, object.fields.map { ($0.name, $0.shape) })
        case .secret:
            // The other place of a secret, that the file names, gives way.
            node.content = .mapping([])
            return setField(value, rest, in: &node, [("file", .text(.line)), ("env", .text(.variable))])
        case .addressOrSecret where !rest.isEmpty:
            node.content = .mapping([])
            return setField(value, rest, in: &node, [("file", .text(.line)), ("env", .text(.variable))])
        case .texts(_, let rule):
            guard case .mapping(let entries) = node.content else { return .unknown }
            return setField(
                value, rest, in: &node, entries.compactMap { entry in entry.key.text.map { ($0, .text(rule)) } })
        case .list(let item, _):
            return setItem(value, rest, in: &node, item)
        case .text, .choice, .flag, .integer, .number, .duration, .size, .schedule, .addressOrSecret:
            guard rest.isEmpty else { return .unknown }
            node = value
            return .done
        }
    }

    private static func setField(
        _ value: Node, _ rest: Substring, in node: inout Node, _ fields: [(name: String, shape: Shape)]
    ) -> Outcome {
        if rest.isEmpty { return .group }
        for (name, shape) in fields {
            guard rest.hasPrefix(name.uppercased()) else { continue }
            var remainder = rest.dropFirst(name.uppercased().count)
            if !remainder.isEmpty {
                guard remainder.first == "_" else { continue }
                remainder = remainder.dropFirst()
                if remainder.isEmpty { continue }
            }
            var entries: [Node.Entry] = []
            if case .mapping(let given) = node.content { entries = given }
            let position = entries.firstIndex { $0.key.text == name }
            var child = position.map { entries[$0].value } ?? Node(.mapping([]), node.range)
            let outcome = set(value, remainder, in: &child, shape)
            guard case .done = outcome else {
                if case .unknown = outcome { continue }
                return outcome
            }
            if let position {
                entries[position].value = child
            } else {
                entries.append(Node.Entry(key: Node(.scalar(name, .quoted), node.range), value: child))
            }
            node.content = .mapping(entries)
            return .done
        }
        return .unknown
    }

    private static func setItem(_ value: Node, _ rest: Substring, in node: inout Node, _ item: Shape) -> Outcome {
        if rest.isEmpty { return .group }
        let digits = rest.prefix { $0.isASCII && $0.isNumber }
        guard let index = Int(digits), digits.count <= 4 else { return .unknown }
        var remainder = rest.dropFirst(digits.count)
        if !remainder.isEmpty {
            guard remainder.first == "_" else { return .unknown }
            remainder = remainder.dropFirst()
        }
        var items: [Node] = []
        if case .list(let given) = node.content { items = given }
        guard index <= items.count else { return .noItem }
        var child = index < items.count ? items[index] : Node(.mapping([]), node.range)
        let outcome = set(value, remainder, in: &child, item)
        guard case .done = outcome else { return outcome }
        if index < items.count { items[index] = child } else { items.append(child) }
        node.content = .list(items)
        return .done
    }

    /// Every `{env: NAME}` of the tree.
    private static func secretNames(in root: Node) -> Set<String> {
        var names: Set<String> = []
        var waiting = [root]
        while let node = waiting.popLast() {
            switch node.content {
            case .scalar: break
            case .list(let items): waiting += items
            case .mapping(let entries):
                if entries.count == 1, entries[0].key.text == "env", let name = entries[0].value.text {
                    names.insert(name)
                }
                waiting += entries.map(\.value)
            }
        }
        return names
    }
}
