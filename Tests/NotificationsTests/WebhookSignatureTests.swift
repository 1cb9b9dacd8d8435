import Foundation
import Support
import Testing

@testable import Notifications

@Suite("Signatures of Standard Webhooks", .timeLimit(.minutes(1)))
struct WebhookSignatureTests {
    static let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

    @Test("the documented vector")
    func vector() throws {
        let key = try #require(WebhookSignature.key(WebhookSignatureTests.secret))
        let header = WebhookSignature.header(
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp: 1_614_265_330, body: Array("{\"test\": 2432232314}".utf8),
            keys: [key])
        #expect(header == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
    }

    @Test("two secrets, two signatures, in their order")
    func rotation() throws {
        let keys = try [WebhookSignatureTests.secret, "plain text"].map { try #require(WebhookSignature.key($0)) }
        let both = WebhookSignature.header(id: "a", timestamp: 1, body: [1], keys: keys)
        let each = keys.map { WebhookSignature.header(id: "a", timestamp: 1, body: [1], keys: [$0]) }
        #expect(both == each.joined(separator: " "))
        #expect(Set(each).count == 2)
    }

    @Test("every part is signed")
    func parts() throws {
        let key = try #require(WebhookSignature.key("k"))
        let headers = [
            WebhookSignature.header(id: "a", timestamp: 1, body: [1], keys: [key]),
            WebhookSignature.header(id: "b", timestamp: 1, body: [1], keys: [key]),
            WebhookSignature.header(id: "a", timestamp: 2, body: [1], keys: [key]),
            WebhookSignature.header(id: "a", timestamp: 1, body: [2], keys: [key]),
        ]
        #expect(Set(headers).count == headers.count)
    }

    @Test(
        "what a secret's bytes are",
        arguments: [
            ("whsec_AAEC", [0, 1, 2] as [UInt8]?), ("whsec_AAE=", [0, 1]), ("whsec_AAE", [0, 1]),
            ("abc", [97, 98, 99]),
            ("AAEC", Array("AAEC".utf8)), ("", nil), ("whsec_", nil), ("whsec_!!!!", nil),
        ])
    func keys(secret: String, bytes: [UInt8]?) {
        #expect(WebhookSignature.key(secret) == bytes)
    }

    // The reference library is a Python package that a machine may lack.
    @Test("the reference library accepts our signature", .enabled(if: ReferenceLibrary.isAvailable))
    func reference() async throws {
        let now = Int64(Date().timeIntervalSince1970)
        let key = try #require(WebhookSignature.key(WebhookSignatureTests.secret))
        let body = WebhookBody.render(makeFullEvent())
        let header = WebhookSignature.header(id: "msg_1", timestamp: now, body: body, keys: [[1, 2, 3], key])
        let script = """
            import sys, json
            from standardwebhooks.webhooks import Webhook
            body = sys.stdin.buffer.read()
            secret, timestamp, signature = sys.argv[1:4]
            headers = {"webhook-id": "msg_1", "webhook-timestamp": timestamp, "webhook-signature": signature}
            print(Webhook(secret).verify(body, headers)["eventType"])
            """
        let output = try await checkProcess(
            "python3", ["-c", script, WebhookSignatureTests.secret, "\(now)", header],
            input: String(decoding: body, as: UTF8.self))
        #expect(output.standardOutput == "BOT_VERSION_ROLLBACK\n")
    }
}

/// Whether `python3` can import `standardwebhooks`.
enum ReferenceLibrary {
    static let isAvailable: Bool = {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", "-c", "import standardwebhooks"]
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }()
}
