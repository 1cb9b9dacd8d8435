import ArgumentParser
import Domain
import Foundation
import Testing
import Wire

@testable import Commands

@Suite("What `report` prints")
struct DeliveryTextTests {
    private func fact(
        _ outcome: Outcome, hours: Int64, bot: String = "orders", labels: [String: String] = [:]
    ) -> DeliveryFact {
        let time = Sample.time.advanced(by: .hours(hours))
        return DeliveryFact(
            bot: BotKey(platform: "default", botId: bot, environment: "PRODUCTION"), name: bot, labels: labels,
            at: time,
            .ended(
                DeliveryFact.Ending(
                    outcome, direction: .deployment, cause: .manifest, commit: CommitID("c\(hours)"),
                    committedAt: time.advanced(by: .minutes(-90)))))
    }

    private func shape(_ facts: [DeliveryFact], by grouping: DeliveryReport.Grouping = .bot) -> DeliveryShape {
        let period = DeliveryPeriod(since: Sample.time, until: Sample.time.advanced(by: .days(10)))
        var report = DeliveryReport(over: period, by: grouping)
        for fact in facts { report.take(fact) }
        return DeliveryShape(report)
    }

    @Test("a table: no data is said, a zero is one")
    func table() {
        let facts = [fact(.succeeded, hours: 1), fact(.failed, hours: 2, bot: "faq"), fact(.succeeded, hours: 30)]
        #expect(
            DeliveryText(shape: shape(facts)).table(colors: false) == """
                NAME    ENVIRONMENT  DEPLOYMENTS  SUCCEEDED  PER DAY  LEAD TIME  P90      FAILURE RATE  RESTORED IN  UNRESTORED
                faq     PRODUCTION   1            0          0.00     no data    no data  100.0 %       no data      1
                orders  PRODUCTION   2            2          0.20     1h30m      1h30m    0.0 %         no data      0
                total                3            2          0.20     1h30m      1h30m    33.3 %        no data      1

                """)
    }

    @Test("Markdown: what a label says begins no markup")
    func markdown() {
        let facts = [fact(.succeeded, hours: 1, labels: ["team": "a|b\\<i>"]), fact(.failed, hours: 2)]
        #expect(
            DeliveryText(shape: shape(facts, by: .label("team"))).markdown == """
                Deliveries from 2026-11-22 10:00:00Z to 2026-12-02 10:00:00Z

                | team | Deployments | Succeeded | Per day | Lead time | p90 | Failure rate | Restored in | Unrestored |
                | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
                | a\\|b\\\\&lt;i> | 1 | 1 | 0.10 | 1h30m | 1h30m | 0.0 % | no data | 0 |
                | (none) | 1 | 0 | 0.00 | no data | no data | 100.0 % | no data | 1 |
                | **total** | **2** | **1** | **0.10** | **1h30m** | **1h30m** | **50.0 %** | **no data** | **1** |

                """)
    }

    @Test("an empty period: no data, in every form")
    func empty() throws {
        let shape = shape([])
        #expect(
            DeliveryText(shape: shape).table(colors: false).hasSuffix(
                "total               0            0          no data  no data    no data  no data       no data      0\n"
            ))
        #expect(
            try WireJSON.text(shape) == """
                {
                  "by" : "bot",
                  "groups" : [

                  ],
                  "since" : "2026-11-22T10:00:00.000Z",
                  "totals" : {
                    "changeFailureRate" : null,
                    "deployments" : 0,
                    "failed" : 0,
                    "leadTime" : {
                      "count" : 0,
                      "medianMs" : null,
                      "p90Ms" : null
                    },
                    "rollbacks" : 0,
                    "succeeded" : 0,
                    "succeededPerDay" : null,
                    "timeToRestore" : {
                      "count" : 0,
                      "medianMs" : null,
                      "unrestored" : 0
                    }
                  },
                  "until" : "2026-12-02T10:00:00.000Z"
                }

                """)
    }

    @Test("groups: a bot is named whole, a label by its value or null")
    func groups() throws {
        let bot = try #require(shape([fact(.succeeded, hours: 1)]).groups.first)
        #expect(bot.name == "orders" && bot.botId == "orders" && bot.platform == "default")
        let byLabel = shape([fact(.succeeded, hours: 1)], by: .label("team"))
        #expect(byLabel.by == "label=team")
        #expect(try WireJSON.text(byLabel.groups).contains(#""name" : null"#))
        #expect(try !WireJSON.text(byLabel.groups).contains("botId"))
    }

    @Test(
        "lengths of time, by their two largest units",
        arguments: [
            (nil, "no data"), (0, "0s"), (323, "323ms"), (9_870, "9s870ms"), (83_400, "1m23s"), (3_720_000, "1h2m"),
            (343_000_000, "3d23h"), (86_400_000, "1d"),
        ] as [(Int64?, String)])
    func durations(milliseconds: Int64?, text: String) { #expect(DeliveryText.duration(milliseconds) == text) }

    @Test(
        "wrong usage",
        arguments: [
            (["--by", "team"], "`--by team`: expected bot, environment, or label=NAME."),
            (["--by", "label="], "`--by label=`: expected bot, environment, or label=NAME."),
            (
                ["--since", "monday"],
                "`--since monday`: expected a duration such as 30d, or a time such as 2026-11-22T10:00:00Z."
            ),
            (
                ["--since", "0s"],
                "`--since 0s`: expected a duration such as 30d, or a time such as 2026-11-22T10:00:00Z."
            ),
        ])
    func usage(arguments: [String], message: String) async {
        do {
            _ = try await BallastCommand.asyncParseAsRoot(["report"] + arguments)
            Issue.record("accepted: \(arguments)")
        } catch {
            #expect(BallastCommand.message(for: error) == message)
            #expect(BallastCommand.exitCode(for: error) == .validationFailure)
        }
    }
}
