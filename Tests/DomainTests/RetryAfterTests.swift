import Domain
import Testing

@Suite("Retry-After")
struct RetryAfterTests {
    /// 2026-11-22T10:00:00Z, a Sunday.
    static let wall = Timestamp(milliseconds: 1_795_341_600_000)

    @Test(
        "seconds",
        arguments: [
            ("0", Span.zero as Span?), ("1", .seconds(1)), ("120", .seconds(120)), (" 7\t", .seconds(7)),
            ("86400", .hours(24)), ("86401", .hours(24)), ("99999999999999999999999", .hours(24)), ("", nil),
            (" ", nil),
            ("-1", nil), ("+1", nil), ("1.5", nil), ("1s", nil), ("soon", nil), ("0x10", nil), ("٣", nil),
        ])
    func seconds(text: String, wait: Span?) {
        #expect(RetryAfter.wait(text, wall: RetryAfterTests.wall) == wait)
    }

    @Test(
        "dates in all three forms, past and far ones within the bounds",
        arguments: [
            ("Sun, 22 Nov 2026 10:01:00 GMT", Span.minutes(1) as Span?),
            ("Sunday, 22-Nov-26 10:01:00 GMT", .minutes(1)),
            ("Sun Nov 22 10:01:00 2026", .minutes(1)),
            ("Sun, 22 Nov 2026 09:59:59 GMT", .zero), ("Sun, 06 Nov 1994 08:49:37 GMT", .zero),
            ("Sun Nov  6 08:49:37 1994", .zero), ("Sunday, 06-Nov-94 08:49:37 GMT", .zero),
            ("Fri, 31 Dec 9999 23:59:59 GMT", .hours(24)),
            ("Sun, 22 Nov 2026 10:01:00", nil), ("Sun, 22 Nov 2026 10:01:00 CET", nil),
            ("Sun, 32 Nov 2026 10:01:00 GMT", nil),
            ("Mon, 29 Feb 2027 10:01:00 GMT", nil), ("Sun, 22 Now 2026 10:01:00 GMT", nil), ("Sun, 22 Nov 2026", nil),
            ("Sun, 22 Nov 2026 25:01:00 GMT", nil), ("Sun, 22 Nov 2026 10:01:00 GMT ago", nil), ("Sun", nil),
            ("2026-11-22T10:01:00Z", nil),
        ])
    func dates(text: String, wait: Span?) {
        #expect(RetryAfter.wait(text, wall: RetryAfterTests.wall) == wait)
    }

    @Test("a date counts from the server's own clock where it tells it")
    func serverDate() {
        let until = "Sun, 22 Nov 2026 12:00:30 GMT"
        let wait = RetryAfter.wait(until, date: "Sun, 22 Nov 2026 12:00:00 GMT", wall: RetryAfterTests.wall)
        #expect(wait == .seconds(30))
        #expect(RetryAfter.wait(until, date: "today", wall: RetryAfterTests.wall) == .milliseconds(7_230_000))
        #expect(RetryAfter.wait(until, wall: Timestamp(milliseconds: .min)) == .hours(24))
        #expect(RetryAfter.wait(until, wall: Timestamp(milliseconds: .max)) == .zero)
    }
}
