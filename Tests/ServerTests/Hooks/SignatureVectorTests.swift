import Domain
import Foundation
import Testing

@testable import Server

/// The vectors that the providers and the specification document.
@Suite("Signatures of webhooks")
struct SignatureVectorTests {
    private let secret = "It's a Secret to Everybody"

    /// https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
    @Test("GitHub's documented vector")
    func github() {
        let digits = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
        let body = Data("Hello, World!".utf8)
        #expect(HookSignature.isValid(prefixed: "sha256=\(digits)", of: body, secrets: [secret]))
        #expect(HookSignature.isValid(prefixed: "sha256=\(digits.uppercased())", of: body, secrets: ["x", secret]))
        #expect(!HookSignature.isValid(prefixed: digits, of: body, secrets: [secret]))
        #expect(!HookSignature.isValid(prefixed: "sha256=\(digits)", of: Data("Hello World!".utf8), secrets: [secret]))
        #expect(!HookSignature.isValid(prefixed: "sha256=\(digits)", of: body, secrets: []))
        let wrong = [
            String(digits.dropLast()), String(digits.dropLast(2)), "", digits + "0", digits + "00",
            "zz" + digits.dropFirst(2),
        ]
        for text in wrong { #expect(!HookSignature.isValid(hex: text[...], of: body, secrets: [secret]), "\(text)") }
    }

    /// https://support.atlassian.com/bitbucket-cloud/docs/manage-webhooks/
    @Test("Atlassian's documented vector")
    func atlassian() {
        let header = "sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9"
        #expect(HookSignature.isValid(prefixed: header, of: Data("Hello World!".utf8), secrets: [secret]))
    }

    private let key = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    private let good = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    private let body = Data(#"{"test": 2432232314}"#.utf8)

    private func isStandard(
        _ signature: String, id: String = "msg_p5jXN8AQM9LWM0D4loKWxJek", stamp: String = "1614265330",
        now: Int64 = 1_614_265_330, secrets: [String]? = nil
    ) -> Bool {
        let headers = HookHeaders([
            ("Webhook-Id", id), ("Webhook-Timestamp", stamp), ("Webhook-Signature", signature),
        ])
        return HookSignature.isStandard(headers, body, secrets: secrets ?? [key], nowSeconds: now)
    }

    /// The test of Standard Webhooks' own libraries.
    @Test("Standard Webhooks' vector, alone and among signatures that are passed over")
    func standard() {
        let other = "v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg=="
        for list in [good, "\(other) \(good)", "v1,AAAA v2,\(good.dropFirst(3)) \(good)"] {
            #expect(isStandard(list), "\(list)")
        }
        for list in [other, "", "v1", "v1,", String(good.dropFirst(3)), "v2," + good.dropFirst(3), good.lowercased()] {
            #expect(!isStandard(list), "\(list)")
        }
        #expect(isStandard(good, secrets: ["whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", key]))
        #expect(!isStandard(good, secrets: ["whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "whsec_?", "x"]))
        #expect(!isStandard(good, id: "msg_other"))
        #expect(!isStandard(good, stamp: "1614265331"))
    }

    @Test("a timestamp more than 300 s away is refused, whatever number it is")
    func time() {
        let times: [(Int64, Bool)] = [(-301, false), (-300, true), (0, true), (300, true), (301, false)]
        for (difference, isTaken) in times {
            #expect(isStandard(good, now: 1_614_265_330 + difference) == isTaken, "\(difference)")
        }
        // Numbers whose difference from now is at or beyond the end of the integers.
        let now = Signer.now
        for stamp in [Int64.min, Int64.min &+ now, Int64.min &+ now &+ 1, Int64.min &+ now &- 1, .max, 0, -1] {
            let signed = HookHeaders(Signer.standard(body, key: Data("key".utf8), at: stamp))
            #expect(!HookSignature.isStandard(signed, body, secrets: ["key"], nowSeconds: now), "\(stamp)")
        }
        for stamp in ["", "x", "1614265330.5", "9223372036854775808", "0x60380000"] {
            #expect(!isStandard(good, stamp: stamp), "\(stamp)")
        }
    }

    @Test("GitLab: a signing token is one, anything else the plain token")
    func gitlab() throws {
        let body = try Sample.first(.gitlab, "push").body
        let bytes = Data((0..<32).map { UInt8($0) })
        let token = "whsec_" + bytes.base64EncodedString()
        let intake = HookIntake.sample(StageSecrets(["old": token, "new": "plain"]))
        let event = [(name: "X-Gitlab-Event", value: "Push Hook")]
        #expect(intake.judge(.gitlab, event + Signer.standard(body, key: bytes), body) == .queued)
        #expect(intake.judge(.gitlab, event + [("X-Gitlab-Token", "plain")], body) == .queued)
        #expect(intake.judge(.gitlab, event + [("X-Gitlab-Token", token)], body) == .badSignature)
        let misused = Signer.standard(body, key: Data("plain".utf8), id: "2")
        #expect(intake.judge(.gitlab, event + misused, body) == .badSignature)
    }

    @Test("`generic` takes Flux's form of a signature, too")
    func flux() {
        let body = Data("anything".utf8)
        func answer(_ secret: String) -> HookIntake.Answer {
            let signature = "sha256=" + Signer.hex(body, secret)
            return HookIntake.sample().judge(.generic, [("X-Signature", signature)], body, type: nil)
        }
        #expect(answer("the new secret") == .queued)
        #expect(answer("another") == .badSignature)
    }

    @Test("of two headers of one name the first counts")
    func twice() {
        let body = Data("{}".utf8)
        let good = (name: "X-Signature", value: "sha256=" + Signer.hex(body, "the new secret"))
        let wrong = (name: "x-signature", value: "sha256=" + Signer.hex(body, "another"))
        #expect(HookIntake.sample().judge(.generic, [wrong, good], body) == .badSignature)
        #expect(HookIntake.sample().judge(.generic, [good, wrong], body) == .queued)
    }
}
