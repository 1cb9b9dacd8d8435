import Domain
import Foundation
import Testing
import Wire

@Suite("Shapes of JSON")
struct WireTests {
    @Test("plan: the members that others rely on, null where there is nothing")
    func plan() throws {
        let bot = Sample.report(
            "order-support", .drifted, deployed: nil, differs: true, action: .rollback,
            guards: [GuardVerdict(.sessions, .pass, "0 active, at most 0")])
        let shape = PlanShape(commit: nil, branch: "main", bots: [bot], problems: [Sample.problem])
        #expect(
            try WireJSON.text(shape) == """
                {
                  "bots" : [
                    {
                      "action" : "rollback",
                      "botId" : "bot_12345",
                      "cause" : "manifest",
                      "deployed" : null,
                      "desired" : "v_67890",
                      "differs" : true,
                      "environment" : "PRODUCTION",
                      "guards" : [
                        {
                          "detail" : "0 active, at most 0",
                          "guard" : "sessions",
                          "verdict" : "pass"
                        }
                      ],
                      "labels" : {
                        "team" : "orders"
                      },
                      "manifest" : {
                        "author" : "Alice <alice@example.com>",
                        "commit" : "\(Sample.commit)",
                        "committedAt" : "2026-11-22T10:00:00.000Z",
                        "path" : "bots/order-support.yaml"
                      },
                      "message" : "wants v_67890",
                      "name" : "order-support",
                      "off" : true,
                      "platform" : "default",
                      "since" : "2026-11-22T10:00:00.000Z",
                      "state" : "drifted"
                    }
                  ],
                  "branch" : "main",
                  "commit" : null,
                  "problems" : [
                    {
                      "column" : 5,
                      "line" : 3,
                      "message" : "expected a name",
                      "path" : "bots/x.yaml"
                    }
                  ]
                }

                """)
    }

    @Test("reconcile: one rollout")
    func reconcile() throws {
        let shape = ReconcileShape(
            commit: Sample.commit, rollouts: [Sample.rollout(outcome: nil)], bots: [], problems: [])
        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(try WireJSON.text(shape).utf8)) as? [String: Any])
        #expect(Set(object.keys) == ["commit", "rollouts", "bots", "problems"])
        let rollout = try #require((object["rollouts"] as? [[String: Any]])?.first)
        for name in [
            "id", "name", "direction", "from", "to", "outcome", "jobIds", "fallback", "message", "startedAt", "endedAt",
            "commit", "author",
        ] { #expect(rollout.keys.contains(name), "\(name)") }
        #expect(rollout["outcome"] is NSNull)
        #expect(rollout["fallback"] is NSNull)
        #expect(rollout["endedAt"] is NSNull)
    }

    @Test(
        "what became of a rollback's commit comes out as it went in",
        arguments: [
            RollbackOutcome.pushed(made), .unchanged(version: "v_1"),
            .refused(made, branch: "ballast/rollback-faq-1", answer: "protected", mergeRequest: "https://forge/new"),
            .refused(made, branch: "ballast/rollback-faq-1", answer: "protected", mergeRequest: nil),
        ])
    func rollback(outcome: RollbackOutcome) throws {
        let text = try WireJSON.text(RollbackShape(id: "r", outcome, watched: "main"))
        let read = try JSONDecoder().decode(RollbackShape.self, from: Data(text.utf8))
        #expect(read.made == outcome)
        #expect(read.watched == "main")
    }

    private static let made = RollbackCommit(
        id: Sample.commit, path: "bots/faq.yaml", from: "v_2", to: "v_1", reverts: nil)

    @Test("a page says that it is the last one")
    func page() throws {
        let text = try WireJSON.text(PageShape(items: ["a"], next: nil))
        #expect(text.contains("\"next\" : null"))
        #expect(try JSONDecoder().decode(PageShape<String>.self, from: Data(text.utf8)).items == ["a"])
    }

    @Test("shapes read what they write")
    func roundTrip() throws {
        let status = StatusShape(
            [Sample.record(), Sample.record("faq", .held)].map { BotStatusShape($0) },
            troubles: [TroubleShape(ReportTrouble("audit log", "it is full", remedy: "Make room."))])
        let text = try WireJSON.text(status)
        #expect(try JSONDecoder().decode(StatusShape.self, from: Data(text.utf8)) == status)
        let detail = RolloutDetailShape(
            Sample.rollout(),
            records: [.object(["a": .array([.integer(1), .number(0.5), .bool(true), .null, .string("x")])])])
        let written = try WireJSON.text(detail)
        #expect(try JSONDecoder().decode(RolloutDetailShape.self, from: Data(written.utf8)) == detail)
    }
}
