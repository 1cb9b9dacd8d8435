/// What a text may be made of. Texts are never read as numbers: a plain `1.10` is the text `1.10`.
struct TextRule: Sendable {
    enum Alphabet: Hashable, Sendable {
        /// Anything but control and bidirectional characters, without space at either end.
        case id
        /// Letters, digits, `-` and `.`.
        case name
        /// Also `_` and `/`, for the keys of labels.
        case labelKey
        /// IANA names.
        case zone
        /// Line breaks and tabs too.
        case prose
        /// A name of an environment variable.
        case variable
    }

    var alphabet: Alphabet
    var maxCharacters: Int

    static let id = TextRule(alphabet: .id, maxCharacters: DocumentLimits.maxIDCharacters)
    static let name = TextRule(alphabet: .name, maxCharacters: DocumentLimits.maxNameCharacters)
    static let labelKey = TextRule(alphabet: .labelKey, maxCharacters: DocumentLimits.maxNameCharacters)
    static let zone = TextRule(alphabet: .zone, maxCharacters: 64)
    static let prose = TextRule(alphabet: .prose, maxCharacters: DocumentLimits.maxTextCharacters)
    static let variable = TextRule(alphabet: .variable, maxCharacters: DocumentLimits.maxIDCharacters)
    /// Paths and addresses.
    static let line = TextRule(alphabet: .id, maxCharacters: DocumentLimits.maxTextCharacters)

    /// Why the text is not allowed; nil where it is.
    func fault(_ text: String) -> String? {
        if text.isEmpty { return "expected \(expectation), found an empty text" }
        let scalars = text.unicodeScalars
        if scalars.count > maxCharacters {
            return "this has \(scalars.count) characters; at most \(maxCharacters) are allowed"
        }
        if let hidden = scalars.first(where: { TextRule.isHidden($0) && !(alphabet == .prose && isLayout($0)) }) {
            return
                "the character \(hidden.codePoint) is not allowed here: it can't be seen, and could deceive who reads it"
        }
        guard scalars.allSatisfy(isAllowed) else { return "\(quoted(text)) is not allowed: expected \(expectation)" }
        if alphabet == .id,
            scalars.first?.properties.isWhitespace == true || scalars.last?.properties.isWhitespace == true
        {
            return "\(quoted(text)) begins or ends with a space"
        }
        return nil
    }

    var expectation: String {
        switch alphabet {
        case .id, .prose: "a text"
        case .name: "at most \(maxCharacters) letters, digits, `-` and `.`"
        case .labelKey: "at most \(maxCharacters) letters, digits, `-`, `.`, `_` and `/`"
        case .zone: "the name of a time zone such as `Europe/Berlin`"
        case .variable: "the name of an environment variable"
        }
    }

    /// The same rule as a pattern of JSON Schema (ECMA 262), without the length.
    var pattern: String {
        switch alphabet {
        case .id: "^(?!\\s)(?:(?!\(TextRule.hiddenPattern)).)+(?<!\\s)$(?!\\n)"
        case .prose: "^(?:(?!\(TextRule.hiddenPattern)).|[\\t\\n\\r])+$"
        case .name: "^[A-Za-z0-9.-]+$(?!\\n)"
        case .labelKey: "^[A-Za-z0-9._/-]+$(?!\\n)"
        case .zone: "^[A-Za-z0-9._+/-]+$(?!\\n)"
        case .variable: "^[A-Za-z_][A-Za-z0-9_]*$(?!\\n)"
        }
    }

    private static let hiddenPattern =
        "[\\u0000-\\u001f\\u007f-\\u009f\\u00ad\\u061c\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff]"

    /// Control characters, and those that reorder or hide text.
    static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0...0x1F, 0x7F...0x9F, 0xAD, 0x61C, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF: true
        default: false
        }
    }

    private func isLayout(_ scalar: Unicode.Scalar) -> Bool { scalar == "\t" || scalar == "\n" || scalar == "\r" }

    private func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        let isAlphanumeric =
            ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar)
        return switch alphabet {
        case .id, .prose: true
        case .name: isAlphanumeric || scalar == "-" || scalar == "."
        case .labelKey: isAlphanumeric || "-._/".unicodeScalars.contains(scalar)
        case .zone: isAlphanumeric || "-._+/".unicodeScalars.contains(scalar)
        case .variable: isAlphanumeric || scalar == "_"
        }
    }
}
