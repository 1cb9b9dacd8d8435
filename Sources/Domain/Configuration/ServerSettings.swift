/// What `ballast serve` answers, and to whom (`product/http.md`).
package struct ServerSettings: Hashable, Sendable {
    /// What a token may do; each role includes the one before.
    package enum Role: String, Hashable, Sendable, CaseIterable, Comparable {
        case read, operate
        /// May accept a head against the trust policy, too.
        case admin

        package static func < (one: Role, other: Role) -> Bool {
            (allCases.firstIndex(of: one) ?? 0) < (allCases.firstIndex(of: other) ?? 0)
        }
    }

    package struct Token: Hashable, Sendable {
        package var name: String
        package var role: Role
        /// One, or two during a rotation.
        package var secrets: [SecretReference]

        package init(name: String, role: Role, secrets: [SecretReference]) {
            self.name = name
            self.role = role
            self.secrets = secrets
        }
    }

    /// Who sends push webhooks; the provider is the path, never guessed from headers.
    package enum Provider: String, Hashable, Sendable, CaseIterable {
        case github, gitlab, gitea, bitbucket, azure, generic
    }

    package struct Hook: Hashable, Sendable {
        package var secrets: [SecretReference]
        /// Azure DevOps signs nothing and signs in instead.
        package var username: String?

        package init(secrets: [SecretReference], username: String? = nil) {
            self.secrets = secrets
            self.username = username
        }
    }

    package var host = "127.0.0.1"
    /// 0: the system chooses one.
    package var port = 8080
    package var tokens: [Token] = []
    package var hooks: [Provider: Hook] = [:]
    /// Further addresses under which providers know the repository.
    package var aliases: [String] = []

    package init() {}
}
