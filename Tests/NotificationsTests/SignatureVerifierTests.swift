import Foundation
import Support
import Testing

@testable import Notifications

@Suite("Signatures, judged by others' libraries", .timeLimit(.minutes(1)))
struct SignatureVerifierTests {
    @Test(
        "the library of Standard Webhooks accepts ours, among those of a rotation and of another version",
        .enabled(if: Verifiers.standardWebhooks, "needs the Python package standardwebhooks"))
    func shared() async throws {
        let now = Int64(Date().timeIntervalSince1970)
        let keys = try [WebhookSignatureTests.pair, "another secret", WebhookSignatureTests.secret].map {
            try #require(SigningKey(secret: $0))
        }
        let body = WebhookBody.render(makeFullEvent())
        let header = WebhookSignature.header(id: "msg_1", timestamp: now, body: body, keys: keys)
        let script = """
            import sys
            from standardwebhooks.webhooks import Webhook
            body = sys.stdin.buffer.read()
            secret, timestamp, signature = sys.argv[1:4]
            headers = {"webhook-id": "msg_1", "webhook-timestamp": timestamp, "webhook-signature": signature}
            print(Webhook(secret).verify(body, headers)["eventType"])
            """
        let arguments = [WebhookSignatureTests.secret, "\(now)", header]
        #expect(try await Verifiers.run(script, arguments, input: body) == "BOT_VERSION_ROLLBACK\n")
        await #expect(throws: (any Error).self) {
            try await Verifiers.run(script, arguments, input: body + [0x20])
        }
    }

    @Test(
        "another implementation of Ed25519 accepts ours",
        .enabled(if: Verifiers.cryptography, "needs the Python package cryptography"))
    func pair() async throws {
        let key = try #require(SigningKey(secret: WebhookSignatureTests.pair))
        let body = WebhookBody.render(makeFullEvent())
        let header = WebhookSignature.header(id: "msg_1", timestamp: 1_614_265_330, body: body, keys: [key])
        let script = """
            import base64, sys
            from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
            public, header = sys.argv[1:3]
            kind, signature = header.split(",")
            assert kind == "v1a"
            key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public))
            key.verify(base64.b64decode(signature), b"msg_1.1614265330." + sys.stdin.buffer.read())
            print("valid")
            """
        let arguments = [WebhookSignatureTests.publicKey, header]
        #expect(try await Verifiers.run(script, arguments, input: body) == "valid\n")
        await #expect(throws: (any Error).self) {
            try await Verifiers.run(script, arguments, input: body + [0x20])
        }
    }
}
