import Crypto
import Domain
import Foundation
import Server

extension Target {
    static let hooks: [Target] =
        ServerSettings.Provider.allCases.map { provider in
            Target(
                name: "hook-\(provider.rawValue)", share: 6,
                corpus: provider == .generic ? [] : ["Tests/ServerTests/Fixtures/\(provider.rawValue)"],
                words: [
                    "refs/heads/main", "refs/tags/", "\"ref\":", "\"repository\":{", "\"clone_url\":",
                    "\"deleted\":true",
                    "0000000000000000000000000000000000000000", "payload=", "%7B", "+", "[[[[", "{\"a\":",
                ],
                read: { try HookReader(provider).read($0) })
        } + [
            Target(
                name: "hook-headers", share: 20,
                words: [
                    "sha256=", "sha1=", "v1,", "v1a,", "v2,", "whsec_", "Basic ", "Bearer ", "==",
                    "X-Hub-Signature-256: ",
                    "X-Gitlab-Token: ", "X-Hub-Signature: ", "X-Gitea-Signature: ", "Authorization: ", "webhook-id: ",
                    "webhook-timestamp: ", "webhook-signature: ",
                ], read: { try readHeaders($0) })
        ]
}

private struct OneSecret: Secrets {
    /// Plain: GitLab sends it as it is, and the others sign with its bytes.
    static let plain = "It's a Secret to Everybody"
    /// Standard Webhooks: the key is what stands behind `whsec_`.
    static let standard = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

    var text = plain

    func read(_ reference: SecretReference) throws(SecretProblem) -> Secret { Secret(text) }
}

private func intake(_ secret: String) -> HookIntake {
    var settings = ServerSettings()
    for provider in ServerSettings.Provider.allCases {
        settings.hooks[provider] = ServerSettings.Hook(
            secrets: [.environment(name: "A")], username: provider == .azure ? "ballast" : nil)
    }
    return HookIntake(
        settings: settings,
        repository: WatchedRepository(
            url: "https://git.example.com/team/bots.git",
            aliases: ["https://github.com/team/bots", "https://dev.azure.com/team/project/_git/bots"], branch: "main"),
        secrets: OneSecret(text: secret), memory: ServerMemory())
}

private let now: Int64 = 1_795_341_600

/// A body with the signature that makes its parser see it, and the same without, which must go no further.
private struct HookReader {
    private let provider: ServerSettings.Provider

    init(_ provider: ServerSettings.Provider) { self.provider = provider }

    func read(_ bytes: [UInt8]) throws -> Outcome {
        let body = Data(bytes)
        let type = provider == .github && bytes.starts(with: Array("payload=".utf8))
        let common: [(name: String, value: String)] = [
            ("Content-Type", type ? "application/x-www-form-urlencoded" : "application/json"), event,
        ]
        let intake = intake(OneSecret.plain)
        let unsigned = intake.judge(.init(provider: provider, headers: common, body: body), nowSeconds: now)
        try promise(unsigned == .badSignature, "\(unsigned) without a signature")
        let signed = HookIntake.Delivery(provider: provider, headers: common + signature(of: body), body: body)
        let answer = intake.judge(signed, nowSeconds: now)
        switch answer {
        case .queued:
            let again = intake.judge(signed, nowSeconds: now)
            try promise(again == .queued || again == .ignored("delivered before"), "the second time \(again)")
            return .good("queued")
        case .ignored(let reason): return .good(reason)
        case .badBody(let message):
            try promise(!message.isEmpty && message.count < 400, "a message of \(message.count) characters")
            return .refused(message)
        case .badSignature, .badType, .unusable: throw BrokenPromise("\(answer) with a good signature")
        }
    }

    private var event: (name: String, value: String) {
        switch provider {
        case .github: ("X-GitHub-Event", "push")
        case .gitlab: ("X-Gitlab-Event", "Push Hook")
        case .gitea: ("X-Gitea-Event", "push")
        case .bitbucket: ("X-Event-Key", "repo:push")
        case .azure, .generic: ("X-Nothing", "")
        }
    }

    private func signature(of body: Data) -> [(name: String, value: String)] {
        let key = SymmetricKey(data: Data(OneSecret.plain.utf8))
        func hex() -> String {
            HMAC<SHA256>.authenticationCode(for: body, using: key).map { byte in
                String(UnicodeScalar(Self.digits[Int(byte >> 4)])) + String(UnicodeScalar(Self.digits[Int(byte & 15)]))
            }.joined()
        }
        switch provider {
        case .github: return [("X-Hub-Signature-256", "sha256=" + hex())]
        case .gitlab: return [("X-Gitlab-Token", OneSecret.plain)]
        case .gitea: return [("X-Gitea-Signature", hex())]
        case .bitbucket: return [("X-Hub-Signature", "sha256=" + hex())]
        case .azure:
            return [("Authorization", "Basic " + Data("ballast:\(OneSecret.plain)".utf8).base64EncodedString())]
        case .generic: return [("X-Signature", "sha256=" + hex())]
        }
    }

    private static let digits = Array("0123456789abcdef".utf8)
}

/// Lines `Name: value`, a blank line, a body: nothing that is not signed with the secret passes any provider.
private func readHeaders(_ bytes: [UInt8]) throws -> Outcome {
    var headers: [(name: String, value: String)] = []
    var rest = bytes[...]
    while let end = rest.firstIndex(of: 10) {
        let line = rest[..<end]
        rest = rest[(end + 1)...]
        if line.isEmpty { break }
        let sides = line.split(separator: UInt8(ascii: ":"), maxSplits: 1).map { String(decoding: $0, as: UTF8.self) }
        guard let name = sides.first else { continue }
        headers.append((name, String((sides.count > 1 ? sides[1] : "").drop { $0 == " " })))
    }
    let body = Data(rest)
    // The one genuine signature that the corpus has, without the last digit, some of whose bits mean nothing.
    let isGenuine = String(decoding: bytes, as: UTF8.self).contains("g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1O")
    let hasSecret = String(decoding: bytes, as: UTF8.self).contains(OneSecret.standard)
    let intake = intake(OneSecret.standard)
    var outcome = Outcome()
    for provider in ServerSettings.Provider.allCases {
        let answer = intake.judge(
            .init(provider: provider, headers: headers, body: body), nowSeconds: 1_614_265_330)
        outcome.add("\(answer)")
        switch answer {
        case .queued where provider == .generic && (isGenuine || hasSecret): outcome.succeed()
        case .badSignature, .ignored("a ping"): continue
        default: try promise(isGenuine || hasSecret, "\(provider): \(answer)")
        }
    }
    return outcome
}
