/// What is wrong with a schedule, in words for the person who wrote it.
package struct CronProblem: Error, Hashable, Sendable {
    package var message: String
    init(_ message: String) { self.message = message }
}

/// Five cron fields (minute, hour, day of the month, month, day of the week) with numbers, names, lists, ranges and steps.
/// Where neither day field begins with `*`, a day matches that satisfies either, as in every cron since Version 7.
package struct CronSchedule: Hashable, Sendable {
    package static let maxTextBytes = 256

    let minutes: UInt64
    let hours: UInt64
    let days: UInt64
    let months: UInt64
    let weekdays: UInt64
    let eitherDay: Bool

    package init(_ text: String) throws(CronProblem) {
        guard text.utf8.count <= CronSchedule.maxTextBytes else {
            throw CronProblem("the schedule is longer than \(CronSchedule.maxTextBytes) bytes")
        }
        let fields = text.split(whereSeparator: { $0 == " " || $0 == "\t" })
        guard fields.count == 5 else {
            throw CronProblem(
                "expected five fields (minute, hour, day of the month, month, day of the week), found \(fields.count)")
        }
        minutes = try CronField(fields[0], .minute).bits
        hours = try CronField(fields[1], .hour).bits
        let day = try CronField(fields[2], .day)
        months = try CronField(fields[3], .month).bits
        let weekday = try CronField(fields[4], .weekday)
        days = day.bits
        weekdays = weekday.bits
        eitherDay = !day.isStar && !weekday.isStar
        guard eitherDay || comesAtAll else {
            throw CronProblem("none of these days is in any of these months, so that the schedule never comes")
        }
    }

    /// False for the 30th of February and its like.
    private var comesAtAll: Bool {
        let first = days.trailingZeroBitCount
        return (1...12).contains { month in
            months & (1 << UInt64(month)) != 0 && first <= CivilDate.daysIn(month: month, year: 2000)
        }
    }

    /// Whether the schedule has a start on this local day.
    func matches(epochDay: Int64) -> Bool {
        let date = CivilDate(epochDay: epochDay)
        guard months & (1 << UInt64(date.month)) != 0 else { return false }
        let byDay = days & (1 << UInt64(date.day)) != 0
        let byWeekday = weekdays & (1 << UInt64(CivilDate.weekday(ofEpochDay: epochDay))) != 0
        return eitherDay ? byDay || byWeekday : byDay && byWeekday
    }

    /// The last matching minute of a day that is not after `minute` (0...1439).
    func lastMinute(atOrBefore minute: Int) -> Int? {
        for hour in stride(from: minute / 60, through: 0, by: -1) where hours & (1 << UInt64(hour)) != 0 {
            let mask: UInt64 = hour == minute / 60 ? (2 << UInt64(minute % 60)) &- 1 : .max
            let found = minutes & mask
            if found != 0 { return hour * 60 + 63 - found.leadingZeroBitCount }
        }
        return nil
    }

    /// The first matching minute of a day that is not before `minute` (0...1439).
    func firstMinute(atOrAfter minute: Int) -> Int? {
        for hour in (minute / 60)..<24 where hours & (1 << UInt64(hour)) != 0 {
            let mask: UInt64 = hour == minute / 60 ? .max << UInt64(minute % 60) : .max
            let found = minutes & mask
            if found != 0 { return hour * 60 + found.trailingZeroBitCount }
        }
        return nil
    }

    /// Every matching minute of a day, for the few days on which a clock is set.
    var minutesOfDay: [Int] {
        (0..<1440).filter { hours & (1 << UInt64($0 / 60)) != 0 && minutes & (1 << UInt64($0 % 60)) != 0 }
    }
}
