import Domain
import Foundation
import Reconciler
import Support
import Synchronization
import Testing

@testable import Server

@Suite("Lists, page by page")
struct PagingTests {
    private typealias Item = [String: Any]

    /// All pages of a list, `between` two of them something else happens.
    private func pages(
        _ stage: ServerStage, _ path: String, between: () async throws -> Void = {}
    ) async throws -> [[Item]] {
        var pages: [[Item]] = []
        var cursor: String?
        repeat {
            let after = try cursor.map { text in
                "&after=" + (try #require(text.addingPercentEncoding(withAllowedCharacters: .alphanumerics)))
            }
            let answer = try await stage.get("\(path)\(path.contains("?") ? "&" : "?")limit=3\(after ?? "")")
            #expect(answer.status == 200, "\(answer.body)")
            pages.append(try #require(answer.json["items"] as? [Item]))
            #expect(answer.json["next"] is String || answer.json["next"] is NSNull)
            cursor = answer.json["next"] as? String
            try await between()
        } while cursor != nil && pages.count < 100
        return pages
    }

    private func suspendAndResume(_ stage: ServerStage) async throws {
        #expect(try await stage.post("/api/v1/suspend").status == 200)
        #expect(try await stage.post("/api/v1/resume").status == 200)
    }

    @Test(
        "a cursor goes on where its page ended though newer rows came: nothing twice, nothing left out, newest first",
        arguments: ["events", "audit", "notifications", "events?type=decision.*", "notifications?sink=pipeline"])
    func newerRows(_ list: String) async throws {
        try await ServerStage.run { stage in
            try await stage.settled()
            for _ in 0..<5 { try await suspendAndResume(stage) }
            let answer = try await stage.get("/api/v1/\(list)\(list.contains("?") ? "&" : "?")limit=200")
            let before = try #require(answer.json["items"] as? [Item])
            #expect(before.count >= 10)
            #expect(answer.json["next"] is NSNull)
            let found = try await pages(stage, "/api/v1/\(list)") { try await suspendAndResume(stage) }
            #expect(found.dropLast().allSatisfy { $0.count == 3 })
            let key = list == "audit" ? "auditTimestamp" : "id"
            let flat = found.flatMap { $0 }
            func identity(_ item: Item) -> String {
                let chain = (item["chain"] as? Item)?["index"] as? Int
                return chain.map { "\($0)" } ?? "\(item[key] ?? "")"
            }
            #expect(flat.map(identity) == before.map(identity))
        }
    }

    @Test("a full last page says that it is the last")
    func exact() async throws {
        try await ServerStage.run(
            prepare: { $0.commit(["a", "b", "c"], version: "v1") },
            { stage in
                try await stage.settled()
                let answer = try await stage.get("/api/v1/bots?limit=3")
                #expect((answer.json["items"] as? [Item])?.count == 3)
                #expect(answer.json["next"] is NSNull)
                let none = try await stage.get("/api/v1/bots?selector=team=none")
                #expect((none.json["items"] as? [Item])?.isEmpty == true && none.json["next"] is NSNull)
            })
    }

    @Test("bots come by name, filtered by state and labels; ones that come meanwhile shift nothing")
    func bots() async throws {
        let names = ["alpha", "beta", "beta2", "delta", "epsilon", "zeta", "Zulu"]
        try await ServerStage.run(
            prepare: { world in
                world.commit(
                    ["epsilon", "delta", "Zulu", "beta2"], version: "v1", labels: ["team": "orders", "tier": "1"])
                world.commit(["zeta", "alpha", "beta"], version: "v1", labels: ["team": "sales"])
            },
            { stage in
                try await stage.settled()
                let found = try await pages(stage, "/api/v1/bots") {
                    stage.world.commit(["aaa"], version: "v1")
                    _ = try await stage.post("/api/v1/reconcile")
                }
                let order = found.flatMap { $0 }.compactMap { $0["name"] as? String }
                #expect(order == names.sorted())
                func filtered(_ query: String) async throws -> [String] {
                    let answer = try await stage.get("/api/v1/bots?\(query)")
                    return (answer.json["items"] as? [Item] ?? []).compactMap { $0["name"] as? String }
                }
                #expect(try await filtered("selector=team=sales") == ["alpha", "beta", "zeta"])
                #expect(try await filtered("selector=team%3Dorders%2Ctier%3D1&limit=2") == ["Zulu", "beta2"])
                #expect(try await filtered("selector=team=sales,tier=1").isEmpty)
                let all = try await filtered("limit=200").count
                var counted = 0
                for state in BotCondition.State.allCases {
                    let some = try await stage.get("/api/v1/bots?state=\(state.rawValue)&limit=200")
                    let items = some.json["items"] as? [Item] ?? []
                    #expect(items.allSatisfy { $0["state"] as? String == state.rawValue })
                    counted += items.count
                }
                #expect(counted == all)
                let one = try await stage.get("/api/v1/bots/default%2Fid-zeta%2FPRODUCTION")
                #expect(one.json["name"] as? String == "zeta")
            })
    }

    @Test("rollouts of a bot and of all, and each with all that is known of it, by the beginning of its id too")
    func rollouts() async throws {
        try await ServerStage.run(
            prepare: { world in
                world.state.withLock { state in
                    for name in ["a", "b"] { state.platform.add("id-\(name)", versions: ["v1", "v2"]) }
                    state.platform.jobTime = .milliseconds(10)
                }
                world.commit(["a", "b"], version: "v1")
            },
            { stage in
                func ended(_ count: Int) async throws {
                    try await eventually("\(count) rollouts ended") {
                        let answer = try await stage.get("/api/v1/events?type=rollout.succeeded&limit=200")
                        return (answer.json["items"] as? [Item])?.count == count
                    }
                }
                try await ended(2)
                stage.world.commit(["a", "b"], version: "v2")
                _ = try await stage.post("/api/v1/reconcile")
                try await ended(4)
                let all = try await pages(stage, "/api/v1/rollouts").flatMap { $0 }
                #expect(all.count == 4)
                let times = all.compactMap { $0["startedAt"] as? String }
                #expect(times == times.sorted(by: >))
                #expect(Set(all.compactMap { $0["id"] as? String }).count == 4)
                let some = try await pages(stage, "/api/v1/bots/a/rollouts").flatMap { $0 }
                #expect(some.map { $0["to"] as? String } == ["v2", "v1"])
                let id = try #require(some[0]["id"] as? String)
                for text in [id, id.uppercased(), String(id.dropLast(2))] {
                    let detail = try await stage.get("/api/v1/rollouts/\(text)")
                    #expect((detail.json["rollout"] as? Item)?["id"] as? String == id, "\(detail.body.prefix(200))")
                    #expect((detail.json["records"] as? [Item])?.isEmpty == false)
                    #expect((detail.json["guards"] as? [Item])?.isEmpty == false)
                }
                #expect(try await stage.get("/api/v1/rollouts/\(id.prefix(1))").status == 409)
                // A cursor of another list is none of this one.
                let foreign = try #require(all.first { $0["name"] as? String == "b" }?["id"] as? String)
                #expect(try await stage.get("/api/v1/bots/a/rollouts?after=\(foreign)").status == 400)
                let events = try await stage.get("/api/v1/events?bot=b&type=rollout.*&limit=200")
                let names = (events.json["items"] as? [Item] ?? []).compactMap {
                    ($0["bot"] as? Item)?["name"] as? String
                }
                #expect(names.count >= 4 && Set(names) == ["b"])
            })
    }
}
