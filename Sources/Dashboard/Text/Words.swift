import Domain

/// Words from outside, made fit for a page. What is stored was cleaned when it came; it is cleaned again here, so that a page
/// never depends on who stored it.
package enum Words {
    /// Of a sentence in a table or a list.
    static let maxCharacters = 500
    /// Of a raw line that somebody unfolds.
    static let maxLineCharacters = 4096

    package static func clean(_ text: String) -> String { UntrustedText.cleaned(text, maxCharacters: maxCharacters) }

    static func line(_ text: String) -> String { UntrustedText.cleaned(text, maxCharacters: maxLineCharacters) }

    static func firstLine(_ text: String) -> String {
        clean(String(text.split(whereSeparator: \.isNewline).first ?? ""))
    }

    static func short(_ sha: String) -> String { clean(String(sha.prefix(8))) }

    /// `1 bot`, `2 bots`.
    static func count(_ number: Int, _ one: String, _ many: String? = nil) -> String {
        "\(grouped(number)) \(number == 1 ? one : many ?? one + "s")"
    }

    /// With a thin space between thousands, so that 10 000 is read at a glance.
    static func grouped(_ number: Int) -> String {
        let digits = String(number.magnitude)
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { text += "\u{202F}" }
            text.append(digit)
        }
        return number < 0 ? "−" + text : text
    }

    /// At most three decimals, without idle zeros.
    static func decimal(_ value: Double, places: Int = 3) -> String {
        guard value.isFinite else { return "–" }
        var scale = 1.0
        for _ in 0..<places { scale *= 10 }
        let rounded = (value * scale).rounded() / scale
        return rounded == rounded.rounded() && abs(rounded) < 1e15 ? String(Int64(rounded)) : String(rounded)
    }
}
