import Documents
import Domain
import Testing

struct ConfigurationLoaderTests {
    @Test func readsEveryField() throws {
        let configuration = try load(fullConfiguration).get()
        let source = configuration.source
        #expect(source.url == "ssh://git@git.example/bots.git")
        #expect((source.branch, source.path, source.caFile) == ("release/1", "bots", "/etc/ballast/ca.pem"))
        #expect((source.interval, source.timeout, source.transferTimeout) == (.minutes(2), .seconds(10), .hours(1)))
        #expect(source.auth == .ssh(keyFile: "/run/keys/id_ed25519", knownHostsFile: "/etc/ballast/keys/known_hosts"))
        #expect((source.trust.signatures, source.trust.rewrites) == (.require, .accept))
        #expect(source.trust.allowedSigners == "/etc/ballast/allowed_signers")
        #expect(source.signingKey == .file(path: "/etc/ballast/signing"))
        let platform = configuration.platforms[0]
        #expect(platform.credential == .apiKey([.environment(name: "BALLAST_API_KEY")]))
        #expect(
            (platform.timeout, platform.rateLimit.requests, platform.rateLimit.per) == (.seconds(5), 10, .seconds(1)))
        #expect(platform.maxConcurrentRequests == 4)
        let oauth2 = PlatformSettings.Credential.oauth2(
            tokenURL: "https://id.example/token", clientId: "me", clientSecret: [.file(path: "/etc/ballast/secret")],
            scopes: ["a", "b"])
        #expect(configuration.platforms[1].credential == oauth2)
        let policy = configuration.policy
        #expect(
            (policy.defaults.cooldown, policy.defaults.onFailure, policy.defaults.mode) == (.minutes(1), .hold, .alert))
        #expect(policy.defaults.windows == [])
        #expect(policy.windows.first?.duration == .hours(63))
        #expect(
            (policy.require.verify, policy.require.requirePublished, policy.require.requireEnvironmentMatch) == (
                true, true, false
            ))
        #expect(policy.require.maxActiveSessionsAtMost == 10)
        #expect(policy.allow?.first?.bots == ["bot_1*"])
        let reconcile = configuration.reconcile
        #expect((reconcile.mode, reconcile.interval, reconcile.maxConcurrentRollouts) == (.alert, .minutes(6), 2))
        #expect((reconcile.maxBotsPerCommit, reconcile.driftThreshold, reconcile.repeatInterval) == (3, 4, .hours(5)))
        #expect(
            (reconcile.haltFailures, reconcile.haltWithin, reconcile.rolloutTimeout) == (6, .minutes(7), .minutes(8)))
        #expect((reconcile.verifyTimeout, reconcile.contest) == (.minutes(9), .minutes(10)))
        let sink = configuration.notifications[0]
        #expect(sink.url == .literal("https://hooks.example.com/ci-cd?x=1"))
        #expect(sink.secrets == [.file(path: "/etc/ballast/a"), .environment(name: "HOOK")])
        #expect(
            (sink.events, sink.labels, sink.minSeverity, sink.allowPrivate) == (
                ["rollout.*", "drift.*"], ["team": "orders"], .error, true
            ))
        #expect(configuration.notifications[1].url == .secret(.environment(name: "SINK_URL")))
        #expect(configuration.notifications[1].secrets == [.file(path: "/s")])
        let forge = configuration.notifications[2]
        #expect((forge.kind, forge.repository, forge.ref) == (.gitlabPipeline, "team/sub/bots", "deploy"))
        #expect(forge.url == .literal("https://gitlab.example/api/v4"))
        #expect(forge.tokens == [.file(path: "/etc/ballast/new"), .file(path: "/etc/ballast/old")])
        let bus = configuration.notifications[3]
        #expect((bus.kind, bus.mode, bus.version) == (.cdevents, .binary, .v04))
        #expect(bus.origin == "ssh://git.example/bots.git" && bus.secrets == [.file(path: "/etc/ballast/s")])
        let duty = configuration.notifications[4]
        #expect(duty.url == .literal("https://events.pagerduty.com"))
        #expect(duty.tokens == [.file(path: "/etc/ballast/routing")])
        #expect(configuration.audit.file == "/etc/ballast/log/audit.jsonl")
        #expect(
            (configuration.audit.required, configuration.audit.notesRef, configuration.audit.pushNotes) == (
                true, "refs/notes/other", false
            ))
        #expect(configuration.audit.signingKey == .file(path: "/etc/ballast/audit-key"))
        #expect(configuration.audit.formerKeys == "/etc/ballast/former.pem")
        #expect(configuration.audit.rotate == AuditSettings.Rotation(size: .kibibytes(64), every: .days(1)))
        #expect(configuration.state == "/var/lib/ballast.db")
        #expect((configuration.logging.level, configuration.logging.format) == (.debug, .json))
    }

    @Test func theDefaultsAreThoseOfTheDocumentation() throws {
        let configuration = try load(smallConfiguration).get()
        #expect((configuration.source.branch, configuration.source.path) == ("main", ""))
        #expect(
            (configuration.source.interval, configuration.source.timeout, configuration.source.transferTimeout) == (
                .minutes(1), .seconds(60), .minutes(30)
            ))
        #expect(configuration.source.auth == nil)
        #expect(configuration.platforms[0].timeout == .seconds(30))
        #expect(configuration.platforms[0].rateLimit == .init(requests: 600, per: .minutes(1)))
        #expect(configuration.platforms[0].maxConcurrentRequests == 16)
        #expect(configuration.reconcile == ReconcileSettings())
        #expect(configuration.policy == Policy())
        #expect(configuration.audit == AuditSettings(file: "/etc/ballast/audit.jsonl"))
        #expect(configuration.audit.rotate.size?.text == "100 MiB" && configuration.audit.rotate.every == nil)
        #expect(configuration.state == "/etc/ballast/ballast.db")
        #expect(configuration.logging == LoggingSettings())
        #expect(configuration.notifications.isEmpty)
    }

    @Test(arguments: [
        ("https://git.example/bots.git", "https://git.example/bots.git"),
        ("ssh://git@git.example:2222/b", "ssh://git@git.example:2222/b"),
        ("git://git.example/b", "git://git.example/b"), ("file:///srv/b.git", "file:///srv/b.git"),
        ("/srv/b.git", "/srv/b.git"),
        ("b.git", "/etc/ballast/b.git"), ("./b.git", "/etc/ballast/b.git"), ("../b.git", "/etc/ballast/../b.git"),
        ("git@git.example:team/bots.git", "git@git.example:team/bots.git"), ("git.example:bots", "git.example:bots"),
        ("http://127.0.0.1:3000/b.git", "http://127.0.0.1:3000/b.git"), ("http://localhost/b", "http://localhost/b"),
        ("http://[::1]/b", "http://[::1]/b"),
    ])
    func addressesOfRepositories(url: String, expected: String) throws {
        let text = smallConfiguration.replacing("https://git.example/bots.git", with: "\"\(url)\"")
        #expect(try load(text).get().source.url == expected)
    }

    @Test(arguments: [
        ("http://git.example/b.git", "http is read on loopback only"),
        ("ftp://git.example/b", "the scheme `ftp` is not read"),
        ("https://user:pw@git.example/b", "holds a credential"), ("https://token@git.example/b", "holds a credential"),
        ("ssh://git:pw@git.example/b", "holds a credential"), ("https:///b", "names no host"),
        ("file://server/b", "three slashes"),
        ("htps://git.example/b", "did you mean `https`?"), ("http://127.0.0.1.example/b", "loopback only"),
        ("https://git.example:99999/b", "no address"),
    ])
    func refusedAddressesOfRepositories(url: String, reason: String) {
        let found = configurationProblems(
            smallConfiguration.replacing("https://git.example/bots.git", with: "\"\(url)\""))
        #expect(found.contains { $0.hasPrefix("1:15 ") && $0.contains(reason) }, "\(found)")
        #expect(!found.contains { $0.contains("pw") || $0.contains("token@") })
    }

    @Test(
        arguments: [
            ("audit: {signingKey: x}", nil, nil, "`audit.signingKey`: a secret is never a value in this file"),
            ("audit: {rotate: {size: 100MB}}", nil, nil, "`audit.rotate.size`: expected a size such as `64 KiB`"),
            ("audit: {rotate: {size: 1 KiB}}", nil, nil, "from 16 KiB to 1 TiB"),
            ("audit: {rotate: {every: 1}}", nil, nil, "has no unit"),
            ("notifications: [{name: a, kind: webhok, url: https://a.example}]", nil, nil, "did you mean `webhook`?"),
            (
                "notifications: [{name: a, kind: webhook, url: https://a.example, token: {file: x}}]", nil, nil,
                "`notifications[0].token` has no meaning for `kind: webhook`"
            ),
            (
                "notifications: [{name: a, kind: webhook, url: https://127.0.0.1/x}]", nil, nil,
                "set `allowPrivate: true`"
            ),
            (
                "notifications: [{name: a, kind: webhook, url: https://localhost/x}]", nil, nil,
                "set `allowPrivate: true`"
            ),
            (
                "notifications: [{name: a, kind: webhook, url: 'https://[::ffff:169.254.169.254]/x'}]", nil, nil,
                "set `allowPrivate: true`"
            ),
            (
                "notifications: [{name: a, kind: webhook, url: 'https://[fd00::1]/x'}]", nil, nil,
                "set `allowPrivate: true`"
            ),
            (
                "notifications: [{name: a, kind: webhook, url: https://10.1.2.3/x}]", nil, nil,
                "set `allowPrivate: true`"
            ),
            ("notifications: [{name: a, kind: webhook, url: https://2130706433/x}]", nil, nil, "a number in disguise"),
            ("notifications: [{name: a, kind: webhook, url: https://0x7f.1/x}]", nil, nil, "a number in disguise"),
            (
                "notifications: [{name: a, kind: webhook, url: http://a.example/x}]", nil, nil,
                "http is used on loopback only"
            ),
            ("notifications: [{name: a, kind: webhook, url: a.example}]", nil, nil, "`url` is no address"),
            ("notifications: [{name: a, kind: webhook, url: https://u:pw@a.example}]", nil, nil, "holds a credential"),
            (
                "notifications: [{name: a, kind: webhook, url: https://a.example, secret: hunter2}]", nil, nil,
                "a secret is never a value in this file"
            ),
            (
                "notifications: [{name: a, kind: webhook, url: https://a.example, secret: {value: hunter2}}]", nil, nil,
                "expected `file` or `env` alone"
            ),
            (
                "notifications: [{name: a, kind: webhook, url: https://a.example, secret: {file: a, env: B}}]", nil,
                nil, "expected either `file` or `env`"
            ),
            (
                "notifications: [{name: a, kind: webhook, url: https://a.example, secrets: [{file: a}, {file: b}, {file: c}]}]",
                nil, nil, "at most 2"
            ),
            (
                "notifications: [{name: a, kind: webhook, url: https://a.example, secrets: [{file: a}], secret: {file: b}}]",
                nil, nil, "only one of"
            ),
            (
                "notifications: [{name: a, kind: webhook, url: https://a.example}, {name: a, kind: webhook, url: https://b.example}]",
                nil, nil, "two of the name `a`"
            ),
            ("reconcile: {interval: 0s}", nil, nil, "from 1s to 7d"),
            ("reconcile: {interval: 1ns}", nil, nil, "found `1ns`"),
            ("reconcile: {interval: 999999999999h}", nil, nil, "from 1s to 7d"),
            ("reconcile: {intervall: 1m}", nil, nil, "did you mean `interval`?"),
            ("reconcile: {maxConcurrentRollouts: 0}", nil, nil, "from 1 to 1024"),
            ("reconcile: {maxBotsPerCommit: 1.5}", nil, nil, "a whole number"),
            (
                "reconcile: {haltAfterFailures: {failures: 3}}", nil, nil,
                "missing field `reconcile.haltAfterFailures.within`"
            ),
            ("policy: {windows: [{kind: deny, schedule: x, duration: 1h}]}", nil, nil, "five fields"),
            ("policy: {allow: [{bots: [a]}]}", nil, nil, "missing field `policy.allow[0].path`"),
            ("policy: {defaults: {version: v1}}", nil, nil, "unknown field `version` in `policy.defaults`"),
            ("logging: {level: loud}", nil, nil, "`trace` or `debug`"),
            ("state: [a]", nil, nil, "expected a text, found a list"),
            ("stat: x", nil, nil, "unknown field `stat` in the configuration; did you mean `state`?"),
        ] as [(String, String?, String?, String)])
    func refuses(line: String, instead: String?, place: String?, reason: String) {
        let found = configurationProblems(smallConfiguration + (instead ?? line) + "\n")
        #expect(found.contains { $0.contains(reason) }, "\(found)")
        #expect(found.allSatisfy { !$0.hasPrefix("0:") })
        #expect(!found.contains { $0.contains("hunter2") || $0.contains("u:pw") })
    }

    @Test(arguments: [
        ("source: {url: a, branch: 'a b'}", "git allows no reference"),
        ("source: {url: a, branch: -x}", "can't begin with `-`"),
        ("source: {url: a, branch: a..b}", "git allows no reference"),
        ("source: {url: a, path: ../x}", "must not contain `..`"),
        ("source: {url: a, path: .hidden}", "begin with a dot"),
        ("source: {url: a, trust: {signatures: require}}", "no commit could ever count"),
        ("source: {url: a, auth: {}}", "expected `ssh` or `token`"),
        ("source: {url: a, auth: {token: {env: A}, ssh: {keyFile: a, knownHostsFile: b}}}", "only one of"),
        ("source: {url: a, auth: {ssh: {keyFile: a, knownHostsFile: b}, username: x}}", "only one of"),
        ("source: {}", "missing field `source.url`"),
        ("{}", "expected a group of fields"), ("sourc: {url: a}", "did you mean `source`?"),
    ])
    func refusesSources(line: String, reason: String) {
        let text = smallConfiguration.replacing(
            "source: {url: https://git.example/bots.git}", with: line == "{}" ? "source: []" : line)
        let found = configurationProblems(text)
        #expect(found.contains { $0.contains(reason) }, "\(found)")
    }

    @Test(arguments: [
        ("apiKey: {env: KEY}", "expected `apiKey` or `apiKeys` or `oauth2`"),
        ("kind: cognigy", "this release does not have `cognigy`; it has `v1`"),
        ("apiKey: secret-value", "a secret is never a value"),
        ("url: http://tenant.example", "http is used on loopback only"),
        ("url: 'https://tenant.example?x'", "without `?`"), ("rateLimit: {requests: 0, per: 1m}", "from 1 to"),
        ("timeout: 0s", "from 100ms to"),
        ("caFle: x", "did you mean `caFile`?"),
    ])
    func refusesPlatforms(field: String, reason: String) {
        var fields = ["name": "name: default", "url": "url: https://tenant.example", "apiKey": "apiKey: {env: KEY}"]
        let name = String(field.prefix { $0 != ":" })
        fields[name] = reason.hasPrefix("expected `apiKey`") ? nil : field
        let found = configurationProblems(
            "source: {url: a}\nplatforms: [{\(fields.values.sorted().joined(separator: ", "))}]\n")
        #expect(found.contains { $0.contains(reason) }, "\(found)")
        #expect(!found.contains { $0.contains("secret-value") })
    }

    @Test func whatIsMissingIsSaid() {
        #expect(
            configurationProblems("") == [
                "1:1 missing field `source`: expected a group of fields",
                "1:1 missing field `platforms`: expected a list",
            ])
        #expect(
            configurationProblems("source: {url: a}\nplatforms: []").first?.contains("needs at least one item") == true)
        #expect(
            configurationProblems(smallConfiguration + "---\na: 1\n").first?.hasPrefix(
                "4:1 a configuration is one document") == true)
        #expect(configurationProblems(smallConfiguration + "x: &a 1").first?.contains("anchors") == true)
    }
}
