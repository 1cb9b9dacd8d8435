/// Numbers as ECMAScript's `Number::toString` writes them, which RFC 8785 prescribes.
enum CanonicalNumber {
    /// Beyond it a JSON reader that knows doubles alone would see another number.
    static let maxExactInteger: Int64 = 1 << 53

    static func text(_ number: Int64) -> String {
        number.magnitude <= UInt64(maxExactInteger) ? String(number) : text(Double(number))
    }

    /// `number` must be finite.
    static func text(_ number: Double) -> String {
        if number == 0 { return "0" }
        let (digits, point) = decimal(number.magnitude)
        return (number < 0 ? "-" : "") + layout(digits, point: point)
    }

    /// The shortest digits that read back as the same double (Swift's description has them), and where the point stands:
    /// the value is 0.DIGITS × 10^point.
    private static func decimal(_ magnitude: Double) -> (digits: [UInt8], point: Int) {
        var digits: [UInt8] = []
        var point: Int?
        var exponent = 0
        let text = Array(magnitude.description.utf8)
        for (position, byte) in text.enumerated() {
            if byte == UInt8(ascii: "e") {
                exponent = Int(String(decoding: text[(position + 1)...], as: UTF8.self)) ?? 0
                break
            }
            if byte == UInt8(ascii: ".") { point = digits.count } else { digits.append(byte) }
        }
        var place = (point ?? digits.count) + exponent
        let leading = digits.prefix { $0 == UInt8(ascii: "0") }.count
        digits.removeFirst(leading)
        place -= leading
        while digits.last == UInt8(ascii: "0") { digits.removeLast() }
        return (digits, place)
    }

    private static func layout(_ digits: [UInt8], point: Int) -> String {
        let text = String(decoding: digits, as: UTF8.self)
        let count = digits.count
        switch point {
        case count...21 where point >= count:
            return text + String(repeating: "0", count: point - count)
        case 1...21:
            return text.prefix(point) + "." + text.dropFirst(point)
        case -5...0:
            return "0." + String(repeating: "0", count: -point) + text
        default:
            let exponent = point - 1
            let sign = exponent < 0 ? "-" : "+"
            let mantissa = count == 1 ? text : text.prefix(1) + "." + text.dropFirst(1)
            return "\(mantissa)e\(sign)\(exponent.magnitude)"
        }
    }
}
