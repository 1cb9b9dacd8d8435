extension Span {
    /// The longest text that can be a duration; anything longer is refused before it is looked at.
    package static let maxTextBytes = 64

    /// Units in falling order, with their length in milliseconds.
    private static let units: [(name: String, milliseconds: Int64)] = [
        ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1),
    ]

    /// Reads `500ms`, `30s`, `10m`, `2h`, `7d` and sums in falling order such as `1h30m`; nil for anything else, and
    /// for a sum that does not fit 64 bits, so that a hostile number can't trap.
    package init?(text: String) {
        var rest = Array(text.utf8)[...]
        guard !rest.isEmpty, rest.count <= Span.maxTextBytes else { return nil }
        var total: Int64 = 0
        var allowed = Span.units[...]
        while !rest.isEmpty {
            guard let count = Span.takeNumber(&rest), let unit = Span.takeUnit(&rest),
                let position = allowed.firstIndex(where: { $0.name == unit })
            else { return nil }
            let (part, tooLong) = count.multipliedReportingOverflow(by: Span.units[position].milliseconds)
            let (sum, overflow) = total.addingReportingOverflow(part)
            if tooLong || overflow { return nil }
            total = sum
            allowed = Span.units[(position + 1)...]
        }
        self.init(milliseconds: total)
    }

    /// The shortest form that reads back as the same length: `1h30m`, `0s`.
    package var text: String {
        if milliseconds == 0 { return "0s" }
        var rest = milliseconds.magnitude
        var text = milliseconds < 0 ? "-" : ""
        for unit in Span.units {
            let (count, remainder) = rest.quotientAndRemainder(dividingBy: UInt64(unit.milliseconds))
            if count > 0 { text += "\(count)\(unit.name)" }
            rest = remainder
        }
        return text
    }

    private static func takeNumber(_ rest: inout ArraySlice<UInt8>) -> Int64? {
        let digits = rest.prefix { $0 >= 0x30 && $0 <= 0x39 }
        rest = rest.dropFirst(digits.count)
        return digits.isEmpty ? nil : Int64(String(decoding: digits, as: UTF8.self))
    }

    private static func takeUnit(_ rest: inout ArraySlice<UInt8>) -> String? {
        let letters = rest.prefix { $0 >= 0x61 && $0 <= 0x7A }
        rest = rest.dropFirst(letters.count)
        return letters.isEmpty ? nil : String(decoding: letters, as: UTF8.self)
    }
}
