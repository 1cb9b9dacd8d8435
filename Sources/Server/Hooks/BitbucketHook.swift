import Foundation

/// Bitbucket Cloud and Data Center: `X-Hub-Signature: sha256=…`, which is SHA-256 in the header's old name.
struct BitbucketHook: HookProvider {
    func isAuthentic(_ headers: HookHeaders, _ body: Data, _ key: HookKey, nowSeconds: Int64) -> Bool {
        HookSignature.isValid(prefixed: headers["x-hub-signature"], of: body, secrets: key.secrets)
    }

    func isUnsignedPing(_ headers: HookHeaders) -> Bool { headers["x-event-key"] == "diagnostics:ping" }

    func deliveryID(_ headers: HookHeaders, _ body: Data) -> String? {
        headers["x-request-uuid"] ?? headers["x-request-id"]
    }

    func content(_ headers: HookHeaders, _ body: Data) throws -> HookContent {
        switch headers["x-event-key"] {
        case "repo:push": .push(try HookJSON.decode(CloudPayload.self, body).push)
        case "repo:refs_changed": .push(try HookJSON.decode(CenterPayload.self, body).push)
        default: .ignored("another event")
        }
    }

    private struct CloudPayload: Decodable {
        struct Change: Decodable {
            struct Target: Decodable {
                var type: String
                var name: String
            }

            /// null: deleted.
            var new: Target?
            var old: Target?
        }

        struct Changes: Decodable {
            var changes: [Change]
        }

        struct Repository: Decodable {
            struct Links: Decodable {
                struct Link: Decodable {
                    var href: String
                }

                var html: Link?
            }

            var fullName: String?
            var links: Links?
        }

        var push: Push {
            Push(
                addresses: [repository.links?.html?.href].compactMap(\.self), fullName: repository.fullName,
                references: changes.changes.compactMap { change in
                    guard let target = change.new ?? change.old else { return nil }
                    let folder = target.type == "branch" ? "heads" : "tags"
                    return .init(name: "refs/\(folder)/\(target.name)", isDeleted: change.new == nil)
                })
        }

        private var changes: Changes
        private var repository: Repository

        enum CodingKeys: String, CodingKey {
            case changes = "push"
            case repository
        }
    }

    private struct CenterPayload: Decodable {
        struct Change: Decodable {
            struct Reference: Decodable {
                var id: String
            }

            var ref: Reference
            var type: String?
        }

        struct Repository: Decodable {
            struct Project: Decodable {
                var key: String
            }

            struct Links: Decodable {
                struct Link: Decodable {
                    var href: String
                }

                var clone: [Link]?
            }

            var slug: String?
            var project: Project?
            var links: Links?
        }

        var changes: [Change]
        var repository: Repository

        var push: Push {
            var name: String?
            if let project = repository.project?.key, let slug = repository.slug { name = "\(project)/\(slug)" }
            return Push(
                addresses: repository.links?.clone?.map(\.href) ?? [], fullName: name,
                references: changes.map { .init(name: $0.ref.id, isDeleted: $0.type == "DELETE") })
        }
    }
}
