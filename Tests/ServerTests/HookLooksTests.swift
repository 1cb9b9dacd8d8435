import Domain
import Foundation
import Reconciler
import Support
import Synchronization
import Testing

@testable import Server

/// What deliveries over HTTP lead to.
@Suite("Looks that webhooks ask for")
struct HookLooksTests {
    private func push(
        _ stage: ServerStage, id: String = UUID().uuidString, secret: String = "secret of generic"
    ) async throws -> ServerStage.Answer {
        let body = Data("{}".utf8)
        let now = stage.desk.clock.now().wall.milliseconds / 1000
        let signed = Signer.headers(.generic, body, secret: secret, id: id, at: now)
        return try await stage.send(
            "POST", "/hooks/generic", headers: signed.map { ($0.name, $0.value) }, body: Array(body))
    }

    /// No look is wished for, none is under way.
    private func quiet(_ stage: ServerStage) async throws {
        try await eventually("no look is due") { await stage.desk.reconciler.look { !$0.isPassing } }
    }

    @Test("an authenticated push is 202 and one look; the answer carries its id")
    func one() async throws {
        try await ServerStage.run { stage in
            try await stage.settled()
            let looks = stage.world.looks
            let answer = try await push(stage)
            #expect(answer.status == 202)
            #expect(answer.json["queued"] as? Bool == true)
            #expect(answer.json["id"] as? String == answer.headers["x-request-id"])
            try await eventually("it was looked") { stage.world.looks > looks }
            try await quiet(stage)
            #expect(stage.world.looks == looks + 1)
        }
    }

    @Test("nothing that is not authenticated, not ours or seen before leads to a look")
    func none() async throws {
        try await ServerStage.run { stage in
            try await stage.settled()
            let before = stage.world.looks
            #expect(try await push(stage, id: "seen").status == 202)
            try await eventually("it was looked") { stage.world.looks > before }
            try await quiet(stage)
            let looks = stage.world.looks
            #expect(try await push(stage, id: "seen").status == 200)
            #expect(try await push(stage, secret: "another").status == 401)
            for sample in Sample.all {
                let body = try sample.body
                let secret = "secret of \(sample.provider.rawValue)"
                let headers = sample.headers.map { ($0.key, $0.value) } + [("Content-Type", "application/json")]
                let path = "/hooks/\(sample.provider.rawValue)"
                let unsigned = try await stage.send("POST", path, headers: headers, body: Array(body))
                #expect(unsigned.status == 401, "\(sample)")
                // The stage knows no alias, so that pushes to the public forges are about other repositories, too.
                let isForeign = [.github, .azure].contains(sample.provider) || sample.file.hasPrefix("cloud")
                guard sample.expected != .queued || (isForeign && !sample.file.contains("nameless")) else { continue }
                let signed = Signer.headers(sample.provider, body, secret: secret).map { ($0.name, $0.value) }
                let answer = try await stage.send("POST", path, headers: headers + signed, body: Array(body))
                #expect(answer.status == 200, "\(sample)")
                #expect(answer.json["queued"] as? Bool == false)
                #expect((answer.json["reason"] as? String)?.isEmpty == false)
            }
            let isWished = await stage.desk.reconciler.look { $0.isPassing }
            #expect(!isWished)
            #expect(stage.world.looks == looks)
        }
    }

    @Test("many pushes at once are few looks: at most one a second after the first, and one after the last")
    func burst() async throws {
        try await ServerStage.run { stage in
            try await stage.settled()
            let looks = stage.world.looks
            let start = ContinuousClock.now
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<200 {
                    group.addTask {
                        let answer = try await push(stage)
                        #expect(answer.status == 202)
                    }
                }
                try await group.waitForAll()
            }
            try await eventually("it was looked") { stage.world.looks > looks }
            try await quiet(stage)
            let seconds = Int((ContinuousClock.now - start) / .seconds(1))
            #expect(stage.world.looks - looks <= seconds + 2)
        }
    }

    @Test("pushes that arrive during a look cause one more look after it")
    func during() async throws {
        try await ServerStage.run { stage in
            try await stage.settled()
            let looks = stage.world.looks
            stage.world.holdLooks()
            #expect(try await push(stage).status == 202)
            try await eventually("the look is under way") { stage.world.looks == looks + 1 }
            for _ in 0..<5 { #expect(try await push(stage).status == 202) }
            stage.world.letLooksGo()
            try await eventually("there was another look") { stage.world.looks == looks + 2 }
            try await quiet(stage)
            #expect(stage.world.looks == looks + 2)
        }
    }

    @Test("`GET /events?request=` lists what a push led to, to the end of its rollouts")
    func followed() async throws {
        try await ServerStage.run(
            prepare: { world in
                world.state.withLock { state in
                    state.platform.add("id-a", versions: ["v1", "v2"])
                    state.platform.deploy(
                        "id-a", "v1", at: Now(tick: Tick(milliseconds: 0), wall: Timestamp(milliseconds: 1)))
                    state.platform.jobTime = .milliseconds(20)
                }
                world.commit(["a"], version: "v1")
            },
            { stage in
                try await stage.settled()
                stage.world.commit(["a"], version: "v2")
                let id = try #require(try await push(stage).json["id"] as? String)
                let later = try #require(try await push(stage).json["id"] as? String)
                func types(_ request: String) async throws -> [String] {
                    let answer = try await stage.get("/api/v1/events?request=\(request)")
                    #expect(answer.status == 200)
                    #expect(answer.json["next"] is NSNull)
                    return (answer.json["items"] as? [[String: Any]] ?? []).compactMap { $0["type"] as? String }
                }
                try await eventually("the rollout ended") { try await types(id).first == "rollout.succeeded" }
                let found = try await types(id)
                #expect(found.last == "rollout.started", "newest first")
                // Both asked before the look began, or the later one found nothing new.
                let others = try await types(later)
                #expect(others.isEmpty || others == found)
                let page = try await stage.get("/api/v1/events?request=\(id)&limit=1")
                let next = try #require(page.json["next"] as? String)
                let rest = try await stage.get("/api/v1/events?request=\(id)&limit=1&after=\(next)")
                #expect((rest.json["items"] as? [[String: Any]])?.first?["type"] as? String == found.dropFirst().first)
            })
    }

    @Test("the secret's place and its value stand in no answer")
    func silent() async throws {
        try await ServerStage.run { stage in
            try await stage.settled()
            stage.secrets.set("hook-generic", nil)
            let answer = try await push(stage)
            #expect(answer.status == 503)
            #expect(Int(answer.headers["retry-after"] ?? "") ?? 0 > 0)
            #expect(!answer.body.contains("/very/secret/path"))
            #expect(stage.log.all.contains { $0.contains("/very/secret/path") })
        }
    }

    @Test("the caller's trace stands beside the request's id in the log")
    func trace() async throws {
        try await ServerStage.run { stage in
            try await stage.settled()
            let trace = "4bf92f3577b34da6a3ce929d0e0e4736"
            let answer = try await stage.send(
                "POST", "/api/v1/reconcile", token: "operate",
                headers: [("traceparent", "00-\(trace)-00f067aa0ba902b7-01")])
            #expect(answer.status == 202)
            let id = try #require(answer.headers["x-request-id"])
            #expect(stage.log.all.contains { $0.contains("look asked for") && $0.contains(trace) && $0.contains(id) })
            for bad in ["00-\(trace)-00f067aa0ba902b7", "00-\(trace.uppercased())-00f067aa0ba902b7-01", "x", ""] {
                let headers = [("traceparent", bad)]
                #expect(try await stage.get("/api/v1/bots", headers: headers).status == 200)
            }
            #expect(!stage.log.all.contains { $0.contains(trace.uppercased()) })
        }
    }
}
