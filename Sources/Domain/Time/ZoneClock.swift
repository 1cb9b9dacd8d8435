/// The clock on the wall of one time zone, from the port that knows offsets.
struct ZoneClock {
    let zones: any TimeZones
    let name: String

    private static let millisecondsPerHour: Int64 = 3_600_000
    /// Wider than any zone's distance from UTC, in hours.
    private static let marginHours: Int64 = 27

    func offset(at time: Timestamp) -> Int64 { Int64(zones.offsetSeconds(of: name, at: time)) * 1000 }

    /// Milliseconds of the local clock, counted as if it were UTC.
    func local(_ time: Timestamp, _ offset: Int64) -> Int64 { time.milliseconds.addingClamped(offset) }

    func localDay(of time: Timestamp) -> Int64 {
        local(time, offset(at: time)).dividedDown(by: Timestamp.millisecondsPerDay).quotient
    }

    func instant(of minute: Int, on day: Int64, _ offset: Int64) -> Timestamp {
        Timestamp(milliseconds: day * Timestamp.millisecondsPerDay + Int64(minute) * 60_000 - offset)
    }

    /// The offset of a local day on which, and around which, the clock is not set; else nil.
    func steadyOffset(on day: Int64) -> Int64? {
        let (before, after) = offsets(around: day)
        return before == after ? before : nil
    }

    /// Every instant at which the clock shows one of these minutes on this day, in order, each once.
    func instants(of minutes: [Int], on day: Int64) -> [Timestamp] {
        let (before, after) = offsets(around: day)
        var found: Set<Timestamp> = []
        for minute in minutes {
            let early = instant(of: minute, on: day, before)
            let late = instant(of: minute, on: day, after)
            let shown = [(early, before), (late, after)].filter { offset(at: $0.0) == $0.1 }.map(\.0)
            found.formUnion(shown.isEmpty ? [endOfGap(between: early, and: late)] : shown)
        }
        return found.sorted()
    }

    private func offsets(around day: Int64) -> (before: Int64, after: Int64) {
        let midnight = day * Timestamp.millisecondsPerDay
        let margin = ZoneClock.marginHours * ZoneClock.millisecondsPerHour
        return (
            offset(at: Timestamp(milliseconds: midnight - margin)),
            offset(at: Timestamp(milliseconds: midnight + Timestamp.millisecondsPerDay + margin))
        )
    }

    /// The clock jumps forward between the two instants; the first one after the jump.
    private func endOfGap(between one: Timestamp, and other: Timestamp) -> Timestamp {
        var low = min(one, other).milliseconds
        var high = max(one, other).milliseconds
        let settled = offset(at: Timestamp(milliseconds: high))
        while high - low > 1 {
            let middle = low + (high - low) / 2
            if offset(at: Timestamp(milliseconds: middle)) == settled { high = middle } else { low = middle }
        }
        return Timestamp(milliseconds: high)
    }
}
