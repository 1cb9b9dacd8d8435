import Domain

/// Reads one scalar's text as what its shape asks for.
enum ScalarReader {
    struct Failure: Error {
        var message: String
    }

    /// - Parameter isQuoted: quotes make a text of it: `"true"` is no flag, `"3"` no number.
    static func read(_ text: String, isQuoted: Bool, _ shape: Shape) -> Result<Reading.Content, Failure> {
        switch shape {
        case .text(let rule):
            if let fault = rule.fault(text) { return .failure(Failure(message: fault)) }
            return .success(.text(text))
        case .choice(let words, let elsewhere): return choice(text, words, elsewhere)
        case .flag where !isQuoted && ["true", "True", "TRUE"].contains(text): return .success(.flag(true))
        case .flag where !isQuoted && ["false", "False", "FALSE"].contains(text): return .success(.flag(false))
        case .integer(let range) where !isQuoted:
            if let number = integer(text), range.contains(number) { return .success(.integer(number)) }
        case .number(let range) where !isQuoted:
            if let number = number(text), range.contains(number) { return .success(.number(number)) }
        case .duration(let range):
            if let span = Span(text: text), range.contains(span) { return .success(.duration(span)) }
            if !text.isEmpty, text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) {
                return .failure(Failure(message: "\(quoted(text)) has no unit: expected \(shape.expectation)"))
            }
        case .size(let range):
            if let size = ByteSize(text: text), range.contains(size) { return .success(.integer(Int(size.bytes))) }
        case .schedule:
            do throws(CronProblem) {
                _ = try CronSchedule(text)
                return .success(.text(text))
            } catch {
                return .failure(Failure(message: "\(quoted(text)) is no schedule: \(error.message)"))
            }
        case .flag, .integer, .number, .object, .texts, .list, .secret, .addressOrSecret: break
        }
        let hint = isQuoted && Span(text: text) == nil ? " (quotes make a text of it)" : ""
        return .failure(Failure(message: "expected \(shape.expectation), found \(quoted(text))\(hint)"))
    }

    private static func choice(
        _ text: String, _ words: [String], _ elsewhere: [String]
    ) -> Result<Reading.Content, Failure> {
        if words.contains(text) { return .success(.text(text)) }
        let known = words.map { "`\($0)`" }.joined(separator: " or ")
        if elsewhere.contains(text) {
            return .failure(Failure(message: "this release does not have \(quoted(text)); it has \(known)"))
        }
        let near = Suggestion.nearest(to: text, among: words).map { "; did you mean `\($0)`?" } ?? ""
        return .failure(Failure(message: "expected \(known), found \(quoted(text))\(near)"))
    }

    /// Decimal digits without leading zeros, which YAML 1.1 would read as octal.
    private static func integer(_ text: String) -> Int? {
        let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
        guard !digits.isEmpty, digits.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return nil }
        return digits.count > 1 && digits.hasPrefix("0") ? nil : Int(text)
    }

    private static func number(_ text: String) -> Double? {
        let allowed = text.utf8.allSatisfy { byte in
            (byte >= 0x30 && byte <= 0x39) || [0x2B, 0x2D, 0x2E, 0x45, 0x65].contains(byte)
        }
        guard allowed, text.utf8.count <= 32, let first = text.utf8.first, first != 0x2B, let number = Double(text)
        else { return nil }
        return number.isFinite ? number : nil
    }
}
