import Documents
import Domain
import Testing

/// The defaults and the faults of `notifications`, kind by kind.
struct SinkConfigurationTests {
    private func text(_ source: String, _ sink: String) -> String {
        smallConfiguration.replacing("https://git.example/bots.git", with: "\"\(source)\"")
            + "notifications: [{\(sink)}]\n"
    }

    private func sink(_ source: String, _ sink: String) throws -> SinkSettings {
        try #require(try load(text(source, sink)).get().notifications.first)
    }

    @Test(arguments: SinkSettings.Kind.allCases)
    func everyKindIsRead(kind: SinkSettings.Kind) throws {
        let fields =
            switch kind {
            case .webhook, .cdevents, .slack: "url: https://a.example"
            case .pagerduty: "token: {file: x}"
            default: "url: https://a.example/api, repository: team/bots, token: {file: x}"
            }
        let settings = try sink("https://git.example/b.git", "name: a, kind: \(kind.rawValue), \(fields)")
        #expect(settings.kind == kind)
        #expect((settings.mode, settings.version, settings.ref) == (.structured, .v05, "main"))
        #expect((settings.minSeverity, settings.allowPrivate, settings.events) == (.info, false, []))
    }

    @Test(arguments: [
        ("github-status", "https://github.com/team/bots.git", "https://api.github.com", "team/bots"),
        ("github-dispatch", "git@github.com:team/bots.git", "https://api.github.com", "team/bots"),
        ("github-deployment", "ssh://git@ssh.github.com:443/team/bots", "https://api.github.com", "team/bots"),
        ("gitlab-status", "https://gitlab.com/team/sub/bots.git", "https://gitlab.com/api/v4", "team/sub/bots"),
        ("gitlab-pipeline", "git@gitlab.com:team/bots", "https://gitlab.com/api/v4", "team/bots"),
        ("gitea-status", "https://codeberg.org/team/bots.git", "https://codeberg.org/api/v1", "team/bots"),
        ("bitbucket-status", "git@bitbucket.org:team/bots.git", "https://api.bitbucket.org/2.0", "team/bots"),
        ("bitbucket-status", "https://Bitbucket.org/team/bots/", "https://api.bitbucket.org/2.0", "team/bots"),
    ])
    func thePublicServiceIsTheDefault(kind: String, source: String, url: String, repository: String) throws {
        let settings = try sink(source, "name: a, kind: \(kind), token: {file: x}")
        #expect(settings.url == .literal(url) && settings.repository == repository)
    }

    @Test(arguments: [
        ("rolout.*", "did you mean `rollout.*`?"), ("drift.resolvd", "did you mean `drift.resolved`?"),
        ("Rollout.*", "did you mean `rollout.*`?"), ("deployments", "the families are audit.*, bot.*"),
    ])
    func aGlobThatNoEventMatchesIsAFault(glob: String, words: String) throws {
        let fields = "name: a, kind: webhook, url: https://a.example, events: [drift.*, \"\(glob)\"]"
        let problems = try #require(throws: Problems.self) { try sink("https://git.example/b.git", fields) }
        #expect(problems.all.count == 1)
        #expect(problems.all[0].message.contains("`\(glob)`") && problems.all[0].message.contains(words))
    }

    @Test(arguments: Event.types + Event.families + ["*", "*.failed*", "rollout.failed-over"])
    func aGlobThatSomeEventMatchesIsTaken(glob: String) throws {
        let settings = try sink(
            "https://git.example/b.git", "name: a, kind: webhook, url: https://a.example, events: [\"\(glob)\"]")
        #expect(settings.events == [glob])
    }

    @Test func aRepositoryThatIsNamedIsAtThePublicService() throws {
        let settings = try sink(
            "ssh://git@git.example/bots.git", "name: a, kind: github-status, repository: team/bots, token: {file: x}")
        #expect(settings.url == .literal("https://api.github.com") && settings.repository == "team/bots")
    }

    @Test func aServerOfOnesOwnNamesItsAPI() throws {
        let below = try sink(
            "https://git.example/gitea/team/bots.git",
            "name: a, kind: gitea-status, url: https://git.example/gitea/api/v1, token: {file: x}")
        #expect(below.repository == "team/bots" && below.url == .literal("https://git.example/gitea/api/v1"))
        let secret = try sink(
            "https://git.example/team/bots.git",
            "name: a, kind: gitlab-status, url: {env: FORGE}, repository: 42, token: {file: x}")
        #expect(secret.repository == "42" && secret.url == .secret(.environment(name: "FORGE")))
    }

    @Test(arguments: [
        ("ssh://git@git.example:2222/a/b.git", "ssh://git.example:2222/a/b.git"),
        ("git@git.example:a b/ü.git", "ssh://git.example/a%20b/%C3%BC.git"),
        ("/srv/bots.git", "file:///srv/bots.git"), ("https://git.example/b", "https://git.example/b"),
    ])
    func eventsComeFromTheRepositoryWithoutItsUser(source: String, origin: String) throws {
        #expect(try sink(source, "name: a, kind: cdevents, url: https://a.example").origin == origin)
    }

    @Test(arguments: [
        ("kind: slack", "missing field `notifications[0].url`: `kind: slack` needs it"),
        ("kind: cdevents", "missing field `notifications[0].url`"),
        ("kind: pagerduty", "missing field `notifications[0].token`: `kind: pagerduty` needs it"),
        ("kind: github-status, repository: a/b", "missing field `notifications[0].token`"),
        ("kind: github-status, token: hunter2", "a secret is never a value in this file"),
        ("kind: github-status, token: {file: x}", "the repository is at `git.example`, so give the base of the API"),
        ("kind: github-status, url: https://a.example, token: {file: x}", "`source.url` does not say it"),
        ("kind: github-status, url: https://a.example, repository: bots, token: {file: x}", "expected `OWNER/NAME`"),
        ("kind: github-status, repository: a/../b, token: {file: x}", "expected `OWNER/NAME`"),
        ("kind: github-status, repository: 'a/b?x', token: {file: x}", "expected `OWNER/NAME`"),
        ("kind: gitlab-status, url: https://a.example, repository: bots, token: {file: x}", "the project's number"),
        ("kind: gitlab-status, url: https://a.example, repository: a/.., token: {file: x}", "the project's number"),
        ("kind: gitea-status, repository: a/b, token: {file: x}", "so give the base of the API"),
        ("kind: gitlab-pipeline, repository: a/b, token: {file: x}, ref: 'a b'", "`ref`: git allows no reference"),
        ("kind: gitlab-status, repository: a/b, token: {file: x}, ref: main", "`notifications[0].ref` has no meaning"),
        ("kind: github-status, repository: a/b, token: {file: x}, url: 'https://a.example?x'", "without `?`"),
        ("kind: github-status, repository: a/b, token: {file: x}, url: https://10.0.0.1/api", "allowPrivate: true"),
        ("kind: pagerduty, token: {file: x}, url: http://a.example", "http is used on loopback only"),
        ("kind: slack, url: https://a.example, secret: {file: x}", "`notifications[0].secret` has no meaning"),
        ("kind: cdevents, url: https://a.example, version: 0.6", "expected `0.5` or `0.4`"),
        ("kind: cdevents, url: https://a.example, mode: batched", "expected `structured` or `binary`"),
        ("kind: githubstatus, token: {file: x}", "did you mean `github-status`?"),
        ("kind: pagerduty, token: {file: x}, tokens: [{file: y}]", "only one of `token` or `tokens`"),
    ])
    func refuses(fields: String, reason: String) {
        let found = configurationProblems(text("https://git.example/bots.git", "name: a, \(fields)"))
        #expect(found.contains { $0.contains(reason) }, "\(found)")
        // With a place, and without what was written out by mistake.
        #expect(found.allSatisfy { $0.hasPrefix("4:") } && !found.contains { $0.contains("hunter2") })
    }

    @Test func aSecretThatCannotBeReadIsToldWithItsPlace() throws {
        let given = text("https://git.example/b", "name: duty, kind: pagerduty, token: {file: /no/where}")
        let configuration = try load(given).get()
        let found = ConfigurationLoader.secretProblems(
            configuration, path: "/etc/ballast/ballast.yaml", bytes: Array(given.utf8), reader: NoSecrets())
        #expect(found.contains { $0.message.hasPrefix("`notifications.duty.token`") && $0.line == 4 })
    }

    @Test func variablesThatTellAJobOfAnEventOverrideNothing() throws {
        let found = configurationProblems(smallConfiguration, ["BALLAST_EVENT_TYPE": "drift.detected"])
        #expect(found.isEmpty)
        #expect(!configurationProblems(smallConfiguration, ["BALLAST_EVENTS": "x"]).isEmpty)
    }
}

private struct NoSecrets: Secrets {
    func read(_ reference: SecretReference) throws(SecretProblem) -> Secret {
        throw SecretProblem(.absent, "it is not there")
    }
}
