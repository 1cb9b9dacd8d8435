import Foundation

/// https://docs.gitlab.com/user/project/integrations/webhooks: a signing token (`whsec_…`, Standard Webhooks) or the plain
/// `X-Gitlab-Token`.
struct GitLabHook: HookProvider {
    func isAuthentic(_ headers: HookHeaders, _ body: Data, _ key: HookKey, nowSeconds: Int64) -> Bool {
        let signing = key.secrets.filter(HookSignature.isStandardSecret)
        let plain = key.secrets.filter { !HookSignature.isStandardSecret($0) }
        let isSigned = HookSignature.isStandard(headers, body, secrets: signing, nowSeconds: nowSeconds)
        let isKnown = headers["x-gitlab-token"].map { HookSignature.isEqual($0, oneOf: plain) } ?? false
        return isSigned || isKnown
    }

    func deliveryID(_ headers: HookHeaders, _ body: Data) -> String? {
        headers["webhook-id"] ?? headers["idempotency-key"]
            ?? headers["x-gitlab-event-uuid"].map {
                "\($0) \(headers["x-gitlab-webhook-uuid"] ?? "")"
            }
    }

    func content(_ headers: HookHeaders, _ body: Data) throws -> HookContent {
        switch headers["x-gitlab-event"] {
        case "Push Hook", "Tag Push Hook": return .push(try HookJSON.decode(Payload.self, body).push)
        case "System Hook":
            let kind = try HookJSON.decode(Kind.self, body).eventName
            guard kind == "push" || kind == "tag_push" else { return .ignored("another event") }
            return .push(try HookJSON.decode(Payload.self, body).push)
        default: return .ignored("another event")
        }
    }

    private struct Kind: Decodable {
        var eventName: String
    }

    private struct Payload: Decodable {
        struct Project: Decodable {
            var gitHttpUrl: String?
            var gitSshUrl: String?
            var webUrl: String?
            var pathWithNamespace: String?
        }

        var ref: String
        var after: String?
        var project: Project

        var push: Push {
            Push(
                addresses: [project.gitHttpUrl, project.gitSshUrl, project.webUrl].compactMap(\.self),
                fullName: project.pathWithNamespace,
                references: [.init(name: ref, isDeleted: HookJSON.isNothing(after))])
        }
    }
}
