/// Text of people outside, made safe to keep and to print: cut, and without control, invisible and bidirectional characters.
enum PlainText {
    /// One line.
    static func line(_ text: String, maxBytes: Int) -> String {
        cut(text, maxBytes: maxBytes) { $0 == "\n" || isUnsafe($0) ? " " : $0 }
    }

    /// Line breaks stay.
    static func paragraphs(_ text: String, maxBytes: Int) -> String {
        cut(text, maxBytes: maxBytes) { scalar in
            if scalar == "\n" { return scalar }
            return isUnsafe(scalar) ? " " : scalar
        }
    }

    private static func cut(
        _ text: String, maxBytes: Int, _ clean: (Unicode.Scalar) -> Unicode.Scalar
    ) -> String {
        var result = String.UnicodeScalarView()
        var bytes = 0
        for scalar in text.unicodeScalars {
            let safe = clean(scalar)
            let size = UTF8.width(safe)
            if bytes + size > maxBytes {
                result.append("…")
                break
            }
            if safe == " ", result.last == " " { continue }
            result.append(safe)
            bytes += size
        }
        while let last = result.last, last == " " || last == "\n" { result.removeLast() }
        return String(result)
    }

    private static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0...0x1F, 0x7F...0x9F, 0xAD, 0x61C, 0x180E: true
        case 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF, 0xFFF9...0xFFFB, 0xE0000...0xE007F: true
        default: false
        }
    }
}
