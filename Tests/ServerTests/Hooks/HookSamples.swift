import Crypto
import Domain
import Foundation
import Testing

@testable import Server

/// Deliveries as the providers send them: the payloads of their documentation, signed as each of them signs.
struct Sample: Sendable, CustomTestStringConvertible {
    var provider: ServerSettings.Provider
    var file: String
    var headers: [String: String]
    var expected: HookIntake.Answer

    var testDescription: String { "\(provider.rawValue) \(file) \(headers.values.sorted().joined(separator: " "))" }

    var body: Data {
        get throws {
            let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            return try Data(contentsOf: folder.appending(path: "Fixtures/\(provider.rawValue)/\(file).json"))
        }
    }

    static let all = github + gitlab + gitea + bitbucket + azure

    static func first(_ provider: ServerSettings.Provider, _ file: String) throws -> Sample {
        try #require(all.first { $0.provider == provider && $0.file == file })
    }

    private static let other = HookIntake.Answer.ignored("another ref")
    private static let foreign = HookIntake.Answer.ignored("another repository")
    private static let event = HookIntake.Answer.ignored("another event")

    private static func of(
        _ provider: ServerSettings.Provider, _ headers: [String: String], _ files: [(String, HookIntake.Answer)]
    ) -> [Sample] {
        files.map { Sample(provider: provider, file: $0.0, headers: headers, expected: $0.1) }
    }

    private static let github =
        of(
            .github, ["X-GitHub-Event": "push"],
            [
                ("push", .queued), ("push-created", .queued), ("push-deleted", other), ("push-tag", other),
                ("push-branch", other), ("push-notes", other), ("push-repository", foreign),
            ])
        + of(.github, ["X-GitHub-Event": "ping"], [("ping", .ignored("a ping"))])
        + of(.github, ["X-GitHub-Event": "workflow_run"], [("push", event)]) + of(.github, [:], [("push", event)])

    private static let gitlab =
        of(
            .gitlab, ["X-Gitlab-Event": "Push Hook"],
            [
                ("push", .queued), ("push-created", .queued), ("push-deleted", other), ("push-sha256", .queued),
                ("push-deleted-sha256", other), ("push-branch", other), ("push-subgroup", foreign),
            ])
        + of(.gitlab, ["X-Gitlab-Event": "Tag Push Hook"], [("tag-push", other)])
        + of(
            .gitlab, ["X-Gitlab-Event": "System Hook"],
            [("system-push", .queued), ("system-tag-push", other), ("system-project-create", event)])
        + of(.gitlab, ["X-Gitlab-Event": "Pipeline Hook"], [("push", event)])

    private static let gitea =
        of(
            .gitea, ["X-Gitea-Event": "push", "X-GitHub-Event": "push"],
            [("push", .queued), ("push-tag", other), ("push-notes", other), ("push-repository", foreign)])
        + of(.gitea, ["X-Forgejo-Event": "push", "X-Gitea-Event": "push"], [("push", .queued)])
        + of(.gitea, ["X-Gitea-Event": "create"], [("push", event)])

    private static let bitbucket =
        of(
            .bitbucket, ["X-Event-Key": "repo:push"],
            [
                ("cloud-push", .queued), ("cloud-push-created", .queued), ("cloud-push-deleted", other),
                ("cloud-push-tag", other), ("cloud-push-list", .queued), ("cloud-push-list-other", other),
                ("cloud-push-nameless", .queued), ("cloud-push-repository", foreign), ("cloud-push-nothing", other),
            ])
        + of(
            .bitbucket, ["X-Event-Key": "repo:refs_changed"],
            [
                ("center-push", .queued), ("center-push-created", .queued), ("center-push-deleted", other),
                ("center-push-without-clone", .queued), ("center-push-without-clone-other", foreign),
                ("center-push-list", .queued), ("center-push-tag", other),
            ]) + of(.bitbucket, ["X-Event-Key": "repo:forked"], [("center-push", event)])

    private static let azure = of(
        .azure, [:],
        [
            ("push", .queued), ("push-created", .queued), ("push-deleted", other), ("push-empty", other),
            ("push-without-updates", other), ("push-list", .queued), ("push-repository", foreign), ("build", event),
        ])
}

/// Signs as each provider does.
enum Signer {
    static let now: Int64 = 1_795_341_600

    static func headers(
        _ provider: ServerSettings.Provider, _ body: Data, secret: String, id: String = "msg_1", at seconds: Int64 = now
    ) -> [(name: String, value: String)] {
        switch provider {
        case .github: [("X-Hub-Signature-256", "sha256=" + hex(body, secret))]
        case .gitlab: [("X-Gitlab-Token", secret)]
        case .gitea: [("X-Gitea-Signature", hex(body, secret))]
        case .bitbucket: [("X-Hub-Signature", "sha256=" + hex(body, secret))]
        case .azure: [("Authorization", "Basic " + Data("ballast:\(secret)".utf8).base64EncodedString())]
        case .generic: standard(body, key: Data(secret.utf8), id: id, at: seconds)
        }
    }

    static func standard(
        _ body: Data, key: Data, id: String = "msg_1", at seconds: Int64 = now
    ) -> [(name: String, value: String)] {
        let code = HMAC<SHA256>.authenticationCode(
            for: Data("\(id).\(seconds).".utf8) + body, using: SymmetricKey(data: key))
        return [
            ("webhook-id", id), ("webhook-timestamp", "\(seconds)"),
            ("webhook-signature", "v1," + Data(code).base64EncodedString()),
        ]
    }

    static func hex(_ body: Data, _ secret: String) -> String {
        HMAC<SHA256>.authenticationCode(for: body, using: SymmetricKey(data: Data(secret.utf8)))
            .map { String(format: "%02x", $0) }.joined()
    }
}

extension HookIntake {
    static let aliases = [
        "https://github.com/team/bots", "https://bitbucket.org/team/bots",
        "https://dev.azure.com/team/project/_git/bots",
    ]

    /// Watches `main` of `team/bots`; each provider's secrets are `the old secret` and `the new secret`.
    static func sample(_ secrets: StageSecrets = .rotating()) -> HookIntake {
        var settings = ServerSettings()
        for provider in ServerSettings.Provider.allCases {
            settings.hooks[provider] = ServerSettings.Hook(
                secrets: [.environment(name: "old"), .environment(name: "new")],
                username: provider == .azure ? "ballast" : nil)
        }
        return HookIntake(
            settings: settings,
            repository: WatchedRepository(url: ServerStage.source, aliases: aliases, branch: "main"), secrets: secrets,
            memory: ServerMemory())
    }

    func judge(
        _ provider: ServerSettings.Provider, _ headers: [(name: String, value: String)], _ body: Data,
        type: String? = "application/json"
    ) -> Answer {
        let type = type.map { [(name: "Content-Type", value: $0)] } ?? []
        return judge(Delivery(provider: provider, headers: type + headers, body: body), nowSeconds: Signer.now)
    }
}

extension StageSecrets {
    static func rotating() -> StageSecrets { StageSecrets(["old": "the old secret", "new": "the new secret"]) }
}
