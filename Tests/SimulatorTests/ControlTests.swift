import Domain
import Foundation
import Simulator
import Testing

/// The control surface, as another process uses it.
@Suite struct ControlTests {
    private func send(_ caller: Caller, _ method: String, _ command: String, _ body: String? = nil) async throws
        -> Reply
    {
        try await caller.send(method, "/__simulator/" + command, body: body)
    }

    @Test func aWorldIsMadeAndReadOverTheSocket() async throws {
        try await withPlatform(deployed: nil) { platform, caller in
            let bots = """
                [{"id": "b", "versions": [{"id": "v1"}, {"id": "v2", "status": "DRAFT", "environment": "STAGING",
                  "intent": "other", "confidence": 0.5, "dependenciesMissing": true, "createdAtMilliseconds": 0}],
                  "deployed": {"PRODUCTION": "v1"}, "sessions": {"PRODUCTION": 2}}]
                """
            #expect(try await send(caller, "POST", "bots", bots).status == 200)
            let versions = try await caller.get("/api/v1/bots/b/versions")
            #expect(versions.strings("data", "status") == ["PUBLISHED", "DRAFT"])
            #expect(versions.string("data.1.createdAt") == "1970-01-01T00:00:00.000Z")
            #expect(try await send(caller, "GET", "deployed?botId=b").string("versionId") == "v1")
            let deploy = #"[{"botId": "b", "versionId": "v2", "by": "mallory"}]"#
            #expect(try await send(caller, "POST", "deploy", deploy).string("0") == "job_2")
            #expect(platform.servedVersion(of: "b") == "v2")
            let sessions = #"[{"botId": "b", "count": 1, "then": [{"afterMilliseconds": 600000, "count": 0}]}]"#
            #expect(try await send(caller, "POST", "sessions", sessions).status == 200)
            #expect(try await send(caller, "POST", "skip", "600000").status == 200)
            let open = try await caller.get("/api/v1/sessions?status=active&botId=b")
            #expect(open.strings("data", "sessionId").isEmpty)
        }
    }

    @Test func optionsFaultsKeysAndCountersAreReached() async throws {
        try await withPlatform { platform, caller async throws in
            let options = """
                {"latencyMilliseconds": 1, "runningForMilliseconds": 7, "paging": "ignored",
                 "rateLimit": {"requests": 50, "perMilliseconds": 1000}, "honoursIdempotencyKey": false}
                """
            #expect(try await send(caller, "POST", "options", options).status == 200)
            #expect(platform.options.latency == .milliseconds(1) && platform.options.runningFor == .milliseconds(7))
            #expect(platform.options.paging == .ignored && !platform.options.honoursIdempotencyKey)
            #expect(platform.options.rateLimit == .init(requests: 50, per: .seconds(1)))
            #expect(platform.options.refusesWhileDeploying)
            let faults = """
                [{"operation": "listVersions", "action": {"respond": {"with": {"status": 503}}}, "times": 2},
                 {"action": {"dropBeforeWork": {}}, "operation": "testBot", "always": true}]
                """
            #expect(try await send(caller, "POST", "faults", faults).status == 200)
            #expect(try await caller.get("/api/v1/bots/bot_1/versions").status == 503)
            await #expect(throws: (any Error).self) { try await caller.test() }
            #expect(try await send(caller, "DELETE", "faults").status == 200)
            #expect(try await caller.test().status == 200)
            #expect(try await send(caller, "POST", "keys", #"[{"name": "k", "secret": "s"}]"#).status == 200)
            #expect(try await caller.test().status == 401)
            let counters = try await send(caller, "GET", "counters")
            #expect(counters.number("total") == 4)
            #expect(counters.number("byOperation.testBot") == 3)
            #expect(counters.number("byStatus.0") == 1)
            #expect(try await send(caller, "GET", "requests").strings("", "operation").count == 4)
            #expect(try await send(caller, "DELETE", "counters").status == 200)
            #expect(platform.counters.total == 0 && platform.requests.isEmpty)
        }
    }

    @Test(arguments: [("POST", "bots", "{"), ("POST", "options", #"{"paging": "never"}"#), ("POST", "faults", "[{}]")])
    func whatCannotBeReadIsRefused(method: String, command: String, body: String) async throws {
        try await withPlatform { _, caller in
            let reply = try await send(caller, method, command, body)
            #expect(reply.status == 400 && reply.string("message") != nil)
            #expect(try await send(caller, "GET", "nothing").status == 404)
        }
    }

    /// What a program writes with these types, the surface reads.
    @Test(arguments: [
        FaultAction.respond(with: .html(status: 502)), .respondAfterWork(with: .unclearConflict), .hang, .truncate,
        .delay(milliseconds: 5), .job(course: JobScript(ending: .completesAs(versionId: "v"))), .huge(bytes: 9),
        .job(course: JobScript(queuedFor: .seconds(1), ending: .fails(message: "m"), visibleAfter: .seconds(2))),
    ])
    func faultsSurviveTheirJSON(action: FaultAction) throws {
        for times in [nil, 3] {
            let rule = FaultRule(action, on: .testBot, botId: "b", skip: 2, times: times, probability: 0.25)
            let copy = try JSONDecoder().decode(FaultRule.self, from: JSONEncoder().encode(rule))
            #expect(copy == rule)
        }
    }
}
