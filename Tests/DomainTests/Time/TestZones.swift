@testable import Domain

/// Zones whose rules are written out: UTC, Berlin (an hour forward on the last Sunday of March, back on that of October,
/// both at 01:00 UTC), Lord Howe's half hour, and one that is only an offset.
struct TestZones: TimeZones {
    func exists(_ name: String) -> Bool { ["UTC", "Europe/Berlin", "Test/HalfHour", "Test/East"].contains(name) }

    func offsetSeconds(of zone: String, at time: Timestamp) -> Int {
        switch zone {
        case "Europe/Berlin": isSummer(time) ? 7200 : 3600
        case "Test/HalfHour": isSummer(time) ? 12_600 : 10_800
        case "Test/East": 49_500
        default: 0
        }
    }

    private func isSummer(_ time: Timestamp) -> Bool {
        let day = time.milliseconds.dividedDown(by: 86_400_000).quotient
        let year = CivilDate(epochDay: day).year
        return time >= lastSunday(of: 3, year) && time < lastSunday(of: 10, year)
    }

    private func lastSunday(of month: Int, _ year: Int) -> Timestamp {
        var day = CivilDate(year: year, month: month, day: 31).epochDay
        while CivilDate.weekday(ofEpochDay: day) != 0 { day -= 1 }
        return Timestamp(milliseconds: day * 86_400_000 + 3_600_000)
    }
}

func at(_ text: String) -> Timestamp {
    Timestamp(iso8601: text) ?? Timestamp(milliseconds: .min)
}
