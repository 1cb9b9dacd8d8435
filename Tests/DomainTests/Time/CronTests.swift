import Testing

@testable import Domain

struct CronTests {
    private let zone = ZoneClock(zones: TestZones(), name: "UTC")

    @Test(arguments: [
        ("0 17 * * FRI", "2026-11-22T00:00:00Z", "2026-11-27T17:00:00.000Z"),
        ("0 17 * * fri", "2026-11-27T17:00:00Z", "2026-12-04T17:00:00.000Z"),
        ("*/15 * * * *", "2026-11-22T00:14:59Z", "2026-11-22T00:15:00.000Z"),
        ("5-59/20 0 * * *", "2026-11-22T00:05:00Z", "2026-11-22T00:25:00.000Z"),
        ("0 0 29 2 *", "2026-11-22T00:00:00Z", "2028-02-29T00:00:00.000Z"),
        ("0 0 29 2 *", "2096-03-01T00:00:00Z", "2104-02-29T00:00:00.000Z"),
        ("0 0 1 JAN *", "2026-11-22T00:00:00Z", "2027-01-01T00:00:00.000Z"),
        ("0 0 13 * FRI", "2026-11-22T00:00:00Z", "2026-11-27T00:00:00.000Z"),
        ("0 0 13 * FRI", "2026-12-12T00:00:00Z", "2026-12-13T00:00:00.000Z"),
        ("0 0 */2 * FRI", "2026-11-22T00:00:00Z", "2026-11-27T00:00:00.000Z"),
        ("0 0 * * 7", "2026-11-23T00:00:00Z", "2026-11-29T00:00:00.000Z"),
        ("0 0 * * 0", "2026-11-23T00:00:00Z", "2026-11-29T00:00:00.000Z"),
        ("0 0 * * SAT-SUN", "2026-11-23T00:00:00Z", "2026-11-28T00:00:00.000Z"),
        ("0 0 * * FRI-7", "2026-11-28T00:00:00Z", "2026-11-29T00:00:00.000Z"),
        ("59 23 31 12 *", "2026-11-23T00:00:00Z", "2026-12-31T23:59:00.000Z"),
        ("1,3,5 4,6 * * *", "2026-11-23T04:05:00Z", "2026-11-23T06:01:00.000Z"),
        ("0\t0   1 *\t*", "2026-11-23T04:05:00Z", "2026-12-01T00:00:00.000Z"),
    ])
    func nextStart(schedule: String, after: String, expected: String) throws {
        #expect(try CronSchedule(schedule).earliestStart(after: at(after), in: zone)?.iso8601 == expected)
    }

    @Test(arguments: [
        ("", "five fields"), ("* * * *", "found 4"), ("* * * * * *", "found 6"), ("@daily", "five fields"),
        ("60 * * * *", "no minute"), ("* 24 * * *", "no hour"), ("* * 0 * *", "no day of the month"),
        ("* * 32 * *", "no day of the month"), ("* * * 0 *", "no month"), ("* * * 13 *", "no month"),
        ("* * * * 8", "no day of the week"), ("* * * * FRY", "`FRY`"), ("* * * FRI *", "no month"),
        ("-1 * * * *", "no minute"),
        ("5-1 * * * *", "backwards"), ("* * * * FRI-MON", "backwards"), ("*/0 * * * *", "step"),
        ("*/60 * * * *", "step"),
        ("*/x * * * *", "step"), ("5/10 * * * *", "write `5-59/10`"), ("1,,2 * * * *", "no minute"),
        (", * * * *", "no minute"),
        ("1- * * * *", "no minute"), ("** * * * *", "no minute"), ("0 0 30 2 *", "never comes"),
        ("0 0 31 4,6,9,11 *", "never comes"),
        ("1e1 * * * *", "no minute"), ("٣ * * * *", "no minute"), ("001 * * * *", "no minute"),
        (String(repeating: "1,", count: 200) + "1 * * * *", "longer than"),
    ])
    func refuses(schedule: String, reason: String) {
        let problem = #expect(throws: CronProblem.self) { try CronSchedule(schedule) }
        #expect(problem?.message.contains(reason) == true, "\(problem?.message ?? "")")
    }

    /// Every minute of the weeks in which clocks are set, against what the zone's clock shows.
    @Test(
        arguments: ["UTC", "Europe/Berlin", "Test/HalfHour", "Test/East"],
        ["2026-03-28T00:00:00Z", "2026-10-24T00:00:00Z"])
    func startsAreThoseOfTheClockOnTheWall(zone name: String, from: String) throws {
        let zone = ZoneClock(zones: TestZones(), name: name)
        for text in ["*/15 * * * *", "30 2 * * *", "0 3 * * *", "0 2,3 * * SUN", "10 */5 28-31 * MON", "59 23 * * *"] {
            let schedule = try CronSchedule(text)
            let first = at(from)
            let last = first.advanced(by: .days(3))
            let expected = shown(schedule, zone, first, last)
            var found: [Timestamp] = []
            var time = first.advanced(by: .milliseconds(-1))
            while let next = schedule.earliestStart(after: time, in: zone), next < last {
                found.append(next)
                time = next
            }
            #expect(found == expected, "\(text) in \(name)")
            for start in expected {
                let since = start.advanced(by: .hours(-1))
                #expect(schedule.latestStart(atOrBefore: start, since: since, in: zone) == start)
                let before = schedule.latestStart(
                    atOrBefore: start.advanced(by: .milliseconds(-1)), since: since, in: zone)
                #expect(before == expected.last { $0 < start && $0 >= since } || before.map { $0 < first } == true)
            }
        }
    }

    /// Minutes that the clock shows, and skipped ones at the end of the gap.
    private func shown(_ schedule: CronSchedule, _ zone: ZoneClock, _ first: Timestamp, _ last: Timestamp)
        -> [Timestamp]
    {
        var starts: [Timestamp] = []
        var lastShown = zone.local(first, zone.offset(at: first)) / 60_000 - 1
        for time in stride(from: first.milliseconds, to: last.milliseconds, by: 60_000).map(Timestamp.init) {
            let minute = zone.local(time, zone.offset(at: time)) / 60_000
            let begin = minute > lastShown + 1 ? lastShown + 1 : minute
            if (begin...minute).contains(where: { matches(schedule, $0) }) { starts.append(time) }
            lastShown = minute
        }
        return starts
    }

    private func matches(_ schedule: CronSchedule, _ localMinute: Int64) -> Bool {
        let (day, minute) = localMinute.dividedDown(by: 1440)
        return schedule.matches(epochDay: day)
            && schedule.hours & (1 << UInt64(minute / 60)) != 0 && schedule.minutes & (1 << UInt64(minute % 60)) != 0
    }
}
