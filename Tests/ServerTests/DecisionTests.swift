import Domain
import Foundation
import Reconciler
import Support
import Synchronization
import Testing

@testable import Server

@Suite("What people decide over HTTP")
struct DecisionTests {
    /// All decisions in the audit trail, newest first: what, who and why.
    private func audited(_ stage: ServerStage) async throws -> [String] {
        let items = try await stage.get("/api/v1/audit?limit=200").json["items"] as? [[String: Any]] ?? []
        return items.compactMap { item in
            guard let type = item["type"] as? String, type.hasPrefix("decision.") else { return nil }
            return "\(type) \(item["decidedBy"] ?? "nobody") \(item["reason"] ?? "")"
        }
    }

    @Test("suspending and resuming a bot, a platform and all, audited with the token's name and the reason")
    func suspend() async throws {
        try await ServerStage.run(
            prepare: { $0.commit(["a", "b"], version: "v1") },
            { stage in
                try await stage.settled()
                for path in [
                    "/api/v1", "/api/v1/bots/a", "/api/v1/platforms/default",
                    "/api/v1/bots/default%2Fid-b%2FPRODUCTION",
                ] {
                    let first = try await stage.post("\(path)/suspend", #"{"reason": "a freeze", "for": "2h"}"#)
                    #expect(first.status == 200, "\(first.body)")
                    #expect(first.json["changed"] as? Bool == true)
                    #expect(first.json["id"] as? String == first.headers["x-request-id"])
                    let again = try await stage.post("\(path)/resume", token: "admin", #"{"reason": "the end of it"}"#)
                    #expect(again.status == 200 && again.json["changed"] as? Bool == true, "\(again.body)")
                    let nothing = try await stage.post("\(path)/resume")
                    #expect(nothing.status == 200 && nothing.json["changed"] as? Bool == false, "\(nothing.body)")
                    let found = try await audited(stage)
                    #expect(
                        Array(found.prefix(2)) == [
                            "decision.resume adminer the end of it", "decision.suspend operateer a freeze",
                        ])
                }
                #expect(try await audited(stage).count == 8)
            })
    }

    @Test("a reason is cleaned of what moves a terminal, and cut")
    func reason() async throws {
        try await ServerStage.run { stage in
            try await stage.settled()
            let text = "red \u{1B}[31m\u{202E}" + String(repeating: "x", count: 2000)
            let body = try JSONSerialization.data(withJSONObject: ["reason": text])
            let answer = try await stage.post("/api/v1/suspend", String(decoding: body, as: UTF8.self))
            #expect(answer.status == 200, "\(answer.body)")
            let found = try #require(try await audited(stage).first)
            #expect(found.hasPrefix("decision.suspend operateer red [31mxxx") && found.count <= 530)
        }
    }

    /// A body that ended with the bracket that goes beyond the decoder's own limit ended the process.
    @Test("a body that is nested too deeply is 400", arguments: [129, 512, 513, 514])
    func nesting(_ depth: Int) async throws {
        try await ServerStage.run { stage in
            try await stage.settled()
            let answer = try await stage.post("/api/v1/suspend", String(repeating: "[", count: depth))
            #expect(answer.status == 400, "\(answer.body)")
        }
    }

    @Test("what may not be waived is 400, and what may is audited")
    func waive() async throws {
        try await ServerStage.run(
            prepare: { $0.commit(["a"], version: "v1") },
            { stage in
                try await stage.settled()
                for one in Guard.allCases {
                    let answer = try await stage.post(
                        "/api/v1/bots/a/waive", #"{"reason": "x", "guard": "\#(one.rawValue)"}"#)
                    #expect(answer.status == (Guard.waivable.contains(one) ? 200 : 400), "\(one)")
                }
                #expect(try await audited(stage).count == Guard.waivable.count)
            })
    }

    @Test("the number of bots may be approved with role operate")
    func blastRadius() async throws {
        try await ServerStage.run(
            configure: { $0.reconcile.maxBotsPerCommit = 1 },
            prepare: { world in
                world.state.withLock { state in
                    for name in ["a", "b", "c"] {
                        state.platform.add("id-\(name)", versions: ["v1", "v2"])
                        let long = Now(tick: Tick(milliseconds: 0), wall: Timestamp(milliseconds: 0))
                        state.platform.deploy("id-\(name)", "v1", at: long)
                    }
                }
                world.commit(["a", "b", "c"], version: "v1")
            },
            { stage in
                try await stage.settled()
                let head = stage.world.commit(["a", "b", "c"], version: "v2")
                _ = try await stage.post("/api/v1/reconcile")
                let path = "/api/v1/commits/\(head.hex)/approve"
                try await eventually("the move is held") {
                    await stage.desk.reconciler.look { engine in
                        engine.moves.values.contains { $0.status == .held && $0.head == head }
                    }
                }
                #expect(try await stage.post(path, token: "read").status == 403)
                let answer = try await stage.post(path, #"{"reason": "all of them"}"#)
                #expect(answer.status == 200 && answer.json["changed"] as? Bool == true, "\(answer.body)")
                let found = try await audited(stage)
                #expect(found.first == "decision.approve operateer all of them")
            })
    }

    @Test("against the trust policy only role admin approves, before a commit was read too")
    func trust() async throws {
        try await ServerStage.run(
            configure: { $0.source.trust.signatures = .require },
            prepare: { $0.commit(["a"], version: "v1", signature: .unsigned) },
            { stage in
                try await eventually("the head is held") {
                    try await stage.get("/api/v1/events?type=source.untrusted").body.contains("source.untrusted")
                }
                let head = try #require(stage.world.state.withLock { $0.branch.head })
                for sha in [head.hex, String(head.hex.suffix(40)), String(repeating: "ab", count: 20)] {
                    let answer = try await stage.post("/api/v1/commits/\(sha)/approve")
                    #expect(answer.status == 403, "\(answer.body)")
                }
                let isAccepted = await stage.desk.reconciler.look { $0.source.accepted != nil }
                #expect(!isAccepted)
                let answer = try await stage.post("/api/v1/commits/\(head.hex)/approve", token: "admin")
                #expect(answer.status == 200, "\(answer.body)")
                try await eventually("it is accepted") {
                    await stage.desk.reconciler.look { $0.source.accepted == head }
                }
                #expect(try await audited(stage).first == "decision.approve adminer because")
            })
    }

    @Test("an event is sent again with its id; the outbox tells what became of it")
    func redeliver() async throws {
        try await ServerStage.run { stage in
            try await stage.settled()
            stage.world.state.withLock { $0.sinkAnswer = .refused(status: 400, answer: "no") }
            let suspended = try await stage.post("/api/v1/suspend")
            #expect(suspended.status == 200, "\(suspended.body)")
            func items(_ query: String) async throws -> [[String: Any]] {
                try await stage.get("/api/v1/notifications?\(query)").json["items"] as? [[String: Any]] ?? []
            }
            // What the start told of may stand before the decision in its lane.
            let event = try await eventually("one was refused once") {
                try await items("status=pending").first { $0["attempts"] as? Int == 1 }?["id"] as? String
            }
            stage.world.state.withLock { $0.sinkAnswer = .delivered(status: 204) }
            let again = try await stage.post("/api/v1/notifications/\(event)/redeliver", #"{"reason": "it is back"}"#)
            #expect(again.status == 200 && again.json["changed"] as? Bool == true, "\(again.body)")
            try await eventually("it arrived") {
                try await items("status=delivered&sink=pipeline").contains { $0["id"] as? String == event }
            }
            let count = stage.world.state.withLock { state in state.delivered.count { $0 == event } }
            #expect(count == 2)
            // Also what was delivered.
            _ = try await stage.post("/api/v1/notifications/\(event)/redeliver")
            try await eventually("it was sent again") {
                stage.world.state.withLock { state in state.delivered.count { $0 == event } } == 3
            }
            let found = try await audited(stage)
            #expect(found.contains("decision.redeliver operateer it is back"))
            let all = try await stage.post("/api/v1/sinks/pipeline/redeliver", #"{"reason": "all", "since": "1h"}"#)
            #expect(all.status == 200 && all.json["changed"] as? Bool == true, "\(all.body)")
            try await eventually("all were sent again") {
                stage.world.state.withLock { state in state.delivered.count { $0 == event } } == 4
            }
            let none = try await stage.post(
                "/api/v1/sinks/pipeline/redeliver", #"{"reason": "x", "since": "2999-01-01T00:00:00Z"}"#)
            #expect(none.status == 200 && none.json["changed"] as? Bool == false)
        }
    }

    @Test("a rollback is made in the token's name; what became of the commit is answered")
    func rollback() async throws {
        let asked = Mutex<[DeskWorks.Rollback]>([])
        let commit = RollbackCommit(
            id: CommitID(String(repeating: "a", count: 40)), path: "a.yaml", from: "v2", to: "v1", reverts: nil)
        let outcomes = Mutex<[Result<RollbackOutcome, SourceFailure>]>([
            .success(.pushed(commit)),
            .success(
                .refused(commit, branch: "ballast/rollback-a-1", answer: "protected", mergeRequest: "https://git/mr")),
            .success(.unchanged(version: "v1")), .failure(SourceFailure(.notFound, "no such version")),
            .failure(SourceFailure(.refused, "cannot be edited")), .failure(SourceFailure(.unreachable, "away")),
        ])
        let works = DeskWorks(
            rollback: { wish in
                asked.withLock { $0.append(wish) }
                return try outcomes.withLock { $0.removeFirst() }.get()
            }, plan: DeskWorks.refusing.plan)
        try await ServerStage.run(
            works: works, prepare: { $0.commit(["a"], version: "v2") },
            { stage in
                try await stage.settled()
                let looks = stage.world.looks
                let path = "/api/v1/bots/a/rollback"
                let pushed = try await stage.post(path, #"{"reason": "v2 loses orders"}"#)
                #expect(pushed.status == 200 && pushed.json["outcome"] as? String == "pushed", "\(pushed.body)")
                #expect(pushed.json["commit"] as? String == commit.id.hex && pushed.json["to"] as? String == "v1")
                try await eventually("it is looked at") { stage.world.looks > looks }
                let refused = try await stage.post(path, #"{"reason": "x", "to": "v1"}"#)
                #expect(refused.status == 200 && refused.json["outcome"] as? String == "refused", "\(refused.body)")
                #expect(refused.json["changed"] as? Bool == false)
                #expect(refused.json["mergeRequest"] as? String == "https://git/mr")
                #expect(try await stage.post(path).json["outcome"] as? String == "unchanged")
                for status in [404, 409, 502] { #expect(try await stage.post(path).status == status) }
                let wishes = asked.withLock { $0 }
                #expect(wishes[0] == .init(name: "a", version: nil, by: "operateer", reason: "v2 loses orders"))
                #expect(wishes[1].version == "v1")
            })
    }

    @Test("a plan is what the works make; their failures are told apart")
    func plan() async throws {
        let plans = Mutex<[String?]>([])
        let stageWorks = DeskWorks(
            rollback: DeskWorks.refusing.rollback,
            plan: { commit in
                plans.withLock { $0.append(commit) }
                switch commit {
                case "none": throw SourceFailure(.notFound, "no such commit")
                case "busy": throw WorkRefused()
                default: throw SourceFailure(.unreachable, "away")
                }
            })
        try await ServerStage.run(works: stageWorks) { stage in
            #expect(try await stage.get("/api/v1/plan?commit=none").status == 404)
            let busy = try await stage.get("/api/v1/plan?commit=busy")
            #expect(busy.status == 429 && Int(busy.headers["retry-after"] ?? "") ?? 0 > 0)
            #expect(try await stage.get("/api/v1/plan").status == 502)
            #expect(plans.withLock { $0 } == ["none", "busy", nil])
        }
    }

    @Test("of many that decide the same at once one changes something, and every one is answered")
    func atOnce() async throws {
        try await ServerStage.run { stage in
            try await stage.settled()
            _ = try await stage.post("/api/v1/suspend")
            let changed = try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 0..<20 {
                    group.addTask {
                        let answer = try await stage.post("/api/v1/resume")
                        #expect(answer.status == 200)
                        return answer.json["changed"] as? Bool ?? false
                    }
                }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(changed == 1)
        }
    }
}
