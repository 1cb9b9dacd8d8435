import Mustache

/// Escapes scalar by scalar. The library's own escaping goes by characters, in which a quotation mark with a combining mark
/// behind it is another character and would pass unescaped: enough to leave an attribute.
struct PageEscaping: MustacheContentType {
    static let name = "PAGE"
    /// Stands before every template: a partial starts with the library's own escaping again.
    static let pragma = "{{% CONTENT_TYPE:\(name)}}"

    func escapeText(_ text: String) -> String { Self.escaped(text) }

    static func escaped(_ text: String) -> String {
        var result = ""
        result.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "&": result += "&amp;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
