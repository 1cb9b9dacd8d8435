import Domain
import Foundation
import Testing

@testable import Live

struct ClockTests {
    private let wall = Timestamp(milliseconds: 1_800_000_000_000)

    @Test func aNewStateBeginsAtZero() {
        let clock = SystemClock(continuing: nil)
        let first = clock.now()
        #expect((0..<60_000).contains(first.tick.milliseconds))
        #expect(abs(Double(first.wall.milliseconds) / 1000 - Date().timeIntervalSince1970) < 60)
        #expect(clock.now().tick >= first.tick)
    }

    @Test(arguments: [(Int64(0), Int64(5000)), (60_000, 65_000), (-60_000, 5000)])
    func timeWithoutAProcessIsThatOfTheWallAndNeverLessThanZero(advance: Int64, expected: Int64) {
        let stored = Now(tick: Tick(milliseconds: 5000), wall: wall)
        let clock = SystemClock(continuing: stored, wall: Timestamp(milliseconds: wall.milliseconds + advance))
        #expect((expected..<(expected + 60_000)).contains(clock.now().tick.milliseconds))
    }

    @Test func hostileStoredTimesDoNotTrap() {
        for milliseconds in [Int64.min, Int64.max] {
            let stored = Now(tick: Tick(milliseconds: .max), wall: Timestamp(milliseconds: milliseconds))
            #expect(SystemClock(continuing: stored).now().tick.milliseconds == .max)
        }
    }
}

struct TimeZoneTests {
    private let zones = SystemTimeZones()

    @Test(arguments: [
        ("Europe/Berlin", true), ("UTC", true), ("America/New_York", true), ("Europe/Berlim", false), ("", false),
        ("../etc/passwd", false), ("/etc/localtime", false), ("Mars/Base", false),
    ])
    func onlyKnownNamesExist(name: String, expected: Bool) {
        #expect(zones.exists(name) == expected)
    }

    @Test(arguments: [
        ("Europe/Berlin", "2026-03-29T00:59:59.999Z", 3600), ("Europe/Berlin", "2026-03-29T01:00:00Z", 7200),
        ("Europe/Berlin", "2026-10-25T00:59:59.999Z", 7200), ("Europe/Berlin", "2026-10-25T01:00:00Z", 3600),
        ("Asia/Kolkata", "2026-10-25T01:00:00Z", 19_800), ("UTC", "2026-10-25T01:00:00Z", 0),
        ("Mars/Base", "2026-10-25T01:00:00Z", 0),
    ])
    func offsetsAreThoseOfTheZone(zone: String, time: String, expected: Int) throws {
        #expect(zones.offsetSeconds(of: zone, at: try #require(Timestamp(iso8601: time))) == expected)
    }

    @Test func windowsAreJudgedWithRealZones() throws {
        let weekend = Window(kind: .deny, schedule: "0 17 * * FRI", duration: .hours(63), timeZone: "Europe/Berlin")
        let now = try #require(Timestamp(iso8601: "2026-07-03T15:00:00Z"))
        let next = try #require(Timestamp(iso8601: "2026-07-06T06:00:00Z"))
        #expect(
            WindowSet([[weekend]], zones: zones).judge(at: now, isReturn: false)
                == .closed(next: next, because: weekend))
    }
}

struct DigestTests {
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    ])
    func sha256(text: String, expected: String) {
        #expect(SHA256Digests().sha256(Array(text.utf8)) == expected)
    }

    @Test func seedsAndIDsDiffer() {
        #expect(SystemRandom.seed() != SystemRandom.seed())
        #expect(SystemRandom.id() != SystemRandom.id())
        #expect(SystemRandom.id().count == 32)
    }
}
