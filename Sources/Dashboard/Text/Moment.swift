package import Domain

/// A point of time as pages show it: UTC, to the second; a browser with scripts adds how long ago that was.
package struct Moment: Hashable, Sendable {
    /// For `<time datetime>`.
    package var iso: String
    package var text: String
    /// To the millisecond, without the day.
    var clock: String

    package init(_ time: Timestamp) {
        iso = time.iso8601
        text = "\(iso.prefix(10)) \(iso.dropFirst(11).prefix(8))Z"
        clock = String(iso.dropFirst(11).prefix(12))
    }

    /// An audit record's own; what is no time is shown as it stands.
    init(iso8601 text: String) {
        let time = Timestamp(iso8601: text)
        self = time.map { Moment($0) } ?? Moment(iso: "", text: Words.clean(text))
    }

    private init(iso: String, text: String) {
        self.iso = iso
        self.text = text
        clock = text
    }
}

extension Span {
    /// To the second where it is longer than ten of them.
    var shown: String {
        let rest = milliseconds > 10_000 ? milliseconds % 1000 : 0
        return Span(milliseconds: milliseconds - rest).text
    }

    static func between(_ start: Timestamp, _ end: Timestamp) -> Span {
        Span(milliseconds: max(0, end.milliseconds - start.milliseconds))
    }
}
