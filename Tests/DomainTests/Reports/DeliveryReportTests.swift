import Domain
import Testing

/// Times are hours after the beginning of a period of ten days; what is negative was before it.
@Suite("Delivery figures")
struct DeliveryReportTests {
    static let period = DeliveryPeriod(since: hour(0), until: hour(240))

    static func hour(_ hours: Int64) -> Timestamp {
        Timestamp(milliseconds: 1_790_000_000_000).advanced(by: .hours(hours))
    }

    static func ended(
        _ outcome: Outcome, at: Int64, commit: String? = nil, committed: Int64? = nil, bot: Int = 1,
        environment: String = "PRODUCTION", cause: DriftCause? = .manifest, direction: Direction? = .deployment,
        labels: [String: String] = [:]
    ) -> DeliveryFact {
        DeliveryFact(
            bot: BotKey(platform: "default", botId: "bot_\(bot)", environment: environment), name: "bot-\(bot)",
            labels: labels, at: hour(at),
            .ended(
                DeliveryFact.Ending(
                    outcome, direction: direction, cause: cause, commit: CommitID(commit ?? "c\(at)"),
                    committedAt: hour(committed ?? at - 1))))
    }

    static func inSync(at: Int64, bot: Int = 1) -> DeliveryFact {
        DeliveryFact(
            bot: BotKey(platform: "default", botId: "bot_\(bot)", environment: "PRODUCTION"), name: "bot-\(bot)",
            labels: [:], at: hour(at), .inSync)
    }

    static func report(_ facts: [DeliveryFact], by grouping: DeliveryReport.Grouping = .bot) -> DeliveryReport {
        var report = DeliveryReport(over: period, by: grouping)
        for fact in facts { report.take(fact) }
        return report
    }

    private func totals(_ facts: [DeliveryFact]) -> DeliveryFigures { Self.report(facts).totals }

    @Test("a period without deployments has no data, never zero")
    func nothing() {
        for facts in [[], [Self.ended(.superseded, at: 2), Self.ended(.blocked, at: 3)], [Self.inSync(at: 4)]] {
            let totals = totals(facts)
            #expect(totals.deployments == 0)
            #expect(totals.failureRate == nil)
            #expect(totals.perDay(over: Self.period) == nil)
            #expect(totals.leadTimes.median == nil)
            #expect(totals.restores.median == nil)
            #expect(Self.report(facts).rows.isEmpty)
        }
    }

    @Test(
        "what counts as what",
        arguments: [
            (.succeeded, 1, 0), (.failed, 0, 1), (.failedOver, 0, 1), (.degraded, 0, 1), (.timedOut, 0, 1),
            (.indeterminate, 0, 1), (.blocked, 0, 0), (.superseded, 0, 0),
        ] as [(Outcome, Int, Int)])
    func outcomes(outcome: Outcome, succeeded: Int, failed: Int) {
        let totals = totals([Self.ended(outcome, at: 5)])
        #expect(totals.succeeded == succeeded)
        #expect(totals.failed == failed)
        #expect(totals.unrestored == failed)
    }

    @Test("every outcome has its place in the table above")
    func allOutcomes() { #expect(Outcome.allCases.count == 8) }

    @Test("putting back what somebody switched is no deployment", arguments: Outcome.allCases)
    func putBack(outcome: Outcome) {
        let totals = totals([Self.ended(outcome, at: 5, cause: .platform)])
        #expect(totals == DeliveryFigures())
    }

    @Test(
        "a cause that is not known any more, or our own failure, is one",
        arguments: [nil, .rollout, .manifest] as [DriftCause?])
    func causes(cause: DriftCause?) {
        #expect(totals([Self.ended(.succeeded, at: 5, cause: cause)]).deployments == 1)
    }

    @Test("frequency is successes by days")
    func frequency() {
        let facts = [3, 50, 51, 239].map { Self.ended(.succeeded, at: $0) } + [Self.ended(.failed, at: 240)]
        #expect(totals(facts).perDay(over: Self.period) == 0.4)
        #expect(totals([Self.ended(.failed, at: 1)]).perDay(over: Self.period) == 0)
    }

    @Test("a period without length has no frequency")
    func momentary() {
        let period = DeliveryPeriod(since: Self.hour(5), until: Self.hour(5))
        var report = DeliveryReport(over: period, by: .bot)
        report.take(Self.ended(.succeeded, at: 5))
        #expect(report.totals.succeeded == 1)
        #expect(report.totals.perDay(over: period) == nil)
    }

    @Test("both ends of the period are in it, nothing else is", arguments: [(-1, 0), (0, 1), (240, 1), (241, 0)])
    func bounds(hour: Int64, count: Int) {
        #expect(totals([Self.ended(.succeeded, at: hour)]).deployments == count)
    }

    @Test("the failure rate is of all deployments")
    func rate() {
        let facts: [DeliveryFact] = [
            Self.ended(.succeeded, at: 1), Self.ended(.failed, at: 2), Self.ended(.superseded, at: 3),
            Self.ended(.succeeded, at: 4), Self.ended(.succeeded, at: 5), Self.ended(.blocked, at: 6),
        ]
        #expect(totals(facts).failureRate == 0.25)
        #expect(totals([Self.ended(.succeeded, at: 1)]).failureRate == 0)
        #expect(totals([Self.ended(.degraded, at: 1)]).failureRate == 1)
    }

    @Test("rollbacks are those successes that went back")
    func rollbacks() {
        let facts = [
            Self.ended(.succeeded, at: 1, direction: .rollback), Self.ended(.succeeded, at: 2),
            Self.ended(.failed, at: 3, direction: .rollback), Self.ended(.succeeded, at: 4, direction: nil),
        ]
        #expect(totals(facts).rollbacks == 1)
    }

    @Test("lead time runs from the commit to success")
    func leadTime() {
        let facts = [
            Self.ended(.succeeded, at: 10, committed: 9), Self.ended(.succeeded, at: 20, committed: 15),
            Self.ended(.succeeded, at: 30, committed: -10), Self.ended(.failed, at: 40, committed: 39),
        ]
        let totals = totals(facts)
        #expect(totals.leadTimes.count == 3)
        #expect(totals.leadTimes.median == .hours(5))
        #expect(totals.leadTimes.percentile(90) == .hours(40))
    }

    @Test("a commit is delivered to a bot once; what repeats it has no lead time")
    func repeated() {
        let facts = [
            Self.ended(.failed, at: 1, commit: "a", committed: 0),
            Self.ended(.succeeded, at: 3, commit: "a", committed: 0, cause: .rollout),
            Self.ended(.succeeded, at: 9, commit: "a", committed: 0, cause: .rollout),
        ]
        #expect(totals(facts).leadTimes.count == 1)
        #expect(totals(facts).leadTimes.median == .hours(3))
        #expect(totals(facts).succeeded == 2)
    }

    @Test("a commit that was delivered before the period is not delivered in it")
    func deliveredBefore() {
        let facts = [
            Self.ended(.succeeded, at: -5, commit: "a"), Self.ended(.succeeded, at: 5, commit: "a", committed: -6),
        ]
        #expect(totals(facts).leadTimes.count == 0)
    }

    @Test("a commit that moves two bots is delivered twice")
    func twoBots() {
        let facts = [1, 2].map { Self.ended(.succeeded, at: 4 + $0, commit: "a", committed: 0, bot: Int($0)) }
        #expect(totals(facts).leadTimes.count == 2)
        #expect(totals(facts).leadTimes.percentile(90) == .hours(6))
    }

    @Test("a commit of which time or name is not known, or whose clock was ahead, has no lead time")
    func unknownCommit() {
        var known = Self.ended(.succeeded, at: 5)
        known.what = .ended(.init(.succeeded, direction: nil, cause: nil, commit: nil, committedAt: Self.hour(1)))
        var undated = Self.ended(.succeeded, at: 6)
        undated.what = .ended(.init(.succeeded, direction: nil, cause: nil, commit: CommitID("x"), committedAt: nil))
        let totals = totals([known, undated, Self.ended(.succeeded, at: 7, committed: 8)])
        #expect(totals.succeeded == 3)
        #expect(totals.leadTimes.count == 0)
        #expect(totals.leadTimes.median == nil)
    }
}
