import Domain
import Testing

@Suite("Delivery figures out of a history that forgets")
struct DeliveryHistoryTests {
    private static let groupings: [DeliveryReport.Grouping] = [.bot, .environment, .label("team")]

    /// Facts of two years, drawn from a seed.
    private static func facts(_ seed: UInt64) -> [DeliveryFact] {
        var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
        func draw(_ count: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(count))
        }
        var hour: Int64 = -24 * 700
        return (0..<300).map { number in
            hour += Int64(draw(110))
            let bot = draw(4)
            if draw(6) == 0 { return DeliveryReportTests.inSync(at: hour, bot: bot) }
            let outcomes: [Outcome] = [.succeeded, .succeeded, .failed, .failedOver, .blocked, .superseded, .degraded]
            return DeliveryReportTests.ended(
                outcomes[draw(outcomes.count)], at: hour, commit: "c\(number / 2 * (draw(2) + 1))", committed: hour - 1,
                bot: bot,
                cause: draw(5) == 0 ? .platform : .manifest, direction: draw(2) == 0 ? .rollback : .deployment,
                labels: ["team": "t\(bot % 2)"])
        }
    }

    @Test("are those of the whole trail, however it was read and folded", arguments: UInt64(1)...60)
    func same(seed: UInt64) throws {
        let facts = Self.facts(seed)
        let last = try #require(facts.last)
        var history = DeliveryHistory()
        var page: [DeliveryFact] = []
        for (index, fact) in facts.enumerated() {
            page.append(fact)
            guard index % (Int(seed % 7) + 1) == 0 || index == facts.count - 1 else { continue }
            history.take(page, through: Int64(index))
            history.fold(at: fact.at)
            page = []
        }
        #expect(history.position == Int64(facts.count - 1))
        #expect(history.count < 100)
        for days in [1, 7, 30, 90] {
            let now = last.at
            let period = DeliveryPeriod(
                since: now.advanced(by: Span(milliseconds: -Span.days(Int64(days)).milliseconds)), until: now)
            for grouping in Self.groupings {
                var whole = DeliveryReport(over: period, by: grouping)
                for fact in facts { whole.take(fact) }
                let folded = history.report(over: period, by: grouping, inSync: [])
                #expect(folded.totals == whole.totals)
                #expect(folded.rows == whole.rows)
            }
        }
    }

    @Test("what is so now ends a failure that was folded long ago")
    func restored() {
        var history = DeliveryHistory()
        history.take([DeliveryReportTests.ended(.failed, at: -24 * 200)], through: 1)
        history.fold(at: DeliveryReportTests.hour(240))
        #expect(history.count == 0)
        func unrestored(_ inSync: [DeliveryFact]) -> Int {
            history.report(over: DeliveryReportTests.period, by: .bot, inSync: inSync).totals.unrestored
        }
        #expect(unrestored([]) == 1 && unrestored([DeliveryReportTests.inSync(at: 3)]) == 0)
    }

    @Test(arguments: [
        (9_500, "9s500ms"), (12_345, "12s"), (178_000, "2m58s"), (4_359_000, "1h12m"), (100_000_000, "1d3h"), (0, "0s"),
    ])
    func lengthsForPeople(milliseconds: Int64, text: String) {
        #expect(Span(milliseconds: milliseconds).rounded.text == text)
    }
}
