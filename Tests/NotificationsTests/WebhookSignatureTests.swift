import Crypto
import Foundation
import Support
import Testing

@testable import Notifications

@Suite("Signatures of Standard Webhooks", .timeLimit(.minutes(1)))
struct WebhookSignatureTests {
    static let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

    @Test("the documented vector")
    func vector() throws {
        let key = try #require(SigningKey(secret: WebhookSignatureTests.secret))
        let header = WebhookSignature.header(
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp: 1_614_265_330, body: Array("{\"test\": 2432232314}".utf8),
            keys: [key])
        #expect(header == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
    }

    @Test("two secrets, two signatures, in their order")
    func rotation() throws {
        let keys = try [WebhookSignatureTests.secret, "plain text"].map { try #require(SigningKey(secret: $0)) }
        let both = WebhookSignature.header(id: "a", timestamp: 1, body: [1], keys: keys)
        let each = keys.map { WebhookSignature.header(id: "a", timestamp: 1, body: [1], keys: [$0]) }
        #expect(both == each.joined(separator: " "))
        #expect(Set(each).count == 2)
    }

    @Test("every part is signed")
    func parts() throws {
        let key = try #require(SigningKey(secret: "k"))
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
        #expect(SigningKey(secret: secret) == bytes.map(SigningKey.shared))
    }

    static let pair =
        "whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg=="
    static let publicKey = "1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4="

    @Test("the vector of asymmetric signatures, checked with its public key")
    func asymmetric() throws {
        let key = try #require(SigningKey(secret: WebhookSignatureTests.pair))
        let header = WebhookSignature.header(
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp: 1_614_265_330, body: Array("{\"test\": 2432232314}".utf8),
            keys: [key])
        let signature = try #require(Data(base64Encoded: String(header.dropFirst(4))))
        #expect(header.hasPrefix("v1a,"))
        let bytes = try #require(Data(base64Encoded: WebhookSignatureTests.publicKey))
        let verifier = try Curve25519.Signing.PublicKey(rawRepresentation: bytes)
        let signed = Data("msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{\"test\": 2432232314}".utf8)
        #expect(verifier.isValidSignature(signature, for: signed))
        #expect(!verifier.isValidSignature(signature, for: signed + [0]))
    }

    @Test("a shared and a pair's signature stand side by side during a change from one to the other")
    func mixed() throws {
        let keys = try [WebhookSignatureTests.secret, WebhookSignatureTests.pair].map {
            try #require(SigningKey(secret: $0))
        }
        let parts = WebhookSignature.header(id: "a", timestamp: 1, body: [1], keys: keys).split(separator: " ")
        #expect(parts.map { $0.prefix { $0 != "," } } == ["v1", "v1a"])
    }

    @Test("a pair is its seed, alone or with the public key that belongs to it, and nothing else")
    func pairs() {
        let whole = Data(base64Encoded: String(WebhookSignatureTests.pair.dropFirst(5))) ?? Data()
        #expect(
            SigningKey(secret: "whsk_\(whole.prefix(32).base64EncodedString())") == .pair(seed: Array(whole.prefix(32)))
        )
        for bad in [Data(whole.prefix(31)), whole + [0], whole.prefix(32) + Data(repeating: 1, count: 32)] {
            #expect(SigningKey(secret: "whsk_\(bad.base64EncodedString())") == nil)
        }
        #expect(SigningKey(secret: "whsk_") == nil && SigningKey(secret: "whsk_!") == nil)
    }
}
