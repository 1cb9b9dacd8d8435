import Domain
import Testing

@Suite("When a delivery is tried again")
struct DeliveryScheduleTests {
    static let failed = DeliveryAnswer.failed(answer: "no", retryAfter: nil)
    static let refused = DeliveryAnswer.refused(status: 400, answer: "no")

    @Test("nine waits, then it is dead")
    func waits() {
        var schedule = DeliverySchedule()
        let seconds: [Int64] = [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400]
        for (index, wait) in seconds.enumerated() {
            #expect(schedule.handle(DeliveryScheduleTests.failed, jitter: 0) == .retry(after: .seconds(wait)))
            #expect(schedule.attempts == index + 1)
        }
        #expect(schedule.handle(DeliveryScheduleTests.failed, jitter: 0) == .dead)
        #expect(schedule.attempts == 10)
        #expect(schedule.handle(DeliveryScheduleTests.failed, jitter: 0) == .dead)
    }

    @Test(
        "jitter lengthens a wait by a tenth at most",
        arguments: [
            (0.0, Int64(5000)), (0.5, 5250), (0.999, 5499), (1, 5500), (7, 5500), (-1, 5000), (.nan, 5000),
            (.infinity, 5000), (-.infinity, 5000),
        ])
    func jitter(number: Double, milliseconds: Int64) {
        var schedule = DeliverySchedule()
        let next = schedule.handle(DeliveryScheduleTests.failed, jitter: number)
        #expect(next == .retry(after: .milliseconds(milliseconds)))
    }

    @Test(
        "Retry-After takes the place of the next wait, within its bounds and without jitter",
        arguments: [
            (Span.seconds(7), Span.seconds(7)), (.zero, .seconds(1)), (.milliseconds(-5), .seconds(1)),
            (.milliseconds(999), .seconds(1)), (.hours(24), .hours(24)), (.hours(25), .hours(24)),
            (Span(milliseconds: .max), .hours(24)),
        ])
    func retryAfter(asked: Span, wait: Span) {
        var schedule = DeliverySchedule()
        let answer = DeliveryAnswer.failed(answer: "later", retryAfter: asked)
        #expect(schedule.handle(answer, jitter: 0.9) == .retry(after: wait))
        // Only that one: the next wait is the second of the list.
        #expect(schedule.handle(DeliveryScheduleTests.failed, jitter: 0) == .retry(after: .minutes(5)))
    }

    @Test("asking to wait does not lengthen the life of an event")
    func retryAfterEnds() {
        var schedule = DeliverySchedule()
        let answer = DeliveryAnswer.failed(answer: "later", retryAfter: .seconds(2))
        for _ in 1...9 { #expect(schedule.handle(answer, jitter: 0) == .retry(after: .seconds(2))) }
        #expect(schedule.handle(answer, jitter: 0) == .dead)
    }

    @Test("a refusal is tried three times in all")
    func refused() {
        var schedule = DeliverySchedule()
        #expect(schedule.handle(DeliveryScheduleTests.refused, jitter: 0) == .retry(after: .seconds(5)))
        #expect(schedule.handle(DeliveryScheduleTests.refused, jitter: 0) == .retry(after: .minutes(5)))
        #expect(schedule.handle(DeliveryScheduleTests.refused, jitter: 0) == .dead)
        #expect(schedule.attempts == 3 && schedule.refusals == 3)
    }

    @Test("refusals among failures count by themselves")
    func mixed() {
        var schedule = DeliverySchedule()
        for _ in 1...2 {
            _ = schedule.handle(DeliveryScheduleTests.failed, jitter: 0)
            _ = schedule.handle(DeliveryScheduleTests.refused, jitter: 0)
        }
        #expect(schedule.refusals == 2 && schedule.attempts == 4)
        #expect(schedule.handle(DeliveryScheduleTests.refused, jitter: 0) == .dead)
    }

    @Test("delivered and gone, at every point of the schedule", arguments: 0...9)
    func ends(failures: Int) {
        var schedule = DeliverySchedule()
        for _ in 0..<failures { _ = schedule.handle(DeliveryScheduleTests.failed, jitter: 0) }
        #expect(schedule.handle(.gone(answer: ""), jitter: 0) == .disable)
        #expect(schedule.attempts == failures)
        #expect(schedule.handle(.delivered(status: 200), jitter: 0) == .done)
        #expect(schedule.attempts == failures + 1)
    }

    @Test("it goes on where a store left it, and damaged counts neither trap nor live for ever")
    func restored() {
        var schedule = DeliverySchedule(attempts: 4, refusals: 2)
        #expect(schedule.handle(DeliveryScheduleTests.failed, jitter: 0) == .retry(after: .hours(5)))
        #expect(schedule.handle(DeliveryScheduleTests.refused, jitter: 0) == .dead)
        for count in [Int.min, -1] {
            var odd = DeliverySchedule(attempts: count, refusals: count)
            #expect(odd.handle(DeliveryScheduleTests.failed, jitter: 0) == .retry(after: .seconds(5)))
        }
        var full = DeliverySchedule(attempts: .max, refusals: .max)
        #expect(full.handle(DeliveryScheduleTests.failed, jitter: 0) == .dead)
        #expect(full.handle(DeliveryScheduleTests.refused, jitter: 0) == .dead)
    }
}
