import Domain
import Testing

struct TimestampTests {
    @Test(arguments: [
        ("1970-01-01T00:00:00.000Z", 0), ("2026-11-22T09:30:00.123Z", 1_795_339_800_123),
        ("2000-02-29T23:59:59.999Z", 951_868_799_999), ("1969-12-31T23:59:59.999Z", -1),
        ("0000-01-01T00:00:00.000Z", -62_167_219_200_000), ("9999-12-31T23:59:59.999Z", 253_402_300_799_999),
    ])
    func writesAndReads(text: String, milliseconds: Int64) {
        #expect(Timestamp(milliseconds: milliseconds).iso8601 == text)
        #expect(Timestamp(iso8601: text)?.milliseconds == milliseconds)
    }

    @Test(arguments: [
        ("2026-11-22T09:30:00Z", 1_795_339_800_000), ("2026-11-22t09:30:00z", 1_795_339_800_000),
        ("2026-11-22 10:30:00+01:00", 1_795_339_800_000), ("2026-11-22T04:00:00.5-05:30", 1_795_339_800_500),
        ("2026-11-22T09:30:00.123456789Z", 1_795_339_800_123), ("2026-11-22T09:30:00,1Z", 1_795_339_800_100),
    ])
    func readsOtherForms(text: String, milliseconds: Int64) {
        #expect(Timestamp(iso8601: text)?.milliseconds == milliseconds)
    }

    @Test(arguments: [
        "", "2026", "2026-11-22", "2026-11-22T09:30:00", "2026-13-01T00:00:00Z", "2026-02-29T00:00:00Z",
        "2026-11-31T00:00:00Z", "2026-11-22T24:00:00Z", "2026-11-22T09:60:00Z", "2026-11-22T09:30:60Z",
        "2026-11-22T09:30:00.Z", "2026-11-22T09:30:00.1234567890Z", "2026-11-22T09:30:00+1:00", "2026-11-22T09:30:00ZZ",
        "-2026-11-22T09:30:00Z", "2026-00-10T00:00:00Z", "2026-01-00T00:00:00Z", "２０２６-11-22T09:30:00Z",
    ])
    func refuses(text: String) {
        #expect(Timestamp(iso8601: text) == nil)
    }

    @Test func everyDayOfTwelveCenturiesIsTheNextOfTheOneBefore() {
        let first = CivilDate(year: 1500, month: 1, day: 1).epochDay
        var expected = CivilDate(year: 1500, month: 1, day: 1)
        for day in first..<(first + 438_291) {
            let date = CivilDate(epochDay: day)
            guard date == expected, date.epochDay == day else {
                Issue.record("day \(day) is \(date), expected \(expected)")
                return
            }
            expected.day += 1
            if expected.day > CivilDate.daysIn(month: expected.month, year: expected.year) {
                (expected.month, expected.day) = (expected.month + 1, 1)
            }
            if expected.month > 12 { (expected.year, expected.month) = (expected.year + 1, 1) }
        }
        #expect(expected == CivilDate(year: 2700, month: 1, day: 1))
    }

    @Test(arguments: [Int64.min, Int64.max])
    func aTimeOutOfAllBoundsIsShownAsTheNearest(milliseconds: Int64) {
        #expect(Timestamp(milliseconds: milliseconds).iso8601.count == 24)
    }
}
