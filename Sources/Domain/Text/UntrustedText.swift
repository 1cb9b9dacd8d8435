/// Text that somebody else wrote, made fit to be kept and shown: it can neither move a terminal's cursor, nor reorder what
/// stands beside it, nor fill a disk, nor repeat a secret of ours.
package enum UntrustedText {
    /// Characters that are kept of an answer's message.
    package static let maxMessageCharacters = 500
    /// A shorter secret would blank out ordinary words.
    static let minSecretCharacters = 4

    /// `text` without control, format (bidirectional, zero-width, tag) and unassigned characters, line breaks as spaces, known
    /// secrets replaced, then cut, so that no part of a secret is left at the end.
    package static func cleaned(
        _ text: String, secrets: [String] = [], maxCharacters: Int = maxMessageCharacters
    ) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control where scalar == "\n" || scalar == "\r" || scalar == "\t": result.unicodeScalars.append(" ")
            case .lineSeparator, .paragraphSeparator: result.unicodeScalars.append(" ")
            case .control, .format, .surrogate, .unassigned, .privateUse: continue
            default: result.unicodeScalars.append(scalar)
            }
        }
        return cut(hiding(secrets, in: result), maxCharacters: maxCharacters)
    }

    /// Known secrets replaced and nothing else, for text that was cleaned already and may have lines.
    package static func hiding(_ secrets: [String], in text: String) -> String {
        var result = text
        for secret in secrets where secret.count >= minSecretCharacters { result = replacing(secret, in: result) }
        return result
    }

    /// Whether a name from outside can be kept as it is: not empty, not too long, nothing that `cleaned` would take away.
    package static func isPlain(_ name: String, maxBytes: Int) -> Bool {
        !name.isEmpty && name.utf8.count <= maxBytes
            && cleaned(name, maxCharacters: maxBytes).utf8.elementsEqual(name.utf8)
    }

    static func cut(_ text: String, maxCharacters: Int) -> String {
        // Scalars, not characters: one character may carry any number of combining marks.
        guard text.unicodeScalars.count > maxCharacters else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.prefix(max(0, maxCharacters - 1)))) + "…"
    }

    private static func replacing(_ secret: String, in text: String) -> String {
        let pattern = Array(secret.utf8)
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if bytes.count - index >= pattern.count, bytes[index..<index + pattern.count].elementsEqual(pattern) {
                result += Array("***".utf8)
                index += pattern.count
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
