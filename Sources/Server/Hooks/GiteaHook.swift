import Foundation

/// Gitea and Forgejo: the bare digits in a header of their own. Both send GitHub's headers besides, which are not looked at.
struct GiteaHook: HookProvider {
    func isAuthentic(_ headers: HookHeaders, _ body: Data, _ key: HookKey, nowSeconds: Int64) -> Bool {
        guard let signature = headers["x-forgejo-signature"] ?? headers["x-gitea-signature"] else { return false }
        return HookSignature.isValid(hex: signature[...], of: body, secrets: key.secrets)
    }

    func deliveryID(_ headers: HookHeaders, _ body: Data) -> String? {
        headers["x-forgejo-delivery"] ?? headers["x-gitea-delivery"]
    }

    func content(_ headers: HookHeaders, _ body: Data) throws -> HookContent {
        let event = headers["x-forgejo-event"] ?? headers["x-gitea-event"]
        guard event == "push" else { return .ignored("another event") }
        return .push(try HookJSON.decode(GitHubHook.Payload.self, body).push)
    }
}
