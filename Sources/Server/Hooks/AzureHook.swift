import Foundation

/// Azure DevOps service hooks sign nothing; they sign in with HTTP Basic.
struct AzureHook: HookProvider {
    func isAuthentic(_ headers: HookHeaders, _ body: Data, _ key: HookKey, nowSeconds: Int64) -> Bool {
        HookSignature.isBasic(headers["authorization"], username: key.username ?? "", secrets: key.secrets)
    }

    func deliveryID(_ headers: HookHeaders, _ body: Data) -> String? {
        (try? HookJSON.decode(Kind.self, body))?.id
    }

    func content(_ headers: HookHeaders, _ body: Data) throws -> HookContent {
        guard try HookJSON.decode(Kind.self, body).eventType == "git.push" else { return .ignored("another event") }
        return .push(try HookJSON.decode(Payload.self, body).push)
    }

    private struct Kind: Decodable {
        var id: String?
        var eventType: String
    }

    private struct Payload: Decodable {
        struct Resource: Decodable {
            struct Update: Decodable {
                var name: String
                var newObjectId: String?
            }

            struct Repository: Decodable {
                var remoteUrl: String?
            }

            /// Absent or empty in some deliveries.
            var refUpdates: [Update]?
            var repository: Repository
        }

        var resource: Resource

        var push: Push {
            Push(
                addresses: [resource.repository.remoteUrl].compactMap(\.self), fullName: nil,
                references: (resource.refUpdates ?? []).map {
                    .init(name: $0.name, isDeleted: HookJSON.isNothing($0.newObjectId))
                })
        }
    }
}

/// Whoever signs a body as Standard Webhooks say, or as `X-Signature: sha256=…`; what it says does not matter.
struct GenericHook: HookProvider {
    func isAuthentic(_ headers: HookHeaders, _ body: Data, _ key: HookKey, nowSeconds: Int64) -> Bool {
        let isStandard = HookSignature.isStandard(headers, body, secrets: key.secrets, nowSeconds: nowSeconds)
        return HookSignature.isValid(prefixed: headers["x-signature"], of: body, secrets: key.secrets) || isStandard
    }

    func deliveryID(_ headers: HookHeaders, _ body: Data) -> String? { headers["webhook-id"] }

    func content(_ headers: HookHeaders, _ body: Data) throws -> HookContent { .ask }
}
