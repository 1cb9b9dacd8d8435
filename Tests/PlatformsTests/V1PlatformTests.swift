import Domain
import Exchange
import Support
import Testing

@testable import Platforms

@Suite("The v1 platform over a socket", .timeLimit(.minutes(1)))
struct V1PlatformTests {
    @Test("a mutation: headers, body, digests")
    func mutation() async throws {
        let body = "{\"success\":true,\"data\":{\"jobId\":\"job_1\"}}"
        try await RawServer.run(.init { _ in .http(200, body) }) { server in
            try await withPlatform(server) { platform in
                let exchange = await platform.perform(.deployment, renewCredentials: false)
                #expect(answered(exchange) == .accepted(jobId: "job_1"))
                #expect(exchange.status == 200)
                #expect(exchange.latencyMilliseconds > 0)
                let request = try #require(server.requests.first)
                #expect(request.method == "POST" && request.target == "/api/v1/deployments")
                #expect(request.headers["authorization"] == "Bearer key-one")
                #expect(request.headers["idempotency-key"] == "key-7")
                #expect(request.headers["content-type"] == "application/json")
                #expect(request.headers["accept"] == "application/json")
                #expect(request.text.contains("\"force\":false"))
                #expect(exchange.requestDigest == digest(request.body))
                #expect(exchange.answerDigest == digest(Array(body.utf8)))
                #expect(platform.capabilities == PlatformCapabilities())
            }
        }
    }

    @Test("the digest is SHA-256 in lower-case hex")
    func vector() {
        #expect(digest(Array("abc".utf8)) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }

    @Test("reads of one platform share its connection")
    func reuse() async throws {
        try await RawServer.run(.init { _ in .http(200, "{\"success\":true,\"data\":[{}]}") }) { server in
            try await withPlatform(server) { platform in
                for _ in 1...4 {
                    let exchange = await platform.perform(.sessions, renewCredentials: false)
                    #expect(answered(exchange) == .sessions(count: 1, page: PageInfo(page: 1, next: nil, first: nil)))
                    #expect(exchange.requestDigest == nil)
                }
                #expect(server.connections == 1)
            }
        }
    }

    @Test("no more requests in flight than the configuration allows")
    func concurrency() async throws {
        let gate = Gate()
        let script = RawServer.Script { _ in
            await gate.pass()
            return .http(200, "{\"success\":true,\"data\":[]}")
        }
        try await RawServer.run(script) { server in
            try await withPlatform(server, change: .init { $0.maxConcurrentRequests = 2 }) { platform in
                await withTaskGroup(of: Bool.self) { group in
                    for _ in 1...8 {
                        group.addTask { answered(await platform.perform(.sessions, renewCredentials: false)) != nil }
                    }
                    try? await eventually("two requests are held") { await gate.most == 2 }
                    await gate.open()
                    for await succeeded in group { #expect(succeeded) }
                }
                #expect(await gate.most == 2)
                #expect(server.connections == 2)
            }
        }
    }

    static let unclear: [(RawServer.Reply, String)] = [
        (.http(200, "<html>hello</html>", type: "text/html"), "not JSON"),
        (.http(200, "{\"success\":true,\"data\":[]}", type: nil), "not JSON"),
        (.http(200, "{\"success\":true,\"data\":[]}", type: "text/plain"), "not JSON"),
        (.http(200, "{\"success\":false,\"message\":\"Database lock\"}"), "Database lock"),
        (.http(200, "{\"success\":false}"), "no message"),
        (.http(200, "{}"), "`success` is missing"),
        (.http(200, "{\"success\":true}"), "`data` is missing"),
        (.http(200, ""), "not JSON"),
        (.http(204, "", type: nil), "204"),
        (.http(302, "", headers: ["Location: /login"]), "302"),
        (.http(408), "408"),
        (.http(500, "{\"success\":false,\"message\":\"Oops\"}"), "500: Oops"),
        (.http(502, "<html>Bad gateway</html>", type: "text/html"), "502"),
        (.http(503), "503"),
    ]

    @Test("what leaves a mutation's fate open, and a read without an answer", arguments: unclear.indices)
    func fateUnknown(index: Int) async throws {
        let (reply, words) = V1PlatformTests.unclear[index]
        try await RawServer.run(.init { _ in reply }) { server in
            try await withPlatform(server) { platform in
                for request in [PlatformRequest.deployment, .sessions] {
                    let exchange = await platform.perform(request, renewCredentials: false)
                    let failure = try #require(failed(exchange))
                    #expect(failure.kind == .unclear)
                    #expect(failure.message.contains(words), "\(failure.message)")
                    #expect(failure.message.contains(request.operation))
                    #expect(exchange.status != nil && exchange.answerDigest != nil)
                }
                #expect(server.requests.count == 2)
            }
        }
    }

    @Test("an answer above the limit is no answer")
    func tooLong() async throws {
        let padding = String(repeating: " ", count: V1Platform.maxAnswerBytes)
        try await RawServer.run(.init { _ in .http(200, "{\"success\":true,\"data\":[]\(padding)}") }) { server in
            try await withPlatform(server) { platform in
                let exchange = await platform.perform(.sessions, renewCredentials: false)
                #expect(failed(exchange)?.kind == .unclear)
                #expect(failed(exchange)?.message.contains("more than") == true)
            }
        }
    }

    @Test("lost after it was sent, once; never sent where nobody listens")
    func transport() async throws {
        let port = try await RawServer.run(.init { _ in .close }) { server in
            try await withPlatform(server) { platform in
                let exchange = await platform.perform(.deployment, renewCredentials: false)
                #expect(failed(exchange)?.kind == .lost)
                #expect(exchange.status == nil && exchange.answerDigest == nil && exchange.requestDigest != nil)
                #expect(server.requests.count == 1)
            }
            return server.port
        }
        try await RawServer.run(.init { _ in .hang }) { server in
            try await withPlatform(server, change: .init { $0.timeout = .seconds(1) }) { platform in
                let exchange = await platform.perform(.deployment, renewCredentials: false)
                #expect(failed(exchange)?.kind == .lost)
                try await eventually("the server has seen it") { server.requests.count == 1 }
            }
            try await withPlatform(server, change: .init { $0.url = "http://127.0.0.1:\(port)" }) { platform in
                let exchange = await platform.perform(.deployment, renewCredentials: false)
                #expect(failed(exchange)?.kind == .notSent)
            }
        }
    }

    @Test(
        "Retry-After in both forms",
        arguments: [
            (["Retry-After: 7"], Span.seconds(7) as Span?),
            (["Retry-After: Sun, 22 Nov 2026 10:00:30 GMT"], .seconds(30)),
            (["Retry-After: Sun, 22 Nov 2026 12:00:30 GMT", "Date: Sun, 22 Nov 2026 12:00:00 GMT"], .seconds(30)),
            (["Retry-After: soon"], nil), ([], nil),
        ])
    func retryAfter(headers: [String], wait: Span?) async throws {
        for status in [429, 503] {
            try await RawServer.run(.init { _ in .http(status, headers: headers) }) { server in
                try await withPlatform(server) { platform in
                    let failure = failed(await platform.perform(.deployment, renewCredentials: false))
                    #expect(failure?.kind == (status == 429 ? .rateLimited : .unclear))
                    #expect(failure?.retryAfter == wait)
                }
            }
        }
    }

    @Test("no secret, no control character and no novel in a message")
    func clean() async throws {
        let long = String(repeating: "x", count: 2000)
        let said = "Bearer key-one is \\u001b[31mred\\u202e \(long)"
        try await RawServer.run(.init { _ in .http(400, "{\"message\":\"\(said)\"}") }) { server in
            try await withPlatform(server) { platform in
                let message = try #require(
                    failed(await platform.perform(.deployment, renewCredentials: false))?.message)
                #expect(!message.contains("key-one") && message.contains("*** is [31mred x"))
                #expect(message.count == UntrustedText.maxMessageCharacters)
            }
        }
    }
}
