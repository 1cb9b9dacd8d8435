/// Instants at which a schedule starts in a time zone.
///
/// An instant is a start where the zone's clock shows a matching minute: in an hour that the clock shows twice, both
/// times. A matching minute that the clock skips starts at the end of the gap, so that a window is never lost.
extension CronSchedule {
    /// How far the search for a start goes: past the longest pause of the 29th of February (8 years around 2100).
    package static let maxSearchDays: Int64 = 8 * 366 + 1

    /// The latest start in `earliest...time`.
    func latestStart(atOrBefore time: Timestamp, since earliest: Timestamp, in zone: ZoneClock) -> Timestamp? {
        guard time >= earliest else { return nil }
        let last = zone.localDay(of: time) + 1
        let first = max(zone.localDay(of: earliest) - 1, last - CronSchedule.maxSearchDays)
        for day in stride(from: last, through: first, by: -1) where matches(epochDay: day) {
            guard let start = lastStart(on: day, atOrBefore: time, in: zone) else { continue }
            return start >= earliest ? start : nil
        }
        return nil
    }

    /// The earliest start after `time`; nil where none comes within `maxSearchDays`.
    func earliestStart(after time: Timestamp, in zone: ZoneClock) -> Timestamp? {
        let first = zone.localDay(of: time) - 1
        for day in first...(first + CronSchedule.maxSearchDays) where matches(epochDay: day) {
            if let start = firstStart(on: day, after: time, in: zone) { return start }
        }
        return nil
    }

    private func lastStart(on day: Int64, atOrBefore time: Timestamp, in zone: ZoneClock) -> Timestamp? {
        guard let offset = zone.steadyOffset(on: day) else {
            return zone.instants(of: minutesOfDay, on: day).last { $0 <= time }
        }
        let minute = (zone.local(time, offset) - day * Timestamp.millisecondsPerDay).dividedDown(by: 60_000).quotient
        guard minute >= 0, let found = lastMinute(atOrBefore: Int(min(minute, 1439))) else { return nil }
        return zone.instant(of: found, on: day, offset)
    }

    private func firstStart(on day: Int64, after time: Timestamp, in zone: ZoneClock) -> Timestamp? {
        guard let offset = zone.steadyOffset(on: day) else {
            return zone.instants(of: minutesOfDay, on: day).first { $0 > time }
        }
        let minute =
            (zone.local(time, offset) - day * Timestamp.millisecondsPerDay).dividedDown(by: 60_000).quotient + 1
        guard minute <= 1439, let found = firstMinute(atOrAfter: Int(max(minute, 0))) else { return nil }
        return zone.instant(of: found, on: day, offset)
    }
}
