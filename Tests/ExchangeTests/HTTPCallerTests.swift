import Domain
import Exchange
import Support
import Testing

/// One client for one test, shut down at its end.
func withCaller<Result: Sendable>(
    maxConnections: Int = 4, addresses: AddressPolicy = .any, connectTimeout: Span = .seconds(5), caFile: String? = nil,
    _ body: @Sendable (HTTPCaller) async throws -> Result
) async throws -> Result {
    let connections = Connections()
    let caller = try connections.open(
        HTTPCaller.Settings(
            caFile: caFile, maxConnections: maxConnections, addresses: addresses, connectTimeout: connectTimeout))
    let outcome: Swift.Result<Result, any Error>
    do {
        outcome = .success(try await body(caller))
    } catch {
        outcome = .failure(error)
    }
    await connections.shutdown()
    return try outcome.get()
}

func get(_ url: String, timeout: Span = .seconds(20), maxAnswerBytes: Int = 10_000) -> HTTPCall {
    HTTPCall(.get, url, timeout: timeout, maxAnswerBytes: maxAnswerBytes)
}

func post(_ url: String, _ body: String = "{}", timeout: Span = .seconds(20)) -> HTTPCall {
    HTTPCall(.post, url, body: Array(body.utf8), timeout: timeout, maxAnswerBytes: 10_000)
}

@Suite("One exchange", .timeLimit(.minutes(1)))
struct HTTPCallerTests {
    @Test("an answer comes whole, with its headers, and the connection is kept")
    func answers() async throws {
        try await RawServer.run(.init { _ in .http(200, "{\"a\":1}", headers: ["X-One: 1"]) }) { server in
            try await withCaller { caller in
                for _ in 1...5 {
                    let answer = try await caller.call(post("\(server.url)/a", "body")).get()
                    #expect(answer.status == 200)
                    #expect(answer.body == Array("{\"a\":1}".utf8))
                    #expect(answer.header("x-one") == "1")
                    #expect(answer.isJSON && !answer.isCut)
                    #expect(answer.latencyMilliseconds > 0)
                }
                #expect(server.connections == 1)
                #expect(server.requests.map(\.text) == Array(repeating: "body", count: 5))
                #expect(server.requests.allSatisfy { $0.headers["content-length"] == "4" })
            }
        }
    }

    @Test("no more connections than allowed, and all of them used")
    func limit() async throws {
        let gate = Gate()
        let script = RawServer.Script { request in
            if request.target == "/probe" { return .http(200) }
            await gate.pass()
            return .http(200)
        }
        try await RawServer.run(script) { server in
            try await withCaller(maxConnections: 3) { caller in
                try await withThrowingTaskGroup(of: Int.self) { group in
                    for _ in 1...12 { group.addTask { try await caller.call(get("\(server.url)/held")).get().status } }
                    try await eventually("three requests are held") { await gate.most == 3 }
                    // A whole exchange beside them gives a fourth every chance to show.
                    try await withCaller { _ = try await $0.call(get("\(server.url)/probe")).get() }
                    #expect(await gate.most == 3)
                    await gate.open()
                    for try await status in group { #expect(status == 200) }
                }
                #expect(await gate.most <= 3)
                #expect(server.requests.count == 13)
                #expect(server.connections == 4)
            }
        }
    }

    @Test("a redirect is an answer")
    func redirect() async throws {
        try await RawServer.run(.init { _ in .http(302, headers: ["Location: /elsewhere"]) }) { server in
            try await withCaller { caller in
                let answer = try await caller.call(get(server.url)).get()
                #expect(answer.status == 302)
                #expect(server.requests.count == 1)
            }
        }
    }

    @Test("what is packed stays packed")
    func packed() async throws {
        try await RawServer.run(.init { _ in .http(200, "packed", headers: ["Content-Encoding: gzip"]) }) { server in
            try await withCaller { caller in
                let answer = try await caller.call(get(server.url)).get()
                #expect(answer.body == Array("packed".utf8))
            }
        }
    }

    @Test("a long answer is cut, announced or not, and the next call is served")
    func cut() async throws {
        let long = String(repeating: "x", count: 200_000)
        let script = RawServer.Script { request in
            switch request.target {
            case "/announced": .http(200, long)
            case "/chunked":
                .sendThenHang(
                    "HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n30d40\r\n\(long)\r\n")
            default: .http(200, String(repeating: "y", count: 1000))
            }
        }
        try await RawServer.run(script) { server in
            try await withCaller { caller in
                for path in ["/announced", "/chunked"] {
                    let answer = try await caller.call(get(server.url + path, maxAnswerBytes: 1000)).get()
                    #expect(answer.isCut)
                    #expect(answer.body == Array(repeating: UInt8(ascii: "x"), count: 1000))
                }
                let whole = try await caller.call(get(server.url, maxAnswerBytes: 1000)).get()
                #expect(!whole.isCut && whole.body.count == 1000)
            }
        }
    }
}

@Suite("Exchanges that bring no answer", .timeLimit(.minutes(1)))
struct FailedExchangeTests {
    func failure(of result: Result<HTTPAnswer, TransportFailure>) throws -> TransportFailure {
        guard case .failure(let failure) = result else { throw Unexpected(result: "\(result)") }
        return failure
    }

    struct Unexpected: Error { var result: String }

    @Test("silence, half a head, half a body: over at the deadline, sent", arguments: [nil, "HTTP/1.1 200", "body"])
    func silence(part: String?) async throws {
        let half = "HTTP/1.1 200 X\r\nContent-Length: 100\r\n\r\nhalf"
        let script = RawServer.Script { _ in
            part.map { .sendThenHang($0 == "body" ? half : $0) } ?? .hang
        }
        try await RawServer.run(script) { server in
            try await withCaller { caller in
                let failure = try failure(of: await caller.call(post(server.url, timeout: .seconds(1))))
                #expect(failure.reason == .deadline)
                #expect(failure.sent && !failure.isSurelyNotSent)
                #expect(failure.latencyMilliseconds > 0)
                try await eventually("the server has seen it") { server.requests.count == 1 }
            }
        }
    }

    @Test("a connection that breaks after the request: lost, and the request is not sent again")
    func dropped() async throws {
        try await RawServer.run(.init { $0.target == "/drop" ? .close : .http(200) }) { server in
            try await withCaller { caller in
                // On a fresh connection and on a kept one: a library that repeats does it on the kept one.
                for warm in [false, true] {
                    if warm { _ = try await caller.call(get(server.url)).get() }
                    let before = server.requests.count
                    let failure = try failure(of: await caller.call(post("\(server.url)/drop")))
                    #expect(failure.reason == .closed)
                    #expect(failure.sent && !failure.isSurelyNotSent)
                    #expect(server.requests.count == before + 1)
                }
            }
        }
    }

    @Test("half an answer, then the end: lost")
    func half() async throws {
        let script = RawServer.Script { _ in .sendThenClose("HTTP/1.1 200 X\r\nContent-Length: 100\r\n\r\nhalf") }
        try await RawServer.run(script) { server in
            try await withCaller { caller in
                let failure = try failure(of: await caller.call(post(server.url)))
                #expect(failure.sent && !failure.isSurelyNotSent)
                #expect(failure.reason == .closed || failure.reason == .garbage)
            }
        }
    }

    @Test("what is not HTTP")
    func garbage() async throws {
        try await RawServer.run(.init { _ in .sendThenHang("SSH-2.0-OpenSSH_9.2\r\n\r\n\r\n") }) { server in
            try await withCaller { caller in
                let failure = try failure(of: await caller.call(post(server.url)))
                #expect(failure.reason == .garbage)
                #expect(!failure.isSurelyNotSent)
            }
        }
    }

    @Test("nobody listens, the name is unknown, TLS meets none: surely not sent")
    func notSent() async throws {
        let port = try await RawServer.run(.init { _ in .http(200) }) { $0.port }
        try await RawServer.run(greeting: "no TLS here\r\n", .init { _ in .http(200) }) { server in
            try await withCaller { caller in
                let cases: [(String, TransportFailure.Reason)] = [
                    ("http://127.0.0.1:\(port)", .connection), ("https://nowhere.invalid", .name),
                    ("https://127.0.0.1:\(server.port)", .tls),
                ]
                for (url, reason) in cases {
                    let failure = try failure(of: await caller.call(post(url)))
                    #expect(failure.reason == reason, "\(url): \(failure)")
                    #expect(failure.isSurelyNotSent)
                }
                #expect(server.requests.isEmpty)
            }
        }
    }

    @Test("all connections busy: not sent, and the one in flight is not disturbed")
    func busy() async throws {
        let gate = Gate()
        let script = RawServer.Script { _ in
            await gate.pass()
            return .http(200)
        }
        try await RawServer.run(script) { server in
            try await withCaller(maxConnections: 1, connectTimeout: .milliseconds(300)) { caller in
                async let first = caller.call(get("\(server.url)/first"))
                try await eventually("the first is held") { await gate.most == 1 }
                let waited = try failure(of: await caller.call(post("\(server.url)/second")))
                #expect(waited.reason == .noFreeConnection)
                #expect(waited.isSurelyNotSent)
                let hurried = try failure(
                    of: await caller.call(post("\(server.url)/third", timeout: .milliseconds(50))))
                #expect(hurried.reason == .deadline)
                #expect(hurried.isSurelyNotSent)
                await gate.open()
                let answer = try await first.get()
                #expect(answer.status == 200)
                #expect(server.requests.map(\.target) == ["/first"])
            }
        }
    }

    @Test("an address that the policy refuses is left before anything is sent", arguments: ["127.0.0.1", "localhost"])
    func refused(host: String) async throws {
        try await RawServer.run(.init { _ in .http(200) }) { server in
            try await withCaller(addresses: .publicOnly) { caller in
                for _ in 1...3 {
                    let failure = try failure(of: await caller.call(post("http://\(host):\(server.port)")))
                    #expect(failure.reason == .addressRefused)
                    #expect(failure.isSurelyNotSent)
                }
                #expect(server.requests.isEmpty)
            }
            try await withCaller(addresses: .loopback) { caller in
                let answer = try await caller.call(post("http://\(host):\(server.port)")).get()
                #expect(answer.status == 200)
            }
        }
    }

    @Test("cancelled in flight, and after the shutdown")
    func ended() async throws {
        let gate = Gate()
        let script = RawServer.Script { _ in
            await gate.pass()
            return .http(200)
        }
        try await RawServer.run(script) { server in
            let connections = Connections()
            let caller = try connections.open(HTTPCaller.Settings(maxConnections: 1))
            let running = Task { await caller.call(post(server.url)) }
            try await eventually("the request is held") { await gate.most == 1 }
            running.cancel()
            let cancelled = try failure(of: await running.value)
            #expect(cancelled.reason == .cancelled)
            #expect(cancelled.sent && !cancelled.isSurelyNotSent)
            await connections.shutdown()
            await connections.shutdown()
            let late = try failure(of: await caller.call(post(server.url)))
            #expect(late.reason == .shutDown)
            #expect(late.isSurelyNotSent)
            await gate.open()
        }
    }

    @Test("certificates that cannot be read")
    func certificates() {
        let error = #expect(throws: ExchangeError.self) {
            try HTTPCaller(HTTPCaller.Settings(caFile: "/nowhere/ca.pem", maxConnections: 1))
        }
        #expect(error?.code == .certificatesUnreadable)
    }

    @Test("the table of what is surely not sent", arguments: TransportFailure.Reason.allCases)
    func table(reason: TransportFailure.Reason) {
        #expect(TransportFailure(reason, sent: true).isSurelyNotSent == false)
        let unsure: Set<TransportFailure.Reason> = [.closed, .garbage, .other]
        #expect(TransportFailure(reason, sent: false).isSurelyNotSent == !unsure.contains(reason))
        #expect(!TransportFailure(reason, sent: true, detail: "why").message.isEmpty)
    }
}
