import Domain
import Testing

@Suite("Time to restore")
struct TimeToRestoreTests {
    private typealias Sample = DeliveryReportTests

    private func check(_ facts: [DeliveryFact], restored: [Int64], unrestored: Int) {
        let totals = Sample.report(facts).totals
        #expect(totals.restores.count == restored.count)
        #expect(totals.unrestored == unrestored)
        for (position, hours) in restored.sorted().enumerated() {
            let percent = 100 * (position + 1) / restored.count
            #expect(totals.restores.percentile(percent) == .hours(hours))
        }
    }

    @Test("the next success ends it", arguments: [DriftCause.manifest, .rollout, .platform])
    func success(cause: DriftCause) {
        check(
            [Sample.ended(.failedOver, at: 10), Sample.ended(.succeeded, at: 13, cause: cause)], restored: [3],
            unrestored: 0)
    }

    @Test("coming into sync ends it, once")
    func inSync() {
        check(
            [Sample.ended(.failedOver, at: 10), Sample.inSync(at: 12), Sample.ended(.succeeded, at: 20)],
            restored: [2], unrestored: 0)
    }

    @Test("it runs from the first of several failures")
    func several() {
        let facts = [
            Sample.ended(.failed, at: 10), Sample.ended(.degraded, at: 11), Sample.ended(.timedOut, at: 14),
            Sample.ended(.succeeded, at: 15),
        ]
        check(facts, restored: [5], unrestored: 0)
    }

    @Test("what was in sync before it failed, was superseded, or blocked, restores nothing")
    func noRestore() {
        let facts = [
            Sample.ended(.failed, at: 10), Sample.ended(.superseded, at: 11), Sample.ended(.blocked, at: 12),
            Sample.inSync(at: 9),
        ]
        check(facts, restored: [], unrestored: 1)
    }

    @Test("another bot's success restores nothing")
    func others() {
        check(
            [Sample.ended(.failed, at: 10), Sample.ended(.succeeded, at: 11, bot: 2), Sample.inSync(at: 12, bot: 3)],
            restored: [], unrestored: 1)
    }

    @Test("the same bot in another environment is another bot")
    func environments() {
        check(
            [Sample.ended(.failed, at: 10), Sample.ended(.succeeded, at: 11, environment: "STAGING")], restored: [],
            unrestored: 1)
    }

    @Test("a failure from before the period counts where it ended")
    func before() {
        check([Sample.ended(.failed, at: -7), Sample.ended(.succeeded, at: 3)], restored: [10], unrestored: 0)
        #expect(Sample.report([Sample.ended(.failed, at: -7)]).totals.deployments == 0)
        check([Sample.ended(.failed, at: -7), Sample.ended(.succeeded, at: -3)], restored: [], unrestored: 0)
    }

    @Test("what ends after the period is not restored in it")
    func after() {
        check([Sample.ended(.failed, at: 230), Sample.ended(.succeeded, at: 250)], restored: [], unrestored: 1)
    }

    @Test("each failure has its own end")
    func twice() {
        let facts = [
            Sample.ended(.failed, at: 1), Sample.ended(.failed, at: 2, bot: 2), Sample.ended(.succeeded, at: 3),
            Sample.ended(.succeeded, at: 8, bot: 2), Sample.ended(.failed, at: 10), Sample.inSync(at: 19),
        ]
        check(facts, restored: [2, 6, 9], unrestored: 0)
    }
}

@Suite("Delivery figures by group")
struct DeliveryGroupTests {
    private typealias Sample = DeliveryReportTests

    private let facts: [DeliveryFact] = [
        Sample.ended(.succeeded, at: 1, bot: 2, labels: ["team": "orders"]),
        Sample.ended(.failed, at: 2, bot: 1, labels: ["team": "care"]),
        Sample.ended(.succeeded, at: 3, bot: 1, environment: "STAGING", labels: ["tier": "gold"]),
        Sample.ended(.succeeded, at: 4, bot: 1, labels: ["team": "care"]),
    ]

    @Test("by bot: a row for each, by name, then environment")
    func bots() {
        let rows = Sample.report(facts).rows
        #expect(rows.map(\.name) == ["bot-1", "bot-1", "bot-2"])
        #expect(rows.map(\.figures.deployments) == [2, 1, 1])
        #expect(rows.map(\.figures.failureRate) == [0.5, 0, 0])
    }

    @Test("by environment")
    func environments() {
        let rows = Sample.report(facts, by: .environment).rows
        #expect(rows.map(\.name) == ["PRODUCTION", "STAGING"])
        #expect(rows.map(\.figures.deployments) == [3, 1])
        #expect(rows.map(\.figures.restores.count) == [1, 0])
    }

    @Test("by label; bots without it come last")
    func labels() {
        let rows = Sample.report(facts, by: .label("team")).rows
        #expect(rows.map(\.name) == ["care", "orders", nil])
        #expect(rows.map(\.figures.succeeded) == [1, 1, 1])
        #expect(rows.map(\.figures.failed) == [1, 0, 0])
    }

    @Test(
        "the rows add up to the totals",
        arguments: [.bot, .environment, .label("team"), .label("none")]
            as [DeliveryReport.Grouping])
    func sums(grouping: DeliveryReport.Grouping) {
        let report = Sample.report(facts, by: grouping)
        #expect(report.totals.deployments == 4)
        #expect(report.rows.map(\.figures.deployments).reduce(0, +) == 4)
        #expect(report.rows.map(\.figures.failed).reduce(0, +) == report.totals.failed)
        #expect(report.rows.map(\.figures.leadTimes.count).reduce(0, +) == report.totals.leadTimes.count)
    }

    @Test("a bot whose label changed is restored where it failed")
    func moved() {
        let facts = [
            Sample.ended(.failed, at: 1, labels: ["team": "care"]),
            Sample.ended(.succeeded, at: 5, labels: ["team": "orders"]),
        ]
        let rows = Sample.report(facts, by: .label("team")).rows
        #expect(rows.map(\.figures.restores.count) == [1, 0])
        #expect(rows.map(\.figures.unrestored) == [0, 0])
    }

    @Test("a bot has the name that it had last")
    func renamed() {
        var later = Sample.ended(.succeeded, at: 5)
        later.name = "new"
        #expect(Sample.report([Sample.ended(.succeeded, at: 1), later]).rows.map(\.name) == ["new"])
    }
}
