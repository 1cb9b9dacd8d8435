import Domain
import Exchange
import Support
import Testing

@testable import Notifications

@Suite("One delivery", .timeLimit(.minutes(1)))
struct WebhookSinkTests {
    @Test("a signed POST with the event's id and the time of the attempt")
    func delivered() async throws {
        try await RawServer.run(.init { _ in .http(204, type: nil) }) { server in
            let secrets = FakeSecrets(["ONE": "first", "TWO": "whsec_AAEC", "THREE": "third"])
            let url = SinkSettings.Address.literal("\(server.url)/ci-cd?x=1")
            try await withSink(url, secrets: secrets, signed: ["ONE", "TWO", "THREE"]) { sink in
                let event = makeFullEvent()
                let later = ten.advanced(by: .milliseconds(90_999))
                #expect(await sink.deliver(event, attemptedAt: later) == .delivered(status: 204))
                let request = try #require(server.requests.first)
                #expect(request.method == "POST" && request.target == "/ci-cd?x=1")
                #expect(request.body == WebhookBody.render(event))
                #expect(request.headers["content-type"] == "application/json")
                #expect(request.headers["webhook-id"] == event.id)
                #expect(request.headers["webhook-timestamp"] == "1795341690")
                let signature = WebhookSignature.header(
                    id: event.id, timestamp: 1_795_341_690, body: request.body,
                    keys: [.shared(Array("first".utf8)), .shared([0, 1, 2])])
                #expect(request.headers["webhook-signature"] == signature)
            }
        }
    }

    @Test("without a secret it is not signed; a secret that is unusable sends nothing")
    func secrets() async throws {
        try await RawServer.run(.init { _ in .http(200) }) { server in
            try await withSink(.literal(server.url)) { sink in
                #expect(await sink.deliver(makeEvent(), attemptedAt: ten) == .delivered(status: 200))
                #expect(server.requests.first?.headers["webhook-signature"] == nil)
                #expect(server.requests.first?.headers["webhook-id"] != nil)
            }
            for value in [nil, "", "whsec_!"] {
                let secrets = FakeSecrets([:])
                secrets.set("ONE", value)
                try await withSink(.literal(server.url), secrets: secrets, signed: ["ONE"]) { sink in
                    guard case .failed(let text, nil) = await sink.deliver(makeEvent(), attemptedAt: ten) else {
                        Issue.record("not failed")
                        return
                    }
                    #expect(text.contains("pipeline") && !text.contains("whsec_!"))
                }
            }
            #expect(server.requests.count == 1)
        }
    }

    @Test("each status", arguments: Array(100...999))
    func classification(status: Int) {
        let answer = HTTPAnswer(status: status, headers: [("Retry-After", "9")], body: Array("why".utf8))
        let text = "status \(status): why"
        let expected: DeliveryAnswer =
            switch status {
            case 200...299: .delivered(status: status)
            case 410: .gone(answer: text)
            case 408, 409, 425, 429: .failed(answer: text, retryAfter: .seconds(9))
            case 400...499: .refused(status: status, answer: text)
            default: .failed(answer: text, retryAfter: .seconds(9))
            }
        #expect(AnswerRule.judge(answer, at: ten) == expected)
    }

    @Test("a redirect is not followed; a long answer is cut and cleaned; no secret in it")
    func answers() async throws {
        let script = RawServer.Script { request in
            switch request.target {
            case "/redirect": .http(307, "go", headers: ["Location: /other"])
            default:
                .http(
                    500, "no \u{1b}[31m\(request.target) first \(String(repeating: "x", count: 5000))",
                    type: "text/plain")
            }
        }
        try await RawServer.run(script) { server in
            try await withSink(.literal("\(server.url)/redirect")) { sink in
                let answer = await sink.deliver(makeEvent(), attemptedAt: ten)
                #expect(answer == .failed(answer: "status 307: go", retryAfter: nil))
                #expect(server.requests.count == 1)
            }
            let secrets = FakeSecrets(["ONE": "first"])
            try await withSink(.literal("\(server.url)/token-7"), secrets: secrets, signed: ["ONE"]) { sink in
                guard case .failed(let text, nil) = await sink.deliver(makeEvent(), attemptedAt: ten) else {
                    Issue.record("not failed")
                    return
                }
                #expect(text.hasPrefix("status 500: no [31m*** *** xxx"))
                #expect(text.unicodeScalars.count <= AnswerRule.maxAnswerCharacters)
            }
        }
    }

    @Test("an address that is a secret is read each time and never shown")
    func secretAddress() async throws {
        try await RawServer.run(.init { $0.target == "/hook/token-8" ? .http(200) : .close }) { server in
            let secrets = FakeSecrets(["URL": "\(server.url)/hook/token-7"])
            try await withSink(.secret(.environment(name: "URL")), secrets: secrets) { sink in
                guard case .failed(let text, nil) = await sink.deliver(makeEvent(), attemptedAt: ten) else {
                    Issue.record("not failed")
                    return
                }
                #expect(text.hasPrefix("\(server.url): ") && !text.contains("token-7"))
                secrets.set("URL", "\(server.url)/hook/token-8")
                #expect(await sink.deliver(makeEvent(), attemptedAt: ten) == .delivered(status: 200))
                for bad in ["nonsense token-9", "ftp://x/token-9", "https://token-9@x.example", nil] {
                    secrets.set("URL", bad)
                    guard case .failed(let text, nil) = await sink.deliver(makeEvent(), attemptedAt: ten) else {
                        Issue.record("not failed")
                        return
                    }
                    #expect(!text.contains("token-9"))
                }
            }
        }
    }

    @Test("private addresses are refused: literal ones at the start, names when they are connected to")
    func privateAddresses() async throws {
        for url in ["https://10.0.0.1/x", "https://[::1]/x", "https://localhost/x", "https://[::ffff:8.8.8.8]/"] {
            let error = #expect(throws: ExchangeError.self) { try HTTPSink.target(url, allowPrivate: false) }
            #expect(error?.code == .addressPrivate)
            #expect(throws: Never.self) { try HTTPSink.target(url, allowPrivate: true) }
        }
        let plain = #expect(throws: ExchangeError.self) {
            try HTTPSink.target("http://a.example", allowPrivate: true)
        }
        #expect(plain?.code == .addressInsecure)
        try await RawServer.run(greeting: "no TLS\r\n", .init { _ in .http(200) }) { server in
            // Another notation of 127.0.0.1, which only the resolver understands.
            let hidden = FakeSecrets(["URL": "https://127.1:\(server.port)/token-7"])
            try await withSink(.secret(.environment(name: "URL")), secrets: hidden, allowPrivate: false) { sink in
                guard case .failed(let text, nil) = await sink.deliver(makeEvent(), attemptedAt: ten) else {
                    Issue.record("not failed")
                    return
                }
                #expect(!text.contains("token-7"))
            }
            #expect(server.requests.isEmpty)
        }
    }

    @Test("an address that is none")
    func factory() {
        let settings = SinkSettings(name: "pipeline", url: .literal("https://192.168.1.1/x"))
        let address = #expect(throws: ExchangeError.self) {
            try SinkFactory.make(settings, secrets: FakeSecrets([:]), connections: Connections())
        }
        #expect(address?.code == .addressPrivate)
    }
}
