import Domain

/// Times as tables show them: UTC, to the second.
enum TimeText {
    static func of(_ time: Timestamp) -> String {
        let iso = time.iso8601
        return "\(iso.prefix(10)) \(iso.dropFirst(11).prefix(8))Z"
    }

    /// As the shapes of JSON have it; what is no time stays what it is.
    static func of(iso text: String) -> String { Timestamp(iso8601: text).map { of($0) } ?? text }

    static func between(_ start: String, _ end: String?) -> String {
        guard let start = Timestamp(iso8601: start), let end = end.flatMap({ Timestamp(iso8601: $0) }) else {
            return "-"
        }
        return between(start, end)
    }

    static func between(_ start: Timestamp, _ end: Timestamp?) -> String {
        guard let end else { return "-" }
        return of(Span(milliseconds: max(0, end.milliseconds - start.milliseconds)))
    }

    /// To the second where it is longer than ten of them.
    static func of(_ span: Span) -> String {
        let rest = span.milliseconds > 10_000 ? span.milliseconds % 1000 : 0
        return Span(milliseconds: span.milliseconds - rest).text
    }
}
