import Domain
import Testing

@Suite("Medians in bounded memory")
struct DurationTallyTests {
    private func tally(_ lengths: [Int64]) -> DurationTally {
        var tally = DurationTally()
        for length in lengths { tally.add(from: Timestamp(milliseconds: 5), to: Timestamp(milliseconds: 5 + length)) }
        return tally
    }

    @Test("nothing has no median")
    func empty() {
        #expect(tally([]).median == nil)
        #expect(tally([]).percentile(90) == nil)
        #expect(tally([]).count == 0)
    }

    @Test(
        "the nearest rank",
        arguments: [
            ([7], 50, 7), ([7], 90, 7), ([1, 2], 50, 1), ([1, 2], 90, 2), ([3, 1, 2], 50, 2),
            ([4, 1, 3, 2], 50, 2), ([4, 1, 3, 2], 75, 3), ([10, 9, 8, 7, 6, 5, 4, 3, 2, 1], 90, 9),
            ([10, 9, 8, 7, 6, 5, 4, 3, 2, 1], 91, 10), ([5, 5, 5, 100], 50, 5), ([5, 5, 5, 100], 100, 100),
            ([0, 0, 9], 50, 0), ([1, 2, 3], 0, 1),
        ] as [([Int64], Int, Int64)])
    func ranks(lengths: [Int64], percent: Int, expected: Int64) {
        #expect(tally(lengths).percentile(percent) == .milliseconds(expected))
    }

    @Test(
        "three digits are kept",
        arguments: [
            (0, 0), (999, 999), (1000, 1000), (1004, 1000), (1005, 1010), (5_400_000, 5_400_000),
            (3_723_456, 3_720_000), (9_995, 10_000), (.max - 5, 9_220_000_000_000_000_000),
        ] as [(Int64, Int64)])
    func rounding(length: Int64, expected: Int64) {
        #expect(tally([length]).median == .milliseconds(expected))
    }

    @Test("an end before the beginning is not counted, nor what no number holds")
    func backwards() {
        var tally = tally([-1])
        tally.add(from: Timestamp(milliseconds: .min), to: Timestamp(milliseconds: 1))
        #expect(tally.count == 0)
        #expect(tally.median == nil)
    }
}
