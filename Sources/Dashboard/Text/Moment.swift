package import Domain

/// A point of time as pages show it: UTC, to the second; a browser with scripts adds how long ago that was.
package struct Moment: Hashable, Sendable {
    /// For `<time datetime>`.
    package var iso: String
    package var text: String

    package init(_ time: Timestamp) {
        iso = time.iso8601
        text = "\(iso.prefix(10)) \(iso.dropFirst(11).prefix(8))Z"
    }

    /// An audit record's own; what is no time is shown as it stands.
    init(iso8601: String) {
        if let time = Timestamp(iso8601: iso8601) {
            self.init(time)
        } else {
            iso = ""
            text = Words.clean(iso8601)
        }
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
