import Foundation

/// https://docs.github.com/en/webhooks: `X-Hub-Signature-256` over the raw body, which may be a form with `payload=`.
struct GitHubHook: HookProvider {
    func isAuthentic(_ headers: HookHeaders, _ body: Data, _ key: HookKey, nowSeconds: Int64) -> Bool {
        HookSignature.isValid(prefixed: headers["x-hub-signature-256"], of: body, secrets: key.secrets)
    }

    func deliveryID(_ headers: HookHeaders, _ body: Data) -> String? { headers["x-github-delivery"] }

    func content(_ headers: HookHeaders, _ body: Data) throws -> HookContent {
        let event = headers["x-github-event"] ?? ""
        guard event == "push" else { return .ignored(event == "ping" ? "a ping" : "another event") }
        let payload =
            headers["content-type"]?.lowercased().hasPrefix("application/x-www-form-urlencoded") == true
            ? try form(body) : body
        return .push(try HookJSON.decode(Payload.self, payload).push)
    }

    private func form(_ body: Data) throws -> Data {
        let fields = String(decoding: body, as: UTF8.self).split(separator: "&")
        guard let field = fields.first(where: { $0.hasPrefix("payload=") }),
            let text = field.dropFirst(8).replacing("+", with: " ").removingPercentEncoding
        else { throw HookFault(message: "the form has no `payload`") }
        return Data(text.utf8)
    }

    struct Payload: Decodable {
        struct Repository: Decodable {
            var cloneUrl: String?
            var sshUrl: String?
            var gitUrl: String?
            var htmlUrl: String?
            var fullName: String?
        }

        var ref: String
        var deleted: Bool?
        var after: String?
        var repository: Repository

        var push: Push {
            Push(
                addresses: [repository.cloneUrl, repository.sshUrl, repository.gitUrl, repository.htmlUrl]
                    .compactMap(\.self), fullName: repository.fullName,
                references: [.init(name: ref, isDeleted: deleted == true || HookJSON.isNothing(after))])
        }
    }
}
