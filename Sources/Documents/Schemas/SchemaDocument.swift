/// The JSON Schemas (draft 2020-12) that `ballast schema` prints, made from the very shapes that documents are checked
/// against.
package enum SchemaDocument: String, Sendable, CaseIterable {
    case manifest, configuration

    /// Indented JSON with a line end, the same bytes on every run.
    package var text: String {
        let (title, shape) =
            switch self {
            case .manifest:
                ("A Ballast manifest: the desired version of one bot in one environment", ManifestShape.document)
            case .configuration: ("The configuration of Ballast", ConfigurationShape.document)
            }
        var schema = SchemaWriter.schema(of: .object(shape))
        schema.insert(
            contentsOf: [
                ("$schema", .text("https://json-schema.org/draft/2020-12/schema")),
                ("title", .text(title)),
            ], at: 0)
        return SchemaValue.object(schema).text(indent: 0) + "\n"
    }
}

/// JSON whose members keep their order.
indirect enum SchemaValue: Sendable {
    case text(String)
    case number(String)
    case flag(Bool)
    case list([SchemaValue])
    case object([(name: String, value: SchemaValue)])

    func text(indent: Int) -> String {
        let inner = String(repeating: " ", count: indent + 2)
        let outer = String(repeating: " ", count: indent)
        switch self {
        case .text(let text): return SchemaValue.quoted(text)
        case .number(let number): return number
        case .flag(let flag): return flag ? "true" : "false"
        case .list(let items):
            let isShort = items.allSatisfy { if case .object = $0 { false } else { true } }
            if isShort { return "[" + items.map { $0.text(indent: 0) }.joined(separator: ", ") + "]" }
            return "[\n" + items.map { inner + $0.text(indent: indent + 2) }.joined(separator: ",\n") + "\n\(outer)]"
        case .object(let members):
            if members.isEmpty { return "{}" }
            let lines = members.map { "\(inner)\(SchemaValue.quoted($0.name)): \($0.value.text(indent: indent + 2))" }
            return "{\n" + lines.joined(separator: ",\n") + "\n\(outer)}"
        }
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
