/// Lengths of time of which median and percentiles are asked, in a memory that does not grow with their number: each is
/// rounded to three significant digits (by at most half a percent) and counted.
package struct DurationTally: Hashable, Sendable {
    /// 1000 values below a second, 900 for each power of ten above.
    static let significantDigitsLimit: Int64 = 1000

    private var counts: [Int64: Int] = [:]
    package private(set) var count = 0

    package init() {}

    /// Nothing is counted that ends before it began: two clocks disagreed, and the length is unknown.
    package mutating func add(from start: Timestamp, to end: Timestamp) {
        let (length, overflow) = end.milliseconds.subtractingReportingOverflow(start.milliseconds)
        guard !overflow, length >= 0 else { return }
        counts[Self.rounded(length), default: 0] += 1
        count += 1
    }

    /// The least of the lengths that at least so many percent of all do not exceed (the nearest rank); nil without any.
    package func percentile(_ percent: Int) -> Span? {
        let rank = max(1, (count * percent + 99) / 100)
        var seen = 0
        for length in counts.keys.sorted() {
            seen += counts[length] ?? 0
            if seen >= rank { return Span(milliseconds: length) }
        }
        return nil
    }

    package var median: Span? { percentile(50) }

    private static func rounded(_ length: Int64) -> Int64 {
        var unit: Int64 = 1
        while length / unit >= significantDigitsLimit { unit *= 10 }
        let rest = length % unit
        let floor = length - rest
        return unit > 1 && rest >= unit / 2 ? floor.addingClamped(unit) : floor
    }
}
