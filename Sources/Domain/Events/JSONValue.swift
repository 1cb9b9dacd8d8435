/// JSON as plain data, for audit records and event bodies that are built here and serialised elsewhere.
package indirect enum JSONValue: Hashable, Sendable {
    case null
    case bool(Bool)
    case integer(Int64)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([String: JSONValue])

    package subscript(name: String) -> JSONValue? {
        if case .object(let members) = self { members[name] } else { nil }
    }

    package var text: String? {
        if case .string(let text) = self { text } else { nil }
    }

    package var int: Int64? {
        if case .integer(let value) = self { value } else { nil }
    }

    /// An object without the members that do not apply.
    package static func object(omittingNil members: [String: JSONValue?]) -> JSONValue {
        .object(members.compactMapValues { $0 })
    }

    package static func optional(_ text: String?) -> JSONValue? { text.map(JSONValue.string) }
}
