import Crypto
import Domain
import Foundation
import Simulator
import Testing

/// The webhook sink: what it keeps, what it believes, and how it misbehaves.
@Suite struct SinkTests {
    /// The vector that the facts about webhooks give for Standard Webhooks v1.
    private static let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

    private func withSink(
        secrets: [String] = [], body: (SimulatedSink, Caller) async throws -> Void
    ) async throws {
        try await runSimulator(SimulatorSetup(sinkSecrets: secrets)) { _, sink in
            try await withClient { client in
                try await body(sink, Caller(client: client, base: try sink.url))
            }
        }
    }

    private func signed(
        _ body: String, id: String = "msg_1", at now: Int = Int(Date().timeIntervalSince1970), age: Int = 0,
        secret: String = secret
    ) -> [String: String] {
        let seconds = now - age
        let key = SymmetricKey(data: Data(base64Encoded: String(secret.dropFirst(6))) ?? Data())
        let code = HMAC<SHA256>.authenticationCode(for: Data("\(id).\(seconds).\(body)".utf8), using: key)
        return [
            "webhook-id": id, "webhook-timestamp": "\(seconds)",
            "webhook-signature": "v1,\(Data(code).base64EncodedString())",
        ]
    }

    @Test func aDeliveryIsKeptAsItCame() async throws {
        try await withSink { sink, caller async throws in
            let body = "{\"a\": \"\u{e4}\"}\n"
            let reply = try await caller.post("", body, headers: ["Webhook-Id": "msg_9", "X-Other": "yes"])
            #expect(reply.status == 204)
            let kept = try await sink.waitForDeliveries(count: 1)
            #expect(kept[0].body == Array(body.utf8) && kept[0].text == body)
            #expect(kept[0].id == "msg_9" && kept[0].headers["x-other"] == "yes")
            #expect(kept[0].path == "/hook" && kept[0].method == "POST")
            #expect(kept[0].signature == .unchecked)
        }
    }

    @Test func onlyASignatureThatFitsIsAccepted() async throws {
        try await withSink(secrets: [Self.secret]) { sink, caller async throws in
            #expect(try await caller.post("", "{}", headers: signed("{}")).status == 204)
            #expect(try await caller.post("", "{}").status == 401)
            #expect(try await caller.post("", "{ }", headers: signed("{}")).status == 401)
            #expect(try await caller.post("", "{}", headers: signed("{}", age: 400)).status == 401)
            #expect(try await caller.post("", "{}", headers: signed("{}", age: -400)).status == 401)
            #expect(try await caller.post("", "{}", headers: signed("{}", id: "a.b")).status == 401)
            var other = signed("{}")
            other["webhook-id"] = "msg_2"
            #expect(try await caller.post("", "{}", headers: other).status == 401)
            #expect(sink.accepted.count == 1 && sink.attempts.count == 7)
            #expect(sink.attempts[0].signature == .valid && sink.attempts[1].signature == .absent)
        }
    }

    @Test func duringARotationEitherSecretWillDo() async throws {
        let next = "whsec_" + Data(repeating: 7, count: 32).base64EncodedString()
        try await withSink(secrets: [next]) { sink, caller async throws in
            #expect(try await caller.post("", "{}", headers: signed("{}")).status == 401)
            var both = signed("{}")
            both["webhook-signature"] = "v2,AAAA " + (both["webhook-signature"] ?? "")
            sink.setSecrets([next, Self.secret])
            #expect(try await caller.post("", "{}", headers: both).status == 204)
            let now = try #require(Int(both["webhook-timestamp"] ?? ""))
            let second = signed("{}", at: now, secret: next)["webhook-signature"] ?? ""
            both["webhook-signature", default: ""] += " " + second
            sink.setSecrets([next])
            #expect(try await caller.post("", "{}", headers: both).status == 204)
        }
    }

    @Test func faultsArePlayedInTurn() async throws {
        try await withSink { sink, caller async throws in
            sink.add(.status(500))
            sink.add(.status(429, retryAfter: "7"))
            sink.add(SinkFault(.redirect(to: "http://127.0.0.1:1/")))
            sink.add(SinkFault(.drop))
            sink.add(SinkFault(.dropBeforeReading))
            sink.add(.gone)
            #expect(try await caller.post("", "1").status == 500)
            let limited = try await caller.post("", "2")
            #expect(limited.status == 429 && limited.header("Retry-After") == "7")
            #expect(try await caller.post("", "3").header("Location") == "http://127.0.0.1:1/")
            await #expect(throws: (any Error).self) { try await caller.post("", "4") }
            await #expect(throws: (any Error).self) { try await caller.post("", "5") }
            for _ in 0..<3 { #expect(try await caller.post("", "6").status == 410) }
            #expect(sink.attempts.map(\.status) == [500, 429, 307, 0, 410, 410, 410])
            sink.clearFaults()
            #expect(try await caller.post("", "7").status == 204)
            #expect(sink.accepted.map(\.text) == ["7"])
        }
    }

    @Test func anAnswerHangsOrIsLateOrNeverEnds() async throws {
        try await withSink { sink, caller async throws in
            sink.add(SinkFault(.hang))
            sink.add(SinkFault(.delay(milliseconds: 60)))
            sink.add(SinkFault(.endless))
            let pending = Task { try await caller.post("", "1") }
            try await sink.waitForAttempts(count: 1)
            pending.cancel()
            await #expect(throws: (any Error).self) { try await pending.value }
            let start = ContinuousClock.now
            #expect(try await caller.post("", "2").status == 204)
            #expect(ContinuousClock.now - start >= .milliseconds(60))
            await #expect(throws: (any Error).self) {
                try await caller.send("POST", "", body: "3", maxBytes: 500_000)
            }
            #expect(sink.attempts.map(\.status) == [0, 204, 200])
        }
    }

    @Test func waitingEndsWithTheDeliveryOrWithItsLimit() async throws {
        try await withSink { sink, caller async throws in
            async let waiting = sink.waitForDeliveries(count: 2)
            _ = try await caller.post("", "1")
            _ = try await caller.post("", "2")
            #expect(try await waiting.map(\.text) == ["1", "2"])
            await #expect {
                try await sink.waitForAttempts(count: 3, limit: .milliseconds(50))
            } throws: { error in
                (error as? SimulatorError)?.code == .timedOut
            }
        }
    }
}
