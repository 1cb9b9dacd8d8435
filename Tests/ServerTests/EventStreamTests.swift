import Domain
import Foundation
import Reconciler
import Support
import Testing

@testable import Server

@Suite("Server-sent events")
struct EventStreamTests {
    struct Sent: Equatable {
        var id: String
        var type: String
        var data: String
    }

    private func open(
        _ connection: inout RawConnection, after: String? = nil, query: String = ""
    ) async throws {
        var headers = [("Accept", "text/event-stream")]
        if let after { headers.append(("Last-Event-ID", after)) }
        try await connection.send(
            ServerStage.request("GET", "/api/v1/events\(query)", token: "read", headers: headers))
        let head = try await connection.text(upTo: "\r\n\r\n")
        #expect(head.hasPrefix("HTTP/1.1 200") && head.lowercased().contains("content-type: text/event-stream"))
    }

    /// One chunk: a comment or an event.
    private func chunk(_ connection: inout RawConnection) async throws -> String? {
        let size = Int(try await connection.text(upTo: "\r\n"), radix: 16) ?? 0
        let text = try await connection.text(upTo: "\r\n")
        #expect(text.utf8.count == size)
        return size == 0 ? nil : text
    }

    private func event(_ connection: inout RawConnection) async throws -> Sent? {
        while let text = try await chunk(&connection) {
            if text.hasPrefix(":") { continue }
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            #expect(lines.count == 5 && lines[3].isEmpty && lines[4].isEmpty, "\(text)")
            return Sent(
                id: String(lines[0].dropFirst("id: ".count)), type: String(lines[1].dropFirst("event: ".count)),
                data: String(lines[2].dropFirst("data: ".count)))
        }
        return nil
    }

    /// From the history, oldest first.
    private func history(_ stage: ServerStage) async throws -> [String] {
        let answer = try await stage.get("/api/v1/events?limit=200")
        return (answer.json["items"] as? [[String: Any]] ?? []).compactMap { $0["id"] as? String }.reversed()
    }

    private func suspendAndResume(_ stage: ServerStage) async throws {
        #expect(try await stage.post("/api/v1/suspend").status == 200)
        #expect(try await stage.post("/api/v1/resume").status == 200)
    }

    @Test("what comes is sent with its id and as it stands in the history")
    func follow() async throws {
        try await ServerStage.run { stage in
            try await stage.settled()
            try await suspendAndResume(stage)
            let before = try await history(stage).count
            try await RawConnection.with(stage.port) { connection in
                try await open(&connection)
                #expect(try await chunk(&connection) == ": connected\n\n")
                try await suspendAndResume(stage)
                let first = try #require(try await event(&connection))
                let second = try #require(try await event(&connection))
                #expect([first.type, second.type] == ["decision.suspend", "decision.resume"])
                #expect(Array(try await history(stage).dropFirst(before)) == [first.id, second.id])
                let whole = try await stage.get("/api/v1/events?limit=1")
                #expect(whole.body == "{\"items\":[\(second.data)],\"next\":\"\(second.id)\"}")
            }
        }
    }

    @Test("`Last-Event-ID`: what was missed comes once, oldest first, then what comes")
    func missed() async throws {
        try await ServerStage.run { stage in
            try await stage.settled()
            for _ in 0..<4 { try await suspendAndResume(stage) }
            let ids = try await history(stage)
            try await RawConnection.with(stage.port) { connection in
                try await open(&connection, after: ids[1])
                var found: [String] = []
                while found.count < ids.count - 2, let next = try await event(&connection) { found.append(next.id) }
                #expect(found == Array(ids.dropFirst(2)))
                try await suspendAndResume(stage)
                let next = try await event(&connection)
                #expect(next?.type == "decision.suspend")
                #expect(!ids.contains(next?.id ?? ""))
            }
        }
    }

    @Test("an id that is not known is said, and what comes follows")
    func unknown() async throws {
        try await ServerStage.run { stage in
            try await stage.settled()
            try await suspendAndResume(stage)
            try await RawConnection.with(stage.port) { connection in
                try await open(&connection, after: "no such event")
                #expect(try await chunk(&connection)?.contains("is not kept") == true)
                let ids = try await history(stage)
                try await suspendAndResume(stage)
                let next = try #require(try await event(&connection))
                #expect(!ids.contains(next.id))
            }
        }
    }

    @Test("only what was asked for is sent, and the ids go on all the same")
    func filtered() async throws {
        try await ServerStage.run { stage in
            try await stage.settled()
            try await RawConnection.with(stage.port) { connection in
                try await open(&connection, query: "?type=decision.resume")
                #expect(try await chunk(&connection) == ": connected\n\n")
                for _ in 0..<2 { try await suspendAndResume(stage) }
                for _ in 0..<2 { #expect(try await event(&connection)?.type == "decision.resume") }
            }
        }
    }

    @Test("a silent stream says that it is alive")
    func comments() async throws {
        #expect(ServerLimits.eventStreamCommentInterval == .seconds(15))
        try await ServerStage.run(commentInterval: .milliseconds(50)) { stage in
            try await stage.settled()
            try await RawConnection.with(stage.port) { connection in
                try await open(&connection)
                #expect(try await chunk(&connection) == ": connected\n\n")
                for _ in 0..<3 { #expect(try await chunk(&connection) == ": still here\n\n") }
            }
        }
    }

    @Test("streams end when the server does, those that nobody reads too")
    func shutdown() async throws {
        try await ServerStage.run { stage in
            try await stage.settled()
            try await RawConnection.with(stage.port) { silent in
                try await silent.send(
                    ServerStage.request(
                        "GET", "/api/v1/events", token: "read", headers: [("Accept", "text/event-stream")]))
                try await RawConnection.with(stage.port) { connection in
                    try await open(&connection)
                    #expect(try await chunk(&connection) == ": connected\n\n")
                    await stage.stop()
                    #expect(try await chunk(&connection) == nil, "the last chunk is empty")
                    #expect(try await connection.rest().isEmpty)
                }
            }
        }
    }

    @Test("a slow reader gets everything once and in order, and holds up nobody")
    func slow() async throws {
        try await ServerStage.run { stage in
            try await stage.settled()
            try await RawConnection.with(stage.port) { connection in
                try await open(&connection)
                #expect(try await chunk(&connection) == ": connected\n\n")
                for _ in 0..<150 { try await suspendAndResume(stage) }
                #expect(try await stage.get("/healthz", token: nil).status == 200)
                var found: [String] = []
                while found.count < 300, let next = try await event(&connection) { found.append(next.type) }
                #expect(found == (0..<150).flatMap { _ in ["decision.suspend", "decision.resume"] })
            }
        }
    }

    @Test("as many streams as there are places, and one more when one was closed")
    func places() async throws {
        try await ServerStage.run(commentInterval: .milliseconds(20)) { stage in
            try await stage.settled()
            for _ in 0..<(ServerLimits.maxEventStreams - 1) { #expect(stage.desk.streams.take()) }
            let headers = [("Accept", "text/event-stream")]
            try await RawConnection.with(stage.port) { connection in
                try await open(&connection)
                let refused = try await stage.get("/api/v1/events", headers: headers)
                #expect(refused.status == 503 && refused.headers["retry-after"] != nil)
            }
            try await eventually("the place is free") { stage.desk.streams.take() }
        }
    }

    @Test("a bell wakes who listened before it rang and who had not heard it yet; nobody waits for ever")
    func bell() async {
        let bell = EventBell()
        let seen = bell.rings
        bell.ring()
        await bell.wait(beyond: seen, atMost: .seconds(3600))
        let now = bell.rings
        async let first: Void = bell.wait(beyond: now, atMost: .seconds(3600))
        async let second: Void = bell.wait(beyond: now, atMost: .seconds(3600))
        bell.ring()
        _ = await (first, second)
        await bell.wait(beyond: bell.rings, atMost: .milliseconds(1))
        let cancelled = Task { await bell.wait(beyond: bell.rings, atMost: .seconds(3600)) }
        cancelled.cancel()
        await cancelled.value
    }
}
