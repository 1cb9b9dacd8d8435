import Domain
import Foundation
import NIOCore
import Support
import Testing

@testable import Server

/// Every status of the description, over a socket.
@Suite("What is answered, and to whom")
struct StatusTests {
    /// Every path of the API with the method it takes, and what it needs.
    static let reads = [
        "/api/v1/bots", "/api/v1/bots/none", "/api/v1/bots/none/rollouts", "/api/v1/rollouts", "/api/v1/rollouts/none",
        "/api/v1/plan", "/api/v1/events", "/api/v1/notifications", "/api/v1/audit", "/api/v1/troubles",
        "/api/v1/openapi.json",
        "/api/v1/caller",
        "/api/v1/bots/none/trace", "/api/v1/requests/none", "/api/v1/requests/none/report",
    ]
    static let writes = [
        "/api/v1/reconcile", "/api/v1/bots/none/reconcile", "/api/v1/bots/none/suspend", "/api/v1/bots/none/resume",
        "/api/v1/bots/none/release", "/api/v1/bots/none/waive", "/api/v1/bots/none/rollback",
        "/api/v1/commits/abcdef01/approve", "/api/v1/notifications/none/redeliver", "/api/v1/sinks/none/enable",
        "/api/v1/sinks/none/redeliver", "/api/v1/platforms/none/release", "/api/v1/platforms/none/suspend",
        "/api/v1/platforms/none/resume", "/api/v1/platforms/none/approve", "/api/v1/suspend", "/api/v1/resume",
    ]

    private func expectProblem(
        _ answer: ServerStage.Answer, _ status: Int, _ comment: Comment = "",
        location: SourceLocation = #_sourceLocation
    ) {
        #expect(answer.status == status, "\(comment) \(answer.body)", sourceLocation: location)
        #expect(answer.headers["content-type"] == "application/problem+json", comment, sourceLocation: location)
        #expect(answer.json["status"] as? Int == status, comment, sourceLocation: location)
        #expect(answer.json["type"] as? String == "about:blank", comment, sourceLocation: location)
        #expect((answer.json["title"] as? String)?.isEmpty == false, comment, sourceLocation: location)
        let id = answer.headers["x-request-id"] ?? ""
        #expect(!id.isEmpty && answer.json["requestId"] as? String == id, comment, sourceLocation: location)
    }

    @Test("401 without a valid token, whatever is asked for, and it says how")
    func unauthorized() async throws {
        try await ServerStage.run { stage in
            for path in Self.reads + ["/api/v1/nothing-is-here"] {
                for token in [nil, "wrong", "token-rea", "token-readd"] {
                    let answer = try await stage.get(path, token: token)
                    expectProblem(answer, 401, "\(path) \(token ?? "none")")
                    #expect(answer.headers["www-authenticate"]?.hasPrefix("Bearer") == true)
                }
            }
            for path in Self.writes {
                expectProblem(try await stage.post(path, token: "wrong", "no json"), 401, "\(path)")
            }
            let basic = try await stage.get(
                "/api/v1/bots", token: nil, headers: [("Authorization", "Basic dG9rZW4tcmVhZA==")])
            expectProblem(basic, 401)
            expectProblem(try await stage.get("/api/v1/bots?token=token-read", token: nil), 401)
        }
    }

    @Test("403 where the role does not suffice, before the resource is looked up or the body read")
    func forbidden() async throws {
        try await ServerStage.run { stage in
            for path in Self.writes {
                expectProblem(try await stage.post(path, token: "read", "no json"), 403, "\(path)")
                let allowed = try await stage.post(path, token: "operate", "no json")
                expectProblem(allowed, 400, "\(path)")
            }
            for role in ["read", "operate", "admin"] {
                #expect(try await stage.get("/api/v1/bots", token: role).status == 200)
            }
        }
    }

    @Test("without tokens reads are answered and every write is refused")
    func withoutTokens() async throws {
        try await ServerStage.run(settings: ServerStage.settings(hasTokens: false)) { stage in
            try await stage.settled()
            #expect(try await stage.get("/api/v1/bots", token: nil).status == 200)
            for path in Self.writes { expectProblem(try await stage.post(path, token: nil), 403, "\(path)") }
        }
    }

    @Test("without tokens nothing is shown to a page that brought a name of its own to point here")
    func rebinding() async throws {
        try await ServerStage.run(settings: ServerStage.settings(hasTokens: false)) { stage in
            try await stage.settled()
            for host in ["evil.example", "evil.example:8080", "localhost.evil.example", "10.0.0.1", "[fd00::1]:80", ""]
            {
                for path in ["/api/v1/bots", "/api/v1/audit"] {
                    let answer = try await stage.get(path, token: nil, headers: [("Host", host)])
                    #expect(answer.status == 403 || host.isEmpty && answer.status == 400, "\(host) \(path)")
                }
                #expect(try await stage.get("/healthz", token: nil, headers: [("Host", host)]).status != 403)
            }
            for host in [
                "localhost", "LOCALHOST:80", "ballast.localhost:8080", "127.0.0.1:8080", "127.1.2.3", "[::1]:80",
            ] {
                let answer = try await stage.get("/api/v1/bots", token: nil, headers: [("Host", host)])
                #expect(answer.status == 200, "\(host)")
            }
        }
        try await ServerStage.run { stage in
            let answer = try await stage.get("/api/v1/bots", headers: [("Host", "ballast.example")])
            #expect(answer.status == 200, "with tokens the name says nothing")
        }
    }

    @Test("health, readiness, metrics and hooks need no token")
    func open() async throws {
        try await ServerStage.run { stage in
            for path in ["/healthz", "/metrics"] { #expect(try await stage.get(path, token: nil).status == 200) }
            let ready = try await stage.get("/readyz", token: nil)
            #expect([200, 503].contains(ready.status))
            let hook = try await stage.send("POST", "/hooks/github", body: Array("{}".utf8))
            expectProblem(hook, 401)
        }
    }

    @Test("404 for what is not there, in the words of the problem")
    func notFound() async throws {
        try await ServerStage.run { stage in
            expectProblem(try await stage.get("/nothing", token: nil), 404)
            expectProblem(try await stage.get("/api/v1/nothing"), 404)
            for path in ["/api/v1/bots/none", "/api/v1/bots/none/rollouts", "/api/v1/rollouts/none"] {
                expectProblem(try await stage.get(path), 404, "\(path)")
            }
            expectProblem(try await stage.get("/api/v1/events?request=none"), 404)
            expectProblem(try await stage.get("/api/v1/audit?bot=none"), 404)
            for verb in ["suspend", "resume", "release", "reconcile"] {
                expectProblem(try await stage.post("/api/v1/bots/none/\(verb)"), 404, "\(verb)")
            }
            expectProblem(try await stage.post("/api/v1/bots/none/waive", #"{"reason": "x", "guard": "window"}"#), 404)
            expectProblem(try await stage.post("/api/v1/bots/none/rollback"), 404)
            expectProblem(try await stage.post("/api/v1/sinks/none/enable"), 404)
            expectProblem(try await stage.post("/api/v1/sinks/none/redeliver", #"{"reason": "x", "since": "2h"}"#), 404)
            expectProblem(try await stage.post("/api/v1/notifications/none/redeliver"), 404)
            expectProblem(try await stage.post("/api/v1/platforms/none/release"), 404)
            expectProblem(try await stage.post("/api/v1/platforms/none/approve"), 404)
        }
    }

    @Test("a provider that is not configured is 404")
    func hookNotConfigured() async throws {
        var settings = ServerStage.settings()
        settings.hooks[.gitlab] = nil
        try await ServerStage.run(settings: settings) { stage in
            expectProblem(try await stage.send("POST", "/hooks/gitlab", body: Array("{}".utf8)), 404)
            expectProblem(try await stage.send("POST", "/hooks/gogs", body: Array("{}".utf8)), 404)
        }
    }

    @Test("405 names what is allowed", arguments: ["PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND", "TRACE"])
    func wrongMethod(_ method: String) async throws {
        try await ServerStage.run { stage in
            for path in Self.reads {
                let answer = try await stage.send(method, path, token: "read")
                expectProblem(answer, 405, "\(method) \(path)")
                #expect(answer.headers["allow"] == "GET, HEAD")
            }
            for path in Self.writes {
                let answer = try await stage.send(method, path, token: "admin")
                expectProblem(answer, 405, "\(method) \(path)")
                #expect(answer.headers["allow"] == "POST")
            }
            #expect(try await stage.send(method, "/hooks/github").headers["allow"] == "POST")
            #expect(try await stage.send(method, "/healthz").headers["allow"] == "GET, HEAD")
        }
    }

    @Test("GET of what is done by POST is 405, and POST of what is read")
    func swappedMethods() async throws {
        try await ServerStage.run { stage in
            for path in ["/api/v1/reconcile", "/api/v1/suspend", "/hooks/github"] {
                let answer = try await stage.get(path)
                #expect(answer.status == 405, "\(path)")
            }
            for path in ["/api/v1/bots", "/api/v1/plan", "/metrics"] {
                let answer = try await stage.post(path, token: "admin")
                #expect(answer.status == 405, "\(path)")
            }
        }
    }

    @Test("HEAD answers what GET answers, without a body")
    func head() async throws {
        try await ServerStage.run(
            prepare: { $0.commit(["a"], version: "v1") },
            { stage in
                try await stage.settled()
                for (path, token, status) in [
                    ("/api/v1/bots", "read", 200), ("/api/v1/bots", "wrong", 401), ("/healthz", nil, 200),
                    ("/api/v1/bots/none", "read", 404), ("/nothing", nil, 404), ("/api/v1/bots/a", "read", 200),
                ] as [(String, String?, Int)] {
                    let whole = try await stage.get(path, token: token)
                    try await RawConnection.with(stage.port) { connection in
                        try await connection.send(
                            ServerStage.request("HEAD", path, token: token, headers: [("Connection", "close")]))
                        let answer = try await connection.answer(isHead: true)
                        #expect(answer.status == status, "\(path)")
                        #expect(answer.headers["content-length"] == whole.headers["content-length"], "\(path)")
                        #expect(try await connection.rest().isEmpty, "\(path)")
                    }
                }
            })
    }

    @Test("HEAD of the event stream ends")
    func headOfStream() async throws {
        try await ServerStage.run { stage in
            let answer = try await stage.send(
                "HEAD", "/api/v1/events", token: "read", headers: [("Accept", "text/event-stream")])
            #expect(answer.status == 200)
            #expect(answer.headers["content-type"] == "text/event-stream")
        }
    }

    @Test("415 for a body that is no JSON by its type")
    func wrongType() async throws {
        try await ServerStage.run { stage in
            for path in Self.writes {
                for type in ["text/plain", "application/x-www-form-urlencoded", "application/jsonx", ""] {
                    let answer = try await stage.send(
                        "POST", path, token: "admin", headers: [("Content-Type", type)],
                        body: Array(#"{"reason": "x"}"#.utf8))
                    expectProblem(answer, 415, "\(path) \(type)")
                }
            }
            let fine = try await stage.send(
                "POST", "/api/v1/reconcile", token: "operate",
                headers: [("Content-Type", "Application/JSON; charset=utf-8")], body: Array(#"{"reason": "x"}"#.utf8))
            #expect(fine.status == 202)
        }
    }

    @Test(
        "400 for bodies that are not the object that is asked for",
        arguments: [
            "", "{", "[]", "null", "\"x\"", "{}", #"{"reason": 1}"#, #"{"reason": ["x"]}"#, #"{"reason": {}}"#,
            #"{"reason": "x", "force": "true"}"#, #"{"reason": "x"} x"#, "\u{FEFF}{",
            String(repeating: "[", count: 50_000),
        ])
    func badBody(_ body: String) async throws {
        try await ServerStage.run { stage in
            expectProblem(try await stage.post("/api/v1/resume", body), 400)
            expectProblem(try await stage.post("/api/v1/bots/none/waive", body), 400)
        }
    }

    @Test("400 for members that are wrong by themselves, and it names them")
    func badMembers() async throws {
        try await ServerStage.run(
            prepare: { $0.commit(["a"], version: "v1") },
            { stage in
                try await stage.settled()
                for (path, body, name) in [
                    ("/api/v1/suspend", #"{"reason": "x", "for": "soon"}"#, "for"),
                    ("/api/v1/suspend", #"{"reason": "x", "for": "-2h"}"#, "for"),
                    ("/api/v1/suspend", #"{"reason": "x", "for": "0s"}"#, "for"),
                    ("/api/v1/suspend", #"{"reason": " "}"#, "reason"),
                    ("/api/v1/suspend", #"{"for": "2h"}"#, "reason"),
                    ("/api/v1/bots/a/waive", #"{"reason": "x"}"#, "guard"),
                    ("/api/v1/bots/a/waive", #"{"reason": "x", "guard": "luck"}"#, "guard"),
                    ("/api/v1/bots/a/waive", #"{"reason": "x", "guard": "quarantine"}"#, "guard"),
                    ("/api/v1/bots/a/waive", #"{"reason": "", "guard": "window"}"#, "reason"),
                    ("/api/v1/bots/a/rollback", #"{"reason": "x", "to": ""}"#, "to"),
                    ("/api/v1/bots/a/rollback", #"{"reason": "", "withoutGit": true}"#, "reason"),
                    ("/api/v1/bots/a/rollback", #"{"reason": "x", "withoutGit": "yes"}"#, "withoutGit"),
                    ("/api/v1/sinks/pipeline/redeliver", #"{"reason": "x"}"#, "since"),
                    ("/api/v1/sinks/pipeline/redeliver", #"{"reason": "x", "since": "once"}"#, "since"),
                    ("/api/v1/reconcile", #"{"bot": "a"}"#, "bot"),
                ] {
                    let answer = try await stage.post(path, body)
                    expectProblem(answer, 400, "\(body)")
                    #expect((answer.json["detail"] as? String)?.contains("`\(name)`") == true, "\(body)")
                }
            })
    }

    @Test("400 for parameters that are unknown or out of range")
    func badParameters() async throws {
        try await ServerStage.run { stage in
            for query in [
                "bots?limit=0", "bots?limit=201", "bots?limit=-1", "bots?limit=9223372036854775808", "bots?limit=x",
                "bots?limit=", "bots?page=2", "bots?state=fine", "bots?selector=team", "bots?selector==x",
                "events?after=none", "events?type=Rollout", "events?type=", "events?bots=a", "audit?after=x",
                "audit?after=-1", "audit?after=9223372036854775808", "rollouts?after=none", "notifications?after=x",
                "notifications?after=x%20y", "notifications?status=lost", "bots/%ff", "plan?bot=a",
            ] {
                expectProblem(try await stage.get("/api/v1/\(query)"), 400, "\(query)")
            }
        }
    }

    @Test("413 for a body that is too large, by its length or by what comes")
    func tooLarge() async throws {
        try await ServerStage.run { stage in
            let most = ServerLimits.maxAPIBodyBytes
            for (path, limit, token) in [
                ("/api/v1/resume", most, "operate"), ("/hooks/generic", ServerLimits.maxHookBodyBytes, nil),
            ] as [(String, Int, String?)] {
                let whole = try await stage.send(
                    "POST", path, token: token, headers: [("Content-Type", "application/json")],
                    body: [UInt8](repeating: 0x20, count: limit))
                #expect([400, 401].contains(whole.status), "as much as is taken is read")
                try await RawConnection.with(stage.port) { connection in
                    var head = ServerStage.request(
                        "POST", path, token: token,
                        headers: [("Content-Type", "application/json"), ("Content-Length", "\(limit + 1)")])
                    try await connection.send(head)
                    expectProblem(try await connection.answer(), 413, "before any of it was sent")
                    head = []
                }
                try await RawConnection.with(stage.port) { connection in
                    try await connection.send(
                        ServerStage.request(
                            "POST", path, token: token,
                            headers: [("Content-Type", "application/json"), ("Transfer-Encoding", "chunked")]))
                    let part = String(repeating: " ", count: 0x8000)
                    for _ in 0...(limit / 0x8000) { try await connection.send("8000\r\n\(part)\r\n") }
                    expectProblem(try await connection.answer(), 413, "without a length")
                }
            }
        }
    }

    @Test("431 for more headers than 64 KiB, and for a request line without end")
    func headersTooLarge() async throws {
        try await ServerStage.run { stage in
            let fits = String(repeating: "x", count: ServerLimits.maxHeaderBytes - 400)
            #expect(try await stage.get("/healthz", token: nil, headers: [("X-Long", fits)]).status == 200)
            for headers in [
                [("X-Long", String(repeating: "x", count: ServerLimits.maxHeaderBytes + 1))],
                (0..<80).map { ("X-Part-\($0)", String(repeating: "x", count: 1024)) },
            ] {
                let answer = try await stage.get("/healthz", token: nil, headers: headers)
                expectProblem(answer, 431)
                #expect(answer.headers["connection"] == "close")
            }
            try await RawConnection.with(stage.port) { connection in
                try await connection.send("GET /")
                let part = String(repeating: "a", count: 16 << 10)
                for _ in 0..<12 { try await connection.send(part) }
                expectProblem(try await connection.answer(), 431)
                #expect(try await connection.rest().isEmpty)
            }
        }
    }

    @Test("A kept connection takes any number of requests: the limit of headers is that of each one")
    func manyOnOneConnection() async throws {
        try await ServerStage.run { stage in
            let long = String(repeating: "x", count: 8 << 10)
            let request = ServerStage.request("GET", "/healthz", headers: [("X-Long", long)])
            try await RawConnection.with(stage.port) { connection in
                for number in 0..<40 {
                    try await connection.send(request)
                    #expect(try await connection.answer().status == 200, "request \(number)")
                }
            }
        }
    }

    @Test("408 for a request that is not whole in time: its head, its body, or a second one")
    func tooSlow() async throws {
        try await ServerStage.run(requestTimeout: .milliseconds(300)) { stage in
            for begin in [
                "GET /hea", "GET /healthz HTTP/1.1\r\nHost: a\r\nX-Slow: ",
                "POST /hooks/generic HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n{",
                "POST /hooks/generic HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n",
            ] {
                try await RawConnection.with(stage.port) { connection in
                    try await connection.send(begin)
                    expectProblem(try await connection.answer(), 408, "\(begin)")
                    #expect(try await connection.rest().isEmpty)
                }
                try await RawConnection.with(stage.port) { connection in
                    try await connection.send("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
                    #expect(try await connection.answer().status == 200)
                    try await connection.send(begin)
                    expectProblem(try await connection.answer(), 408, "after another: \(begin)")
                    #expect(try await connection.rest().isEmpty)
                }
            }
        }
    }

    @Test("a drop at a time does not lengthen the time of a request")
    func drip() async throws {
        try await ServerStage.run(requestTimeout: .milliseconds(400)) { stage in
            try await RawConnection.with(stage.port) { connection in
                try await connection.send("POST /hooks/generic HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n")
                let sender = connection.sender
                let drops = Task {
                    while !Task.isCancelled {
                        try await sender.write(ByteBuffer(string: "x"))
                        try await Task.sleep(for: .milliseconds(20))
                    }
                }
                expectProblem(try await connection.answer(), 408)
                drops.cancel()
                _ = await drops.result
            }
        }
    }

    @Test("a body that nobody reads holds no connection: it is answered, then closed")
    func unreadBody() async throws {
        try await ServerStage.run(requestTimeout: .milliseconds(300)) { stage in
            try await RawConnection.with(stage.port) { connection in
                try await connection.send("GET /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n")
                #expect(try await connection.answer().status == 200)
                #expect(try await connection.rest().isEmpty)
            }
        }
    }

    @Test(
        "400 for what is no HTTP, as a problem like every other",
        arguments: [
            "hello\r\n\r\n", "GET / HTTP/1.1\r\nHost\r\n\r\n", "GET / HTTP/9.9\r\nHost: a\r\n\r\n",
            "POST /hooks/generic HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n",
            "POST /hooks/generic HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
            "POST /hooks/generic HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\u{0}", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "FOO / HTTP/1.1\r\n\r\n",
        ])
    func noHTTP(_ text: String) async throws {
        try await ServerStage.run { stage in
            try await RawConnection.with(stage.port) { connection in
                try await connection.send(text)
                let answer = try await connection.answer()
                expectProblem(answer, 400, "\(text)")
                #expect(answer.headers["connection"] == "close")
            }
            #expect(try await stage.get("/healthz", token: nil).status == 200)
        }
    }

    @Test("pipelined requests are answered in order, and garbage after them is answered last")
    func pipelined() async throws {
        try await ServerStage.run { stage in
            try await RawConnection.with(stage.port) { connection in
                let one = "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"
                let two = "GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n"
                try await connection.send(one + two + one + "garbage\r\n\r\n")
                #expect(try await connection.answer().status == 200)
                #expect(try await connection.answer().status == 404)
                #expect(try await connection.answer().status == 200)
                expectProblem(try await connection.answer(), 400)
            }
        }
    }

    @Test("503 with Retry-After for what asks for something while the server ends; reads are answered")
    func closing() async throws {
        try await ServerStage.run { stage in
            stage.desk.shut()
            let hook = try await stage.send("POST", "/hooks/generic", body: [])
            let write = try await stage.post("/api/v1/resume")
            let look = try await stage.post("/api/v1/reconcile")
            for answer in [hook, write, look] {
                expectProblem(answer, 503)
                #expect(Int(answer.headers["retry-after"] ?? "") ?? 0 > 0)
            }
            #expect(try await stage.get("/api/v1/bots").status == 200)
        }
    }

    @Test("503 where more is being read than is kept at a time")
    func tooMuchAtOnce() async throws {
        try await ServerStage.run { stage in
            // Each sends all but the last byte, so that what it sent stays in hand.
            let size = ServerLimits.maxHookBodyBytes
            let count = ServerLimits.maxBodyBytesInFlight / size + 2
            let head = ServerStage.request("POST", "/hooks/generic", headers: [("Content-Length", "\(size)")])
            let body = [UInt8](repeating: 0x20, count: size - 1)
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<count {
                    group.addTask {
                        try await RawConnection.with(stage.port) { connection in
                            try await connection.send(head)
                            try await connection.send(body)
                            return try await connection.answer().status
                        }
                    }
                }
                let first = try await group.next()
                #expect(first == 503)
                group.cancelAll()
                while (try? await group.next()) != nil {}
            }
            try await eventually("what was in hand is given back") {
                try await stage.send("POST", "/hooks/generic", body: body).status == 401
            }
        }
    }
}
