import Domain
import Testing

struct WindowTests {
    private let weekend = Window(
        kind: .deny, schedule: "0 17 * * FRI", duration: .hours(63), timeZone: "Europe/Berlin", allowRollback: true)
    private let office = Window(
        kind: .allow, schedule: "0 9 * * MON-FRI", duration: .hours(8), timeZone: "Europe/Berlin")

    private func judge(_ groups: [[Window]], _ time: String, isReturn: Bool = false) -> String {
        switch WindowSet(groups, zones: TestZones()).judge(at: at(time), isReturn: isReturn) {
        case .open: "open"
        case .closed(let next, _): next?.iso8601 ?? "never"
        }
    }

    @Test(arguments: [
        ("2026-11-27T15:59:59.999Z", "open"), ("2026-11-27T16:00:00Z", "2026-11-30T07:00:00.000Z"),
        ("2026-11-30T06:59:59.999Z", "2026-11-30T07:00:00.000Z"), ("2026-11-30T07:00:00Z", "open"),
        // The clock goes back in this one: 63 hours are 63 hours.
        ("2026-10-24T00:00:00Z", "2026-10-26T06:00:00.000Z"),
    ])
    func aDenyWindowClosesForItsDuration(time: String, expected: String) {
        #expect(judge([[weekend]], time) == expected)
        #expect(judge([[weekend]], time, isReturn: true) == "open")
    }

    @Test(arguments: [
        ("2026-11-27T07:59:59Z", "2026-11-27T08:00:00.000Z"), ("2026-11-27T08:00:00Z", "open"),
        ("2026-11-27T15:59:59Z", "open"), ("2026-11-27T16:00:00Z", "2026-11-30T08:00:00.000Z"),
    ])
    func anAllowWindowOpensForItsDuration(time: String, expected: String) {
        #expect(judge([[office]], time) == expected)
        #expect(judge([[office]], time, isReturn: true) == expected)
        #expect(judge([[weekend, office]], time) == expected)
    }

    @Test func withoutWindowsAllIsOpen() {
        #expect(judge([], "2026-11-27T16:00:00Z") == "open")
        #expect(judge([[], []], "2026-11-27T16:00:00Z") == "open")
    }

    @Test func denyBeatsAllow() {
        let always = Window(kind: .allow, schedule: "0 0 * * *", duration: .hours(24))
        #expect(judge([[always]], "2026-11-28T12:00:00Z") == "open")
        #expect(judge([[always, weekend]], "2026-11-28T12:00:00Z") == "2026-11-30T07:00:00.000Z")
    }

    @Test func aManifestsAllowDoesNotLoosenThePolicys() {
        let night = Window(kind: .allow, schedule: "0 2 * * *", duration: .hours(1))
        #expect(judge([[office], [night]], "2026-11-27T10:00:00Z") == "never")
        let long = Window(kind: .allow, schedule: "0 2 * * *", duration: .hours(7))
        #expect(judge([[office], [long]], "2026-11-27T10:00:00Z") == "2026-11-30T08:00:00.000Z")
    }

    @Test func aReturnPassesAnAllowThatSaysSo() {
        var lenient = office
        lenient.allowRollback = true
        #expect(judge([[lenient]], "2026-11-27T20:00:00Z", isReturn: true) == "open")
        #expect(judge([[lenient]], "2026-11-27T20:00:00Z") == "2026-11-30T08:00:00.000Z")
        var strict = weekend
        strict.allowRollback = false
        #expect(judge([[weekend], [strict]], "2026-11-28T12:00:00Z", isReturn: true) == "2026-11-30T07:00:00.000Z")
    }

    @Test func windowsThatOverlapCloseUntilTheLastEnds() {
        let first = Window(kind: .deny, schedule: "0 10 * * *", duration: .hours(2))
        let second = Window(kind: .deny, schedule: "0 11 * * *", duration: .hours(3))
        let third = Window(kind: .deny, schedule: "0 14 * * *", duration: .minutes(5))
        #expect(judge([[first, second, third]], "2026-11-27T10:30:00Z") == "2026-11-27T14:05:00.000Z")
    }

    @Test func aDenyThatNeverEndsHasNoNextOpening() {
        let always = Window(kind: .deny, schedule: "0 0 * * *", duration: .hours(24))
        #expect(judge([[always]], "2026-11-27T10:30:00Z") == "never")
        let busy = Window(kind: .deny, schedule: "* * * * *", duration: .days(366))
        #expect(judge([[busy]], "2026-11-27T10:30:00Z") == "never")
    }

    @Test(arguments: ["nonsense", "0 0 30 2 *"])
    func whatCannotBeReadIsNotOpen(schedule: String) {
        for kind in Window.Kind.allCases {
            #expect(
                judge([[Window(kind: kind, schedule: schedule, duration: .hours(1))]], "2026-11-27T10:30:00Z")
                    == "never")
            let lost = Window(kind: kind, schedule: "0 0 * * *", duration: .hours(1), timeZone: "Mars/Base")
            #expect(judge([[lost]], "2026-11-27T10:30:00Z") == "never")
        }
    }

    @Test func aSkippedMinuteOpensAtTheEndOfTheGapAndARepeatedOneTwice() {
        let window = Window(kind: .allow, schedule: "30 2 * * *", duration: .minutes(30), timeZone: "Europe/Berlin")
        #expect(judge([[window]], "2026-03-29T00:59:00Z") == "2026-03-29T01:00:00.000Z")
        #expect(judge([[window]], "2026-03-29T01:29:00Z") == "open")
        #expect(judge([[window]], "2026-03-29T01:30:00Z") == "2026-03-30T00:30:00.000Z")
        #expect(judge([[window]], "2026-10-25T00:30:00Z") == "open")
        #expect(judge([[window]], "2026-10-25T01:00:00Z") == "2026-10-25T01:30:00.000Z")
        #expect(judge([[window]], "2026-10-25T01:30:00Z") == "open")
    }

    @Test(.timeLimit(.minutes(1))) func theWorstWindowsAreJudgedInBoundedTime() {
        let windows = (0..<32).map { number in
            Window(
                kind: number % 2 == 0 ? .deny : .allow, schedule: "\(number) \(number % 24) 29 2 *",
                duration: .days(366),
                timeZone: "Europe/Berlin")
        }
        let duration = ContinuousClock().measure { _ = judge([windows, windows], "2027-03-02T00:00:00Z") }
        #expect(duration < .seconds(20))
    }

    @Test(arguments: [Int64.min, -1, 0, Int64.max / 2, Int64.max])
    func hostileTimesDoNotTrap(milliseconds: Int64) {
        _ = WindowSet([[weekend, office]], zones: TestZones()).judge(
            at: Timestamp(milliseconds: milliseconds), isReturn: false)
    }
}
