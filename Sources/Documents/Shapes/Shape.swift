import Domain

/// What a value of a document must look like: the one description from which documents are checked, environment
/// variables are resolved and the JSON Schema is printed, so that the three can't disagree.
indirect enum Shape: Sendable {
    case object(ObjectShape)
    /// Names that the writer chooses, each with a text.
    case texts(key: TextRule, value: TextRule)
    case list(Shape, sizes: ClosedRange<Int>)
    case text(TextRule)
    case choice([String], elsewhere: [String])
    case flag
    case integer(ClosedRange<Int>)
    case number(ClosedRange<Double>)
    case duration(ClosedRange<Span>)
    /// `100 MiB`
    case size(ClosedRange<ByteSize>)
    case schedule
    /// `{file: PATH}` or `{env: NAME}`.
    case secret
    /// An address written out, or where it is kept because it is a secret.
    case addressOrSecret

    /// One of these words, all of which this release has.
    static func choice(_ words: [String]) -> Shape { .choice(words, elsewhere: []) }

    static func choice<T: CaseIterable & RawRepresentable>(of: T.Type) -> Shape where T.RawValue == String {
        .choice(T.allCases.map(\.rawValue))
    }

    /// What is expected, for messages.
    var expectation: String {
        switch self {
        case .object: "a group of fields"
        case .texts: "a group of names, each with a text"
        case .list: "a list"
        case .text(let rule): rule.expectation
        case .choice(let words, _): words.map { "`\($0)`" }.joined(separator: " or ")
        case .flag: "`true` or `false`"
        case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .number(let range): "a number from \(range.lowerBound) to \(range.upperBound)"
        case .duration(let range):
            "a duration such as `30s`, `10m` or `1h30m`, from \(range.lowerBound.text) to \(range.upperBound.text)"
        case .size(let range):
            "a size such as `64 KiB` or `100 MiB`, from \(range.lowerBound.text) to \(range.upperBound.text)"
        case .schedule: "a schedule of five cron fields such as \"0 17 * * FRI\""
        case .secret: "`{file: PATH}` or `{env: NAME}`"
        case .addressOrSecret: "an address, `{file: PATH}` or `{env: NAME}`"
        }
    }
}

/// A group of named fields.
struct ObjectShape: Sendable {
    var title: String
    var fields: [Field]
    /// Each group of which exactly one (or, where `isOptional`, at most one) may be given.
    var alternatives: [Alternatives] = []
    /// Fields that depend on the word in another one.
    var cases: Cases?
    /// A field that says nothing without another one.
    var needs: [(field: String, other: String)] = []
    /// Fields that the product knows and this release does not have.
    var elsewhere: [String] = []

    struct Alternatives: Sendable {
        var names: [String]
        var isOptional = false
    }

    struct Cases: Sendable {
        struct Rule: Sendable {
            var words: [String]
            /// Of each group one has to be given.
            var required: [[String]]
            var allowed: [String] = []

            var fields: Set<String> { Set(required.joined()).union(allowed) }
        }

        /// The field whose word decides.
        var field: String
        var rules: [Rule]

        /// In an order that is always the same.
        var governed: [String] { rules.reduce(into: Set<String>()) { $0.formUnion($1.fields) }.sorted() }
    }

    func field(_ name: String) -> Field? { fields.first { $0.name == name } }
}

struct Field: Sendable {
    var name: String
    var shape: Shape
    var isRequired: Bool
    /// For people who read the schema in their editor.
    var note: String

    init(_ name: String, _ shape: Shape, required: Bool = false, _ note: String) {
        self.name = name
        self.shape = shape
        isRequired = required
        self.note = note
    }
}
