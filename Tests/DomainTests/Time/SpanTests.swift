import Domain
import Testing

struct SpanTests {
    @Test(arguments: [
        ("500ms", 500), ("30s", 30_000), ("10m", 600_000), ("2h", 7_200_000), ("7d", 604_800_000), ("1h30m", 5_400_000),
        ("0s", 0), ("0ms", 0), ("1d2h3m4s5ms", 93_784_005), ("90m", 5_400_000), ("1m500ms", 60_500), ("007s", 7000),
        ("9223372036854775807ms", Int64.max),
    ])
    func reads(text: String, milliseconds: Int64) {
        #expect(Span(text: text)?.milliseconds == milliseconds)
    }

    @Test(arguments: [
        "", " ", "10", "m", "ms", "-1s", "+1s", "1.5h", "1 h", "1h ", " 1h", "1H", "1min", "1w", "1m1h", "1m1m", "1s1s",
        "1ms1s", "1h30", "1e3s", "9223372036854775808ms", "9223372036854775807s", "106751991168d",
        "999999999999999999999d",
        "106751991167d24h1d", "١s", "1ｓ", "1s\n", "1ns", String(repeating: "1", count: 65) + "s",
    ])
    func refuses(text: String) {
        #expect(Span(text: text) == nil)
    }

    @Test(arguments: [
        (0, "0s"), (500, "500ms"), (60_500, "1m500ms"), (5_400_000, "1h30m"), (604_800_000, "7d"), (-1500, "-1s500ms"),
    ])
    func writes(milliseconds: Int64, text: String) {
        #expect(Span(milliseconds: milliseconds).text == text)
    }

    @Test func whatIsWrittenReadsBackAsTheSame() {
        var generator = Seeded(state: 7)
        for _ in 0..<2000 {
            let span = Span(milliseconds: Int64(generator.next() >> UInt64.random(in: 1...62, using: &generator)))
            #expect(Span(text: span.text) == span)
        }
        #expect(Span(milliseconds: .min).text == "-106751991167d7h12m55s808ms")
    }
}

/// A small generator with a seed, so that a failure can be seen again.
struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
