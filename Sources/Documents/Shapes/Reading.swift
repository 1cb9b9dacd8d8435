import Domain

/// A value that has been checked against its shape.
struct Reading: Sendable {
    indirect enum Content: Sendable {
        case object([String: Reading])
        case texts([(name: String, text: String)])
        case list([Reading])
        case text(String)
        case flag(Bool)
        case integer(Int)
        case number(Double)
        case duration(Span)
        case secret(SecretReference)
    }

    var content: Content
    var node: Node

    subscript(name: String) -> Reading? {
        if case .object(let fields) = content { fields[name] } else { nil }
    }

    var items: [Reading] { if case .list(let items) = content { items } else { [] } }
    var text: String? { if case .text(let text) = content { text } else { nil } }
    var flag: Bool? { if case .flag(let flag) = content { flag } else { nil } }
    var integer: Int? { if case .integer(let number) = content { number } else { nil } }
    var number: Double? { if case .number(let number) = content { number } else { nil } }
    var duration: Span? { if case .duration(let span) = content { span } else { nil } }
    var secret: SecretReference? { if case .secret(let secret) = content { secret } else { nil } }
    var texts: [String: String]? {
        if case .texts(let entries) = content {
            Dictionary(entries.map { ($0.name, $0.text) }) { first, _ in first }
        } else {
            nil
        }
    }

    func choice<T: RawRepresentable>(_: T.Type) -> T? where T.RawValue == String { text.flatMap(T.init(rawValue:)) }
}
