import Documents
import Domain
import Testing

/// The section `server`: who may look, who may decide, and whose hooks are taken.
struct ServerConfigurationTests {
    private let token = "tokens: [{name: ops, role: operate, token: {env: OPS}}]"

    @Test func readsEveryField() throws {
        let text =
            smallConfiguration + """
                server:
                  host: 0.0.0.0
                  port: 0
                  tokens:
                    - {name: watch, role: read, token: {file: watch}}
                    - {name: ops, role: operate, secrets: [{env: OPS}, {env: OPS_OLD}]}
                    - {name: boss, role: admin, token: {env: BOSS}}
                  hooks:
                    github: {secret: {file: github}}
                    gitlab: {secrets: [{env: GITLAB}, {env: GITLAB_OLD}]}
                    gitea: {secret: {env: GITEA}}
                    bitbucket: {secret: {env: BITBUCKET}}
                    azure: {username: ballast, secret: {env: AZURE}}
                    generic: {secret: {env: GENERIC}}
                    aliases: ["https://git.example.com/team/bots"]

                """
        let server = try load(text).get().server
        #expect((server.host, server.port) == ("0.0.0.0", 0))
        #expect(server.tokens.map(\.name) == ["watch", "ops", "boss"])
        #expect(server.tokens.map(\.role) == [.read, .operate, .admin])
        #expect(server.tokens[0].secrets == [.file(path: "/etc/ballast/watch")])
        #expect(server.tokens[1].secrets == [.environment(name: "OPS"), .environment(name: "OPS_OLD")])
        #expect(Set(server.hooks.keys) == Set(ServerSettings.Provider.allCases))
        #expect(server.hooks[.github]?.secrets == [.file(path: "/etc/ballast/github")])
        #expect(server.hooks[.gitlab]?.secrets.count == 2)
        #expect(server.hooks[.azure]?.username == "ballast")
        #expect(server.aliases == ["https://git.example.com/team/bots"])
    }

    @Test func theDefaultsAreThoseOfTheDocumentation() throws {
        let server = try load(smallConfiguration).get().server
        #expect((server.host, server.port) == ("127.0.0.1", 8080))
        #expect(server.tokens.isEmpty && server.hooks.isEmpty && server.aliases.isEmpty)
    }

    @Test(arguments: [
        "0.0.0.0", "'::'", "10.1.2.3", "ballast.example", "192.168.0.1", "'fe80::1'", "'::ffff:10.0.0.1'",
    ])
    func aHostThatCanBeReachedFromElsewhereNeedsTokens(_ host: String) throws {
        let found = configurationProblems(smallConfiguration + "server: {host: \(host)}\n")
        #expect(found.contains { $0.hasPrefix("4:16 ") && $0.contains("that needs `tokens`") }, "\(found)")
        #expect(configurationProblems(smallConfiguration + "server: {host: \(host), \(token)}\n").isEmpty)
        #expect(!configurationProblems(smallConfiguration + "server: {host: \(host), tokens: []}\n").isEmpty)
    }

    @Test(arguments: ["127.0.0.1", "localhost", "'::1'", "127.1.2.3"])
    func loopbackNeedsNone(_ host: String) {
        #expect(configurationProblems(smallConfiguration + "server: {host: \(host)}\n").isEmpty)
    }

    @Test(
        arguments: [
            ("hooks: {github: {}}", "4:26", "expected `secret` or `secrets`"),
            ("hooks: {github: {secret: hunter2}}", "4:35", "a secret is never a value in this file"),
            ("hooks: {gitlab: {secrets: []}}", nil, "needs at least one item"),
            ("hooks: {azure: {secret: {env: A}}}", nil, "missing field `server.hooks.azure.username`"),
            ("hooks: {github: {username: x, secret: {env: A}}}", nil, "unknown field `username`"),
            ("hooks: {gogs: {secret: {env: A}}}", nil, "unknown field `gogs` in `server.hooks`"),
            ("hooks: {githb: {secret: {env: A}}}", nil, "did you mean `github`?"),
            ("hooks: {aliases: x}", nil, "expected a list"), ("tokens: [{name: a, token: {env: A}}]", nil, "role"),
            ("tokens: [{name: a, role: root, token: {env: A}}]", nil, "`read` or `operate`"),
            ("tokens: [{name: a, role: read}]", nil, "expected `token` or `secrets`"),
            ("tokens: [{role: read, token: {env: A}}]", nil, "missing field `server.tokens[0].name`"),
            (
                "tokens: [{name: a, role: read, token: {env: A}}, {name: a, role: admin, token: {env: B}}]", nil,
                "two of the name `a`"
            ), ("port: 65536", nil, "from 0 to 65535"), ("port: -1", nil, "from 0 to 65535"),
            ("prot: 1", nil, "did you mean `port`?"),
        ] as [(String, String?, String)])
    func refuses(field: String, place: String?, reason: String) {
        let found = configurationProblems(smallConfiguration + "server: {\(field)}\n")
        #expect(found.contains { $0.hasPrefix(place ?? "4:") && $0.contains(reason) }, "\(found)")
        #expect(!found.contains { $0.contains("hunter2") })
    }

    @Test func secretsOfTokensAndHooksAreLookedAtWithTheirPlaces() throws {
        struct Reader: Secrets {
            func read(_ reference: SecretReference) throws(SecretProblem) -> Secret {
                throw SecretProblem(.absent, "it is not there")
            }
        }
        let text =
            smallConfiguration + """
                server:
                  tokens: [{name: ops, role: operate, token: {env: OPS}}]
                  hooks: {github: {secret: {file: github}}}

                """
        let found = ConfigurationLoader.secretProblems(
            try load(text).get(), path: "/etc/ballast/ballast.yaml", bytes: Array(text.utf8), reader: Reader())
        #expect(lines(found).contains("5:52 `server.tokens.ops.token`: it is not there"))
        #expect(lines(found).contains("6:35 `server.hooks.github.secret`: it is not there"))
    }
}
